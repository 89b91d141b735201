"""Today's communes, wards and special zones: by code, by name, and in the order in which they are offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from shared.places.folding import fold
from shared.places.register import Moment, present, since_reform
from shared.places.units import BAC_NINH, TEST_UNIT, Level, Unit, without_kind

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Today:
    """Units by code (Bắc Ninh's first, then by name), by folded name with and without type, and lines to search in."""

    units: dict[int, Unit]
    provinces: dict[int, str]
    full: dict[str, tuple[Unit, ...]]
    bare: dict[str, tuple[Unit, ...]]
    lines: tuple[tuple[str, str, Unit], ...]


def today() -> Today:
    """Return today's units."""
    return _today(present())


def by_code(code: int) -> Unit | None:
    """Return the unit that bears this national code today; `TEST_UNIT` for its own."""
    return TEST_UNIT if code == TEST_UNIT.code else today().units.get(code)


def bac_ninh() -> tuple[Unit, ...]:
    """Return the 99 units of Bắc Ninh, by name."""
    return tuple(unit for unit in today().units.values() if unit.province_code == BAC_NINH)


def grouped(pairs: Iterable[tuple[str, _Item]]) -> dict[str, tuple[_Item, ...]]:
    """Return items by key, each group in the order given."""
    groups: defaultdict[str, list[_Item]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


@lru_cache(maxsize=1)
def _today(moment: Moment) -> Today:
    records = [record for record in since_reform().values() if record.holds_on(moment.day)]
    provinces = {record.code: record.name for record in records if record.level is Level.PROVINCE}
    named = [
        (fold(without_kind(Level.COMMUNE, record.name)), record) for record in records if record.level is Level.COMMUNE
    ]
    named.sort(key=lambda entry: (entry[1].province_code != BAC_NINH, entry[0], entry[1].code))
    units = [
        (bare, Unit(record.code, record.name, record.province_code, provinces[record.province_code]))
        for bare, record in named
    ]
    return Today(
        units={unit.code: unit for _bare, unit in units},
        provinces=provinces,
        full=grouped((fold(unit.name), unit) for _bare, unit in units),
        bare=grouped(units),
        lines=tuple((f" {fold(unit.name)} {fold(unit.province_name)}", bare, unit) for bare, unit in units),
    )
