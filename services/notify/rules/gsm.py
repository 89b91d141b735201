"""Text as the bytes of an SMS over SMPP: the default alphabet of GSM 03.38, one septet a byte, or UCS-2."""

from __future__ import annotations

ESCAPE = 0x1B
GSM, ASCII, LATIN_1, UCS_2 = 0, 1, 3, 8
"""Values of `data_coding` (SMPP 3.4, 5.2.19)."""

_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_CODES = {
    **{character: bytes([number]) for number, character in enumerate(_ALPHABET) if number != ESCAPE},
    **{character: bytes([ESCAPE, number]) for number, character in _EXTENSION.items()},
}


def encode(text: str) -> tuple[int, bytes]:
    """Return `data_coding` and the bytes: GSM where every character is in it, otherwise UCS-2 (UTF-16, big end first)."""
    if all(character in _CODES for character in text):
        return GSM, b"".join(_CODES[character] for character in text)
    return UCS_2, text.encode("utf-16-be")


def decode(data_coding: int, data: bytes) -> str:
    """Return the text of bytes that came in; what cannot be read becomes a mark, never an error."""
    match data_coding:
        case 8:
            return data.decode("utf-16-be", "replace")
        case 1:
            return data.decode("ascii", "replace")
        case 3:
            return data.decode("latin-1")
        case _:
            return _from_gsm(data)


def _from_gsm(data: bytes) -> str:
    text, escaped = "", False
    for number in data:
        if number == ESCAPE and not escaped:
            escaped = True
            continue
        plain = _ALPHABET[number] if number < len(_ALPHABET) else "\ufffd"
        text += _EXTENSION.get(number, plain) if escaped else plain
        escaped = False
    return text
