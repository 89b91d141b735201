"""Which commune of today a text means. Nothing here guesses between two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TypeVar

from shared.places.past import Former
from shared.places.reading import Reading, readings
from shared.places.today import today
from shared.places.units import Unit


@dataclass(frozen=True)
class Resolved:
    """The text means one unit of today."""

    code: int


@dataclass(frozen=True)
class Ambiguous:
    """The text may mean any of these units of today; `complete` unless it may also mean something else.

    Something else is a former district or a province of that name, or a former unit whose successor is not known.
    """

    candidates: tuple[Unit, ...]
    complete: bool = True


@dataclass(frozen=True)
class Unknown:
    """The text names no unit that is known."""


_Item = TypeVar("_Item")

Resolution = Resolved | Ambiguous | Unknown


@dataclass(frozen=True)
class _Scope:
    """Where the text says its commune lies: provinces of today, ceased provinces by name, former districts by code."""

    provinces: frozenset[int]
    ceased: frozenset[str]
    typed_districts: frozenset[int]
    districts: frozenset[int]
    district_provinces: frozenset[int]

    @property
    def is_named(self) -> bool:
        return bool(self.provinces or self.districts)

    def units(self, units: Iterable[Unit]) -> tuple[Unit, ...]:
        """Keep the units of today that may lie there. Districts are no more: their province tells namesakes apart."""
        within = tuple(
            unit for unit in dict.fromkeys(units) if not self.provinces or unit.province_code in self.provinces
        )
        nearer = tuple(unit for unit in within if unit.province_code in self.district_provinces)
        return nearer if nearer or (self.typed_districts and not self.provinces) else within

    def former(self, units: Iterable[Former]) -> tuple[Former, ...]:
        """Keep the former units that lay there."""
        within = tuple(
            unit
            for unit in dict.fromkeys(units)
            if (not self.provinces or unit.provinces & self.provinces)
            and (not self.ceased or unit.own_province in self.ceased)
        )
        nearer = tuple(unit for unit in within if unit.record.district_code in self.districts)
        return nearer if nearer or self.typed_districts else within

    def speaks_of_before(self, unit: Former) -> bool:
        """Tell whether the text names the unit's former district, or a province that ceased."""
        return unit.record.district_code in self.districts or unit.own_province in self.ceased


def resolve(text: str, on: date | None = None) -> Resolution:
    """Tell which unit of today a text names.

    The text is a name, with or without its type and marks, that places within it, its district or its province may
    surround: *thôn Đoài, xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh*. Today's units of the whole country come first,
    then former names. A former district, a province that ceased, or `on`, a day when the units were others, have former
    names count as well; where these and today's mean different units the text stays ambiguous.
    """
    parts = readings(text)
    scope = _scope(parts)
    typed, former = _all(part.typed for part in parts), _all(part.former for part in parts)
    if typed or former:
        return _settle(typed, former, scope, on)
    names = [part for part in parts if not part.is_larger(scope.provinces)]
    bare, bare_former = _all(part.bare for part in names), _all(part.bare_former for part in names)
    if not scope.is_named:
        bare_former = [unit for unit in bare_former if on is not None and unit.record.holds_on(on)]
    answer = _settle(bare, bare_former, scope, on)
    if not bare and not bare_former:
        larger = scope.units(_all(part.bare for part in parts))
        return Ambiguous(larger, complete=False) if larger else answer
    return answer


def candidates(text: str, on: date | None = None) -> tuple[Unit, ...]:
    """Return the units of today that a text may mean, for a person to choose from."""
    match resolve(text, on):
        case Resolved(code):
            return (today().units[code],)
        case Ambiguous(units):
            return units
        case Unknown():
            return ()


def _settle(now: Iterable[Unit], before: Iterable[Former], scope: _Scope, on: date | None) -> Resolution:
    units, former = scope.units(now), scope.former(before)
    of_before = [
        unit for unit in former if scope.speaks_of_before(unit) or (on is not None and unit.record.holds_on(on))
    ]
    meant: set[int | None] = {unit.code for unit in units}
    for unit in of_before or (() if units else former):
        meant |= unit.heirs
    return _decide(meant)


def _decide(codes: set[int | None]) -> Resolution:
    units = today().units
    known = codes & units.keys()
    match list(codes):
        case [int() as only] if known:
            return Resolved(only)
        case _ if known:
            return Ambiguous(tuple(units[code] for code in units if code in known), complete=len(known) == len(codes))
        case _:
            return Unknown()


def _scope(parts: list[Reading]) -> _Scope:
    """Put together where the parts say the commune lies; a district of another province than the one named is dropped."""
    named = [province for part in parts for province in part.provinces]
    provinces = frozenset(chain.from_iterable(province.provinces for province in named))
    typed = [unit for unit in _all(part.districts for part in parts) if _is_within(unit, provinces)]
    bare = [unit for unit in _all(part.bare_districts for part in parts) if _is_within(unit, provinces)]
    districts = typed or bare
    return _Scope(
        provinces=provinces,
        ceased=frozenset(province.ceased for province in named if province.ceased is not None),
        typed_districts=frozenset(unit.record.code for unit in typed),
        districts=frozenset(unit.record.code for unit in districts),
        district_provinces=frozenset(chain.from_iterable(unit.provinces for unit in districts)),
    )


def _is_within(district: Former, provinces: frozenset[int]) -> bool:
    return not provinces or bool(district.provinces & provinces)


def _all(groups: Iterable[tuple[_Item, ...]]) -> list[_Item]:
    return list(chain.from_iterable(groups))
