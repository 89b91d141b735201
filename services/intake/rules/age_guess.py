"""An age as somebody guesses it, in words: `khoảng 7`, `6-7 tuổi`, `8 tháng`."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MONTHS_IN_YEAR = 12

MARGIN = 1.0
"""Years that one number, as a guess, may be off either way; the younger end decides where young age counts."""

_NUMBER = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?)(?![\d.,]*\d)\s*(thang|months?|mos?\b)?")
_NO_AGE = re.compile(r"\b(lop|grade|class|sinh|born)\b")


class AgeGuess(NamedTuple):
    """An interval in years."""

    lowest: float
    highest: float


def age_guess(text: str) -> AgeGuess | None:
    """Return the interval that a guess means; null when it names no age in numbers, as a school grade does not."""
    plain = _plain(text)
    found = _NUMBER.findall(plain)
    if not found or _NO_AGE.search(plain):
        return None
    in_months = all(unit for _, unit in found[-1:]) and "tuoi" not in plain
    ages = [float(number.replace(",", ".")) / (MONTHS_IN_YEAR if unit or in_months else 1) for number, unit in found]
    if len(ages) > 1 or in_months:
        return AgeGuess(round(min(ages), 2), round(max(ages), 2))
    return AgeGuess(max(ages[0] - MARGIN, 0.0), ages[0] + MARGIN)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
