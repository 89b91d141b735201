"""Small files of every kind that may be attached, made here, and some that pretend."""

from __future__ import annotations

import io
import struct

from PIL import Image

CANARY = "Canary Quàng Thị Xuân"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(written, kind)
    return written.getvalue()


def picture_with_exif() -> bytes:
    """A JPEG lying on its side, with where, by whom and with what comment it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x013B] = CANARY
    exif[0x010E] = CANARY
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 11.0, 7.5), 3: "E", 4: (106.0, 4.0, 30.25)})
    written = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(written, "JPEG", exif=exif, comment=CANARY.encode())
    return written.getvalue()


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def mp4(handler: bytes = b"soun", brand: bytes = b"M4A ") -> bytes:
    track = box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8 + handler + b"\0" * 13)))
    return box(b"ftyp", brand + b"\0\0\0\0isom") + box(b"moov", track) + box(b"mdat", b"\1" * 64)


def mp3() -> bytes:
    frame = b"\xff\xfb\x90\x00" + b"\0" * 413
    return b"ID3\x04\0\0\0\0\0\x05title" + frame * 3


OGG = b"OggS\0\2" + b"\0" * 20 + b"\1\x13OpusHead\1\2" + b"\0" * 40
WAV = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\x08\0\0\0" + b"\1" * 8
AMR = b"#!AMR\n" + b"\x3c" + b"\1" * 31
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\0" * 20 + b"A_OPUS" + b"\0" * 20
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
PDF_WITH_HTML = PDF.replace(b"trailer", b"% <html><script>alert(1)</script></html>\ntrailer")
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"mdat", b"\1" * 64)
