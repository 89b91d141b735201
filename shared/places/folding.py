"""Vietnamese names made comparable: folded without marks for searching, or with marks but one place for the tone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_VIETNAMESE_MARKS = re.compile("[\u0300-\u036f]+")
_BETWEEN_SYLLABLES = re.compile(r"[^\w\u0300-\u036f]+")


def fold(text: str) -> str:
    """Return text for searching: no case, marks, apostrophes or punctuation, `đ` as `d`; NFC and NFD fold alike."""
    return folded(syllables(text))


def syllables(text: str) -> list[str]:
    """Return the words of a text in small letters with their marks, in NFC, without apostrophes and punctuation."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text).casefold())
    return _BETWEEN_SYLLABLES.sub(" ", unicodedata.normalize("NFC", plain)).split()


def unmarked(text: str) -> str:
    """Return small letters without their marks."""
    if text.isascii():
        return text
    plain = _VIETNAMESE_MARKS.sub("", unicodedata.normalize("NFD", text.replace("đ", "d")))
    return plain if plain.isascii() else "".join(letter for letter in plain if not unicodedata.combining(letter))


def folded(words: Iterable[str]) -> str:
    """Return syllables without their marks, as one text; a mark that stands alone leaves nothing."""
    return " ".join(unmarked(" ".join(words)).split())


def marked(words: Iterable[str]) -> tuple[str, ...]:
    """Return syllables with the tone behind the letters, so that *hòa* and *hoà* are one."""
    return tuple(_tone_last(unicodedata.normalize("NFD", syllable)) for syllable in words)


def _tone_last(decomposed: str) -> str:
    return "".join(sorted(decomposed, key=_TONES.__contains__))
