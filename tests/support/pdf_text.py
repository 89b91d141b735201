"""The text of a PDF as its own fonts say that signs read: enough of the format for files that fpdf2 writes."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/F(\d+) [\d.]+ Tf|\((?:\\.|[^\\()])*\)|T\*|(?<=\s)(?:Td|Tm)(?=\s)", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(file: bytes) -> list[str]:
    """Return the text of each page, a space between what is placed anew."""
    objects = {int(number): body for number, body in _OBJECT.findall(file)}
    fonts = _fonts(objects)
    wanted = [
        int(found[1])
        for body in objects.values()
        if re.search(rb"/Type /Page\b", body) and (found := re.search(rb"/Contents (\d+)", body))
    ]
    return [_text(_stream(objects[number]), fonts) for number in wanted]


def _fonts(objects: dict[int, bytes]) -> dict[bytes, dict[bytes, str]]:
    named = next(found for body in objects.values() for found in re.findall(rb"/Font <<(.*?)>>", body, re.DOTALL))
    maps: dict[bytes, dict[bytes, str]] = {}
    for name, number in re.findall(rb"/F(\d+) (\d+) 0 R", named):
        to_unicode = re.search(rb"/ToUnicode (\d+)", objects[int(number)])
        assert to_unicode
        maps[name] = _characters(_stream(objects[int(to_unicode[1])]))
    return maps


def _characters(table: bytes) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[bytes.fromhex(code.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _text(content: bytes, fonts: dict[bytes, dict[bytes, str]]) -> str:
    read, font = [], b""
    for found in _SHOWN.finditer(content):
        if found[1]:
            font = found[1]
        elif found[0].startswith(b"("):
            raw = _ESCAPED.sub(lambda one: _ESCAPES.get(one[1], one[1]), found[0][1:-1])
            read += [fonts[font].get(raw[at : at + 2], "\N{REPLACEMENT CHARACTER}") for at in range(0, len(raw), 2)]
        else:
            read.append(" ")
    return " ".join("".join(read).split())
