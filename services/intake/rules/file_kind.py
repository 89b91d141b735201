"""What an attached file is, told by its own bytes: neither its name nor what its sender calls it counts."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum


class Kind(StrEnum):
    """What may be attached, by the media type it is served as."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    MP3 = "audio/mpeg"
    MP4 = "audio/mp4"
    OGG = "audio/ogg"
    WAV = "audio/wav"
    AMR = "audio/amr"
    WEBM = "audio/webm"
    PDF = "application/pdf"

    @property
    def picture(self) -> bool:
        """Whether it is drawn anew before it is kept."""
        return self.value.startswith("image/")


class Refusal(StrEnum):
    """Why a file is not kept."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    HEIC = "heic"
    VIDEO = "video"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    FULL = "full"


_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_OGG_AUDIO = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   ")
_AMR = (b"#!AMR\n", b"#!AMR-WB\n")
_WEBM_AUDIO, _WEBM_VIDEO = (b"A_OPUS", b"A_VORBIS"), (b"V_VP8", b"V_VP9", b"V_AV1")
_BEGINNING = 4096
"""Bytes within which a WebM names its tracks."""
_END = 2048
"""Bytes within which a PDF says that it is whole."""
_MP3_RATES = {0b11: (44_100, 48_000, 32_000), 0b10: (22_050, 24_000, 16_000), 0b00: (11_025, 12_000, 8_000)}
_MP3_BITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_BITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_FTYP = 12
"""Bytes up to the end of the major brand."""


def kind_of(data: bytes) -> Kind | Refusal:
    """Return what a whole file is, or why it cannot be kept; an image may still prove broken."""
    if not data:
        return Refusal.EMPTY
    for found in (_image(data), _boxed(data), _audio(data), _webm(data), _pdf(data)):
        if found is not None:
            return found
    return Refusal.UNKNOWN


def _image(data: bytes) -> Kind | None:
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    return Kind.WEBP if data.startswith(b"RIFF") and data[8:12] == b"WEBP" else None


def _boxed(data: bytes) -> Kind | Refusal | None:
    """Tell the files apart that begin as MP4 does: sound, film, and the pictures of newer phones."""
    if len(data) < _FTYP or data[4:8] != b"ftyp":
        return None
    if data[8:12] in _HEIC_BRANDS:
        return Refusal.HEIC
    handlers = {data[at + 8 : at + 12] for at in _box(data, (b"moov", b"trak", b"mdia", b"hdlr"))}
    if b"vide" in handlers:
        return Refusal.VIDEO
    return Kind.MP4 if b"soun" in handlers else Refusal.BROKEN


def _box(data: bytes, path: tuple[bytes, ...], start: int = 0, end: int | None = None) -> Iterator[int]:
    """Give where the content of each box at `path` begins."""
    limit = len(data) if end is None else end
    while start + 8 <= limit:
        size, name = int.from_bytes(data[start : start + 4]), data[start + 4 : start + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16]), 16
        stop = limit if size == 0 else start + size
        if stop > limit or stop < start + head:
            return
        if name == path[0]:
            yield from _box(data, path[1:], start + head, stop) if len(path) > 1 else (start + head,)
        start = stop


def _audio(data: bytes) -> Kind | Refusal | None:
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return Kind.WAV
    if data.startswith(b"OggS"):
        return Kind.OGG if any(mark in data[:128] for mark in _OGG_AUDIO) else Refusal.UNKNOWN
    if data.startswith(_AMR):
        return Kind.AMR
    return Kind.MP3 if _is_mp3(data) else None


def _is_mp3(data: bytes) -> bool:
    """Tell whether two frames follow each other, after a tag if there is one: two bytes alone prove nothing."""
    at = 0
    if data.startswith(b"ID3") and len(data) >= _FTYP:
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    first = _mp3_frame(data[at : at + 4])
    return first > 0 and _mp3_frame(data[at + first : at + first + 4]) > 0


def _mp3_frame(head: bytes) -> int:
    """Return the length in bytes of the frame of layer III that begins so, 0 when none does."""
    bits = int.from_bytes(head)
    version, layer = bits >> 19 & 0b11, bits >> 17 & 0b11
    rate, bitrate = bits >> 10 & 0b11, bits >> 12 & 0b1111
    if len(head) < 4 or bits >> 21 != 0x7FF or version == 0b01 or layer != 0b01 or rate == 0b11:  # noqa: PLR2004 - the format's own fields
        return 0
    if bitrate in {0, 0b1111}:
        return 0
    newest = version == 0b11  # noqa: PLR2004 - MPEG 1
    kilobits = (_MP3_BITS_1 if newest else _MP3_BITS_2)[bitrate]
    return (144 if newest else 72) * kilobits * 1000 // _MP3_RATES[version][rate] + (bits >> 9 & 1)


def _webm(data: bytes) -> Kind | Refusal | None:
    start = data[:_BEGINNING]
    if not data.startswith(b"\x1a\x45\xdf\xa3") or b"webm" not in start[:64]:
        return None
    if any(codec in start for codec in _WEBM_VIDEO):
        return Refusal.VIDEO
    return Kind.WEBM if any(codec in start for codec in _WEBM_AUDIO) else Refusal.UNKNOWN


def _pdf(data: bytes) -> Kind | Refusal | None:
    if not data.startswith((b"%PDF-1.", b"%PDF-2.")):
        return None
    return Kind.PDF if b"%%EOF" in data[-_END:] else Refusal.BROKEN
