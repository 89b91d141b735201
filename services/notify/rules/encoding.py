"""How an SMS is encoded and what it costs: GSM-7 and UCS-2 (3GPP TS 23.038), and Vietnamese without its marks.

All but seven of the accented letters of Vietnamese turn a message into UCS-2 with 70 characters, so texts are written
without diacritics unless somebody chooses otherwise. Nothing is ever replaced by a question mark: what GSM-7 has no
letter for is named instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of GSM 03.38 without its escape, one septet each."""

GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""The extension table of GSM 03.38: an escape and a septet, two units."""

SINGLE: Mapping[str, int] = {"GSM-7": 160, "UCS-2": 70}
"""Units of a message that is one segment."""
JOINED: Mapping[str, int] = {"GSM-7": 153, "UCS-2": 67}
"""Units of each segment of a longer one; the rest joins them."""

_LAST_UNIT_OF_UTF_16 = 0xFFFF
_WRITTEN_AS: Mapping[str, str] = {
    **dict(zip("đĐðÐłŁıħĦ", "dDdDlLihH", strict=True)),
    "œ": "oe",
    "Œ": "OE",
    "þ": "th",
    "Þ": "Th",
    "₫": "d",
    "…": "...",
    "•": "*",
    "×": "x",
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‘’‚ʼ`´", "'"),
    **dict.fromkeys("–—‐‑−", "-"),
}
"""Letters and signs that have no decomposition but are commonly written so."""


class Encoding(StrEnum):
    """How a template is to be sent."""

    GSM_7 = "gsm7"
    UCS_2 = "ucs2"


@dataclass(frozen=True)
class Segments:
    """What a text costs: its encoding, its units (septets or UTF-16 units) and the messages it is cut into."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    count: int


@dataclass(frozen=True)
class Plain:
    """A text in letters that GSM-7 has; `foreign` are the characters, each once, that have no such letter and stay."""

    text: str
    foreign: tuple[str, ...]


def segments(text: str) -> Segments:
    """Return how a text is encoded and cut: 160, then 153 septets each; or 70, then 67 UTF-16 units each.

    No character is torn between two segments. An empty text is still one message.
    """
    if GSM_ALPHABET.union(GSM_EXTENSION).issuperset(text):
        return _cost("GSM-7", [2 if character in GSM_EXTENSION else 1 for character in text])
    return _cost("UCS-2", [2 if ord(character) > _LAST_UNIT_OF_UTF_16 else 1 for character in text])


def plain(text: str) -> Plain:
    """Return a text without diacritics, in GSM-7 where it can be: `Zoë Łukasz` becomes `Zoe Lukasz`.

    Every letter loses its marks, also the few that GSM-7 has, so that a text is written in one way throughout.
    """
    written = "".join(_plain(character) for character in unicodedata.normalize("NFC", text))
    foreign = dict.fromkeys(one for one in written if one not in GSM_ALPHABET and one not in GSM_EXTENSION)
    return Plain(written, tuple(foreign))


def composed(text: str) -> str:
    """Return a text as it is sent in UCS-2: composed, since a letter and its marks would count one unit each."""
    return unicodedata.normalize("NFC", text)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if (written := _WRITTEN_AS.get(character)) is not None:
        return written
    if unicodedata.category(character) in {"Cf", "Mn"}:
        return ""
    parts = unicodedata.normalize("NFKD", character)
    bare = "".join(_WRITTEN_AS.get(part, part) for part in parts if unicodedata.category(part) != "Mn")
    return bare if bare and bare.isascii() else character


def _cost(encoding: Literal["GSM-7", "UCS-2"], widths: Sequence[int]) -> Segments:
    whole = sum(widths) <= SINGLE[encoding]
    return Segments(encoding, sum(widths), 1 if whole else _cut(widths, JOINED[encoding]))


def _cut(widths: Iterable[int], room: int) -> int:
    count, used = 1, 0
    for width in widths:
        if used + width > room:
            count, used = count + 1, 0
        used += width
    return count
