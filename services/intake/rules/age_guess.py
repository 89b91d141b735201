"""An age as somebody guesses it, in words: `khoảng 7`, `6-7 tuổi`, `8 tháng`."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MONTHS_IN_YEAR = 12

_NUMBER = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?)(?![\d.,]*\d)\s*(thang|months?\b|tuoi|years?\b)?")
_NO_AGE = re.compile(r"\b(lop|grade|class|sinh|born)\b")


class AgeGuess(NamedTuple):
    """An interval in years."""

    lowest: float
    highest: float


def age_guess(text: str) -> AgeGuess | None:
    """Return the interval that a guess means; null when it names no age in numbers, as a school grade does not.

    One number may be off by one of its unit either way, so that a child who may be young counts as young.
    """
    plain = _plain(text)
    found = _NUMBER.findall(plain)
    if not found or _NO_AGE.search(plain):
        return None
    ages: list[tuple[float, float]] = []
    unit = ""
    for number, own_unit in reversed(found):
        unit = own_unit or unit  # 6-8 tháng: the first number is in months too
        parts = MONTHS_IN_YEAR if unit.startswith(("thang", "month")) else 1
        ages.append((float(number.replace(",", ".")), parts))
    if len(ages) > 1:
        years = [age / parts for age, parts in ages]
        return AgeGuess(round(min(years), 2), round(max(years), 2))
    age, in_a_year = ages[0]
    return AgeGuess(round(max(age - 1, 0) / in_a_year, 2), round((age + 1) / in_a_year, 2))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
