"""What an administrative unit is: today's unit, and a record of what a code meant from one day to another."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

BAC_NINH: Final = 24
"""The code of Bắc Ninh since 1/7/2025; before, it was Bắc Giang's."""

REFORM: Final = date(2025, 7, 1)
"""The day from which 34 provinces and their communes exist and districts do not (Resolutions 202 and 203/2025/QH15)."""

LAST_BEFORE_REFORM: Final = REFORM - timedelta(days=1)

BEGINNING: Final = date.min
"""Stands for a first day that no data set tells."""


_CITY: Final = "thành phố"


class Level(StrEnum):
    """Codes are counted within a level: 24 is a province, a commune of that number would be another unit."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Kind(StrEnum):
    """What a unit is called before its name."""

    PROVINCE = "tỉnh"
    CENTRAL_CITY = "thành phố trực thuộc trung ương"
    QUARTER = "quận"
    DISTRICT = "huyện"
    TOWN = "thị xã"
    CITY = _CITY
    COMMUNE = "xã"
    WARD = "phường"
    TOWNSHIP = "thị trấn"
    SPECIAL_ZONE = "đặc khu"

    @property
    def level(self) -> Level:
        """The level that units of this kind belong to."""
        return _LEVELS[self]

    @property
    def written(self) -> str:
        """The word before the name."""
        return _CITY if self is Kind.CENTRAL_CITY else self.value


_LEVELS = {
    Kind.PROVINCE: Level.PROVINCE,
    Kind.CENTRAL_CITY: Level.PROVINCE,
    Kind.QUARTER: Level.DISTRICT,
    Kind.DISTRICT: Level.DISTRICT,
    Kind.TOWN: Level.DISTRICT,
    Kind.CITY: Level.DISTRICT,
    Kind.COMMUNE: Level.COMMUNE,
    Kind.WARD: Level.COMMUNE,
    Kind.TOWNSHIP: Level.COMMUNE,
    Kind.SPECIAL_ZONE: Level.COMMUNE,
}

_WRITTEN = {
    level: {kind.written: kind for kind in Kind if kind.level is level}
    for level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
}


@dataclass(frozen=True)
class Unit:
    """A unit of today: `name` with its type (*Phường Võ Cường*), `province_name` as the data set writes it."""

    code: int
    name: str
    province_code: int
    province_name: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a code meant from `valid_from` to `valid_to` (last day, null while in force).

    `name` has its type, but for *tỉnh*; `province_code` is the code of that time. `successors` are the units that
    took this one in on the day after `valid_to`, none when that is not known.
    """

    code: int
    name: str
    kind: Kind
    province_code: int
    valid_from: date
    valid_to: date | None = None
    successors: tuple[int, ...] = ()
    district_code: int | None = None

    @property
    def level(self) -> Level:
        """The level within which `code` counts."""
        return self.kind.level

    @property
    def key(self) -> tuple[Level, int, date]:
        """What tells this record from all others."""
        return self.level, self.code, self.valid_from

    def holds_on(self, day: date) -> bool:
        """Tell whether the code had this meaning on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


TEST_UNIT: Final = Unit(99_999, "Đơn vị thử của hệ thống", BAC_NINH, "Bắc Ninh")
"""Where reports of the watch happen: no unit of the country has this code, and no list or search offers it."""


def kind_of(level: Level, name: str) -> Kind | None:
    """Return the kind that a name begins with, null when it begins with none; a province needs none.

    The marks count: *Phương Liễu* does not begin with *phường*.
    """
    found = next((kind for word, kind in _WRITTEN[level].items() if _begins_with(name, word)), None)
    return Kind.PROVINCE if found is None and level is Level.PROVINCE else found


def without_kind(level: Level, name: str) -> str:
    """Return a name without the words of its kind."""
    size = next((len(word.split()) for word in _WRITTEN[level] if _begins_with(name, word)), 0)
    return " ".join(name.split()[size:])


def _begins_with(name: str, word: str) -> bool:
    return unicodedata.normalize("NFC", name).casefold().startswith(f"{word} ")
