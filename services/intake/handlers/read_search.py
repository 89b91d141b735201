"""Read what somebody typed to find a report: a code, a phone number or a name, and a place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from services.intake.rules.search import (
    LONGEST,
    MOST_SYLLABLES,
    SHORTEST_NAME,
    By,
    Refusal,
    UnsearchableError,
    code_of,
    is_number,
)
from shared import phones, places
from shared.places import Resolved, Unit, fold

MOST_UNITS = 20
"""Communes searched for one text."""


@dataclass(frozen=True)
class Wanted:
    """What to look for; what is given must all fit. `name`: folded syllables; `phone` in E.164; `units`: communes."""

    code: str | None = None
    phone: str | None = None
    name: tuple[str, ...] = ()
    units: tuple[Unit, ...] = field(default=())

    @property
    def kinds(self) -> tuple[By, ...]:
        """By what is searched."""
        given = {By.CODE: self.code, By.PHONE: self.phone, By.NAME: self.name, By.PLACE: self.units}
        return tuple(kind for kind, value in given.items() if value)

    @property
    def canonical(self) -> str:
        """One text for one search, however it was typed."""
        codes = ",".join(str(code) for code in sorted(unit.code for unit in self.units))
        return "\0".join((self.code or "", self.phone or "", " ".join(self.name), codes))


def read_search(text: str, place: str = "") -> Wanted:
    """Return what is wanted, or raise `UnsearchableError` saying what to type instead."""
    text, place = (unicodedata.normalize("NFC", typed.strip()) for typed in (text, place))
    if not text and not place:
        raise UnsearchableError(Refusal.EMPTY)
    if max(len(text), len(place)) > LONGEST:
        raise UnsearchableError(Refusal.TOO_LONG)
    units = _units(place) if place else ()
    if not text:
        return Wanted(units=units)
    if code := code_of(text):
        return Wanted(code=code, units=units)
    if is_number(text):
        return Wanted(phone=_phone(text), units=units)
    return Wanted(name=_name(text), units=units)


def _phone(text: str) -> str:
    number = phones.normalise(text)
    if number is None:
        raise UnsearchableError(Refusal.NO_PHONE)
    return number


def _name(text: str) -> tuple[str, ...]:
    syllables = tuple(fold(text).split())
    if sum(map(len, syllables)) < SHORTEST_NAME:
        raise UnsearchableError(Refusal.NAME_TOO_SHORT)
    if len(syllables) > MOST_SYLLABLES:
        raise UnsearchableError(Refusal.TOO_LONG)
    return syllables


def _units(text: str) -> tuple[Unit, ...]:
    match places.resolve(text):
        case Resolved(code) if (unit := places.by_code(code)) is not None:
            return (unit,)
        case _:
            found = places.search(text, MOST_UNITS + 1)
    if not found:
        raise UnsearchableError(Refusal.PLACE_UNKNOWN)
    if len(found) > MOST_UNITS:
        raise UnsearchableError(Refusal.PLACE_TOO_WIDE)
    return found
