"""Units that are no more, by the names people still use, with the units of today that they became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from shared.places.folding import fold
from shared.places.register import Heirs, Moment, before_reform, by_code, heirs, present, since_reform
from shared.places.today import by_code as unit_of_today
from shared.places.today import grouped, today
from shared.places.units import Kind, Level, Record, Unit, without_kind

_ALIASES: Final = {
    "hcm": "ho chi minh",
    "thua thien hue": "hue",
    "dac lac": "dak lak",
    "daklak": "dak lak",
    "dac nong": "dak nong",
    "kontum": "kon tum",
}
"""Other ways to write a province, folded."""

_PROVINCE_TYPES: Final = ("", "tinh ", "thanh pho ", "tp ")
COMMUNE_TYPES: Final = tuple(fold(kind.written) for kind in Kind if kind.level is Level.COMMUNE)
DISTRICT_TYPES: Final = tuple(fold(kind.written) for kind in Kind if kind.level is Level.DISTRICT)


class Former(NamedTuple):
    """A commune or district that is no more: what it became, its provinces of today, and its own (folded, bare)."""

    record: Record
    heirs: Heirs
    provinces: frozenset[int]
    own_province: str


class ProvinceName(NamedTuple):
    """What a name of a province means: provinces of today; `ceased` is the folded name when no province bears it now."""

    provinces: frozenset[int]
    ceased: str | None


@dataclass(frozen=True)
class Past:
    """Former communes and districts by folded name with type, the last meaning of each code, names of provinces."""

    communes: dict[str, tuple[Former, ...]]
    districts: dict[str, tuple[Former, ...]]
    last: dict[int, Former]
    provinces: dict[str, ProvinceName]


def past() -> Past:
    """Return the units of before, as seen from today."""
    return _past(present())


def is_built() -> bool:
    """Tell whether anybody has asked for the units of before in this process."""
    return _past.cache_info().currsize > 0


def successor(code: int) -> Unit | None:
    """Return today's unit that a code of before became, null when it is not known or there are several."""
    former = past().last.get(code)
    if former is None or len(former.heirs) > 1:
        return None
    (heir,) = former.heirs
    return None if heir is None else unit_of_today(heir)


def last_name(code: int) -> str | None:
    """Return what a code means today, else what it meant last, with the unit's type; null for an unknown code."""
    unit = unit_of_today(code)
    if unit is not None:
        return unit.name
    former = past().last.get(code)
    return None if former is None else former.record.name


@lru_cache(maxsize=1)
def _past(moment: Moment) -> Past:
    recent = since_reform()
    ended = [record for record in recent.values() if record.valid_to is not None and record.valid_to < moment.day]
    records = [*before_reform().values(), *ended]
    later = by_code(recent.values())
    homes = _Homes([record for record in records if record.level is Level.PROVINCE], later, moment.day)
    former = [
        Former(record, heirs(record, later, moment.day), *homes.of(record))
        for record in records
        if record.level is not Level.PROVINCE
    ]
    communes = [unit for unit in former if unit.record.level is Level.COMMUNE]
    return Past(
        communes=grouped((fold(unit.record.name), unit) for unit in communes),
        districts=grouped((fold(unit.record.name), unit) for unit in former if unit.record.level is Level.DISTRICT),
        last={unit.record.code: unit for unit in sorted(communes, key=lambda unit: unit.record.valid_from)},
        provinces=_province_names(homes),
    )


class _Homes:
    """Provinces of before, and which provinces of today their land is in."""

    def __init__(
        self, ended: Iterable[Record], later: Mapping[tuple[Level, int], tuple[Record, ...]], day: date
    ) -> None:
        self.ended = [(record, _known(heirs(record, later, day))) for record in ended]
        self._by_code = grouped((str(record.code), (record, provinces)) for record, provinces in self.ended)

    def of(self, unit: Record) -> tuple[frozenset[int], str]:
        """Return the provinces of today that an ended unit's land is in, and the bare name of its own province."""
        for province, provinces in self._by_code.get(str(unit.province_code), ()):
            if unit.valid_to is not None and province.holds_on(unit.valid_to):
                return provinces, _bare_province(province.name)
        return frozenset({unit.province_code}), _bare_province(today().provinces.get(unit.province_code, ""))


def _known(codes: Heirs) -> frozenset[int]:
    return frozenset(code for code in codes if code is not None)


def _province_names(homes: _Homes) -> dict[str, ProvinceName]:
    """Return every way to write a province, folded, with its meaning: *Bắc Ninh*, *tỉnh Bắc Ninh*, *TP Huế*."""
    names = {
        _bare_province(record.name): ProvinceName(provinces, _bare_province(record.name))
        for record, provinces in homes.ended
    }
    names |= {_bare_province(name): ProvinceName(frozenset({code}), None) for code, name in today().provinces.items()}
    names |= {alias: names[name] for alias, name in _ALIASES.items() if name in names}
    return {kind + name: meaning for name, meaning in names.items() for kind in _PROVINCE_TYPES}


def _bare_province(name: str) -> str:
    return fold(without_kind(Level.PROVINCE, name))
