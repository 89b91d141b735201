"""Communes, wards and special zones of today's Việt Nam: look-up by code, search while typing, and resolving text.

Units are those of the `vietnam-provinces` data set (34 provinces since 1/7/2025). A name is resolved only when it
can mean one unit; nothing here guesses between two. `former_units.json` holds the units that Bắc Ninh and Bắc Giang
had before the reform: the successor of a former unit is the unit that bears the same name today, otherwise unknown.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeVar

from vietnam_provinces import NESTED_DIVISIONS_JSON_PATH

BAC_NINH = 24
"""The code of Bắc Ninh since 1/7/2025; before, it was Bắc Giang's."""

FORMER_UNITS_PATH = Path(__file__).with_name("former_units.json")

MERGED_PROVINCES: Mapping[str, int] = {
    "Hà Giang": 8,
    "Yên Bái": 15,
    "Bắc Kạn": 19,
    "Vĩnh Phúc": 25,
    "Hòa Bình": 25,
    "Bắc Giang": BAC_NINH,
    "Thái Bình": 33,
    "Hải Dương": 31,
    "Hà Nam": 37,
    "Nam Định": 37,
    "Quảng Bình": 44,
    "Quảng Nam": 48,
    "Kon Tum": 51,
    "Bình Định": 52,
    "Ninh Thuận": 56,
    "Phú Yên": 66,
    "Đắk Nông": 68,
    "Bình Thuận": 68,
    "Bình Phước": 75,
    "Bà Rịa - Vũng Tàu": 79,
    "Bình Dương": 79,
    "Long An": 80,
    "Tiền Giang": 82,
    "Bến Tre": 86,
    "Trà Vinh": 86,
    "Kiên Giang": 91,
    "Sóc Trăng": 92,
    "Hậu Giang": 92,
    "Bạc Liêu": 96,
}
"""Provinces that ceased on 1/7/2025 and the codes of those that took them in; people go on naming them."""

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_BETWEEN_SYLLABLES = re.compile(r"[^\w\u0300-\u036f]+")
_BETWEEN_NAMES = re.compile(r"[,;/()\n]")
_TYPES = ("phuong", "xa", "dac khu")
_SHORT_TYPES = {"p": "phuong", "x": "xa", "tt": "thi tran"}
_PROVINCE_TYPES = ("", "tinh ", "thanh pho ", "tp ")
_LONGEST_PART = 24
"""Syllables; longer is a story, not a name."""
_LEADS = frozenset({"o", "tai", "thuoc", "thon", "xom", "to", "khu", "ap", "ban", "so", "ngo", "duong"})
"""First words after which a commune may follow in one breath: *thôn Đoài xã Tam Giang*. Not *gần* or *giáp*: near is elsewhere."""


@dataclass(frozen=True)
class Unit:
    """A unit of today: `name` with its type (*Phường Võ Cường*), `province_name` as the data set writes it."""

    code: int
    name: str
    province_code: int
    province_name: str


@dataclass(frozen=True)
class Resolved:
    """The text means one unit of today."""

    code: int


@dataclass(frozen=True)
class Ambiguous:
    """The text may mean any of these units of today, or a former district or province of that name."""

    candidates: tuple[Unit, ...]


@dataclass(frozen=True)
class Unknown:
    """The text names no unit that is known."""


Resolution = Resolved | Ambiguous | Unknown


_Item = TypeVar("_Item")


class _Former(NamedTuple):
    code: int
    name: str
    successor: int | None
    elsewhere: bool


@dataclass(frozen=True)
class _Index:
    units: dict[int, Unit]
    full: dict[str, tuple[Unit, ...]]
    bare: dict[str, tuple[Unit, ...]]
    provinces: dict[str, int]
    lines: tuple[tuple[str, str, Unit], ...]
    former: dict[str, tuple[_Former, ...]]
    former_codes: dict[int, _Former]
    larger: dict[str, frozenset[int]]
    """Folded names of provinces and former districts, with the provinces of today they lie in. Without *xã* or
    *phường* such a name does not mean the commune that bears it: *Yên Phong* was a district and is a commune."""


class _Reading(NamedTuple):
    """What one part of a text names."""

    explicit: tuple[Unit, ...] = ()
    bare: tuple[Unit, ...] = ()
    former: tuple[_Former, ...] = ()
    province: int | None = None
    larger: frozenset[int] = frozenset()

    def is_larger(self, provinces: frozenset[int]) -> bool:
        """Tell whether this may name a district or a province instead of a commune."""
        return bool(self.larger & provinces) if provinces else bool(self.larger)


def fold(text: str) -> str:
    """Return text for searching: no case, marks, apostrophes or punctuation, `đ` as `d`; NFC and NFD fold alike."""
    return " ".join(_unmarked(syllable) for syllable in _syllables(text))


def by_code(code: int) -> Unit | None:
    """Return the unit that bears this national code today."""
    return _index().units.get(code)


def bac_ninh() -> tuple[Unit, ...]:
    """Return the 99 units of Bắc Ninh, by name."""
    return tuple(unit for unit in _index().units.values() if unit.province_code == BAC_NINH)


def successor(code: int) -> Unit | None:
    """Return today's unit that a code of before 1/7/2025 became, null when it is not known."""
    former = _index().former_codes.get(code)
    return None if former is None or former.successor is None else by_code(former.successor)


def search(text: str, limit: int = 20) -> tuple[Unit, ...]:
    """Find units while somebody types: words may be cut at their end, marks left out, the province added.

    Bắc Ninh's units come first, then names that begin with the text, then by name.
    """
    wanted = fold(text)
    if not wanted:
        return ()
    found = [(line, bare, unit) for line, bare, unit in _index().lines if f" {wanted}" in line]
    found.sort(
        key=lambda entry: (entry[2].province_code != BAC_NINH, not _begins(entry[0], entry[1], wanted), entry[1])
    )
    return tuple(unit for _line, _bare, unit in found[:limit])


def resolve(text: str) -> Resolution:
    """Tell which unit of today a text names.

    The text is a name, with or without its type and marks, that places within it or its province may surround:
    *thôn Đoài, xã Tam Giang, tỉnh Bắc Ninh*. Today's units of the whole country come first, then former names.
    """
    readings = [_read(part) for part in _parts(text)]
    provinces = frozenset(reading.province for reading in readings if reading.province is not None)
    explicit = _within(chain.from_iterable(reading.explicit for reading in readings), provinces)
    if any(reading.explicit for reading in readings):
        return _decide(explicit)
    former = tuple(chain.from_iterable(reading.former for reading in readings))
    if former:
        return _decide_former(former, provinces)
    bare = _within(
        chain.from_iterable(reading.bare for reading in readings if not reading.is_larger(provinces)), provinces
    )
    if bare:
        return _decide(bare)
    larger = _within(chain.from_iterable(reading.bare for reading in readings), provinces)
    return Ambiguous(larger) if larger else Unknown()


def _decide(units: tuple[Unit, ...]) -> Resolution:
    match units:
        case ():
            return Unknown()
        case (only,):
            return Resolved(only.code)
        case _:
            return Ambiguous(units)


def _decide_former(former: tuple[_Former, ...], provinces: frozenset[int]) -> Resolution:
    """Resolve a former name of Bắc Ninh; elsewhere the same name needs the province, another province refutes it."""
    if len(former) > 1 or (provinces and BAC_NINH not in provinces) or (former[0].elsewhere and not provinces):
        return Unknown()
    return Unknown() if former[0].successor is None else Resolved(former[0].successor)


def _within(units: Iterable[Unit], provinces: frozenset[int]) -> tuple[Unit, ...]:
    distinct = dict.fromkeys(units)
    return tuple(unit for unit in distinct if not provinces or unit.province_code in provinces)


def _parts(text: str) -> list[tuple[str, ...]]:
    parts = (tuple(_syllables(part)) for part in _BETWEEN_NAMES.split(unicodedata.normalize("NFC", text)))
    return [_spelt_out(part) for part in parts if part]


def _spelt_out(part: tuple[str, ...]) -> tuple[str, ...]:
    return (*_SHORT_TYPES.get(part[0], part[0]).split(), *part[1:]) if len(part) > 1 else part


def _read(part: tuple[str, ...]) -> _Reading:
    """Read a part as a name with or without its province, else as a place within a commune."""
    if len(part) > _LONGEST_PART:
        return _Reading()
    named = _name_and_province(part)
    if named == _Reading() and _unmarked(part[0]) in _LEADS:
        tails = (_name_and_province(part[cut:]) for cut in range(1, len(part)))
        return next((tail for tail in tails if tail.explicit), _Reading())
    return named


def _name_and_province(part: tuple[str, ...]) -> _Reading:
    whole = _names(part)
    if whole != _Reading():
        return whole
    for cut in range(1, len(part)):
        province = _index().provinces.get(_folded(part[cut:]))
        if province is not None and (named := _names(part[:cut])) != _Reading():
            return named._replace(province=province)
    return _Reading()


def _names(part: tuple[str, ...]) -> _Reading:
    index, key = _index(), _folded(part)
    province = index.provinces.get(key)
    return _Reading(
        explicit=_as_written(part, index.full.get(key, ())),
        bare=_as_written(part, index.bare.get(key, ()), typed=False),
        former=tuple(former for former in index.former.get(key, ()) if _agrees(part, tuple(_syllables(former.name)))),
        province=province,
        larger=index.larger.get(key, frozenset()),
    )


def _as_written(part: tuple[str, ...], units: tuple[Unit, ...], *, typed: bool = True) -> tuple[Unit, ...]:
    """Keep the units whose marks the text does not contradict; marks that fit exactly rule out the others."""
    names = {unit: tuple(_syllables(unit.name if typed else _without_type(unit.name))) for unit in units}
    exact = tuple(unit for unit, name in names.items() if _marked(part) == _marked(name))
    if exact and any(_unmarked(syllable) != syllable for syllable in part):
        return exact
    return tuple(unit for unit, name in names.items() if _agrees(part, name))


def _agrees(part: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Tell whether each syllable is written as in the name or without its marks."""
    written, named = _marked(part), _marked(name)
    return all(mine in (theirs, _unmarked(theirs)) for mine, theirs in zip(written, named, strict=True))


def _begins(line: str, bare: str, wanted: str) -> bool:
    return bare.startswith(wanted) or line.startswith(f" {wanted}")


def _syllables(text: str) -> list[str]:
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text).casefold())
    return _BETWEEN_SYLLABLES.sub(" ", unicodedata.normalize("NFC", plain)).split()


def _unmarked(syllable: str) -> str:
    decomposed = unicodedata.normalize("NFD", syllable.replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _marked(syllables: Iterable[str]) -> tuple[str, ...]:
    """Return syllables with the tone behind the letters, so that *hòa* and *hoà* are one."""
    return tuple(_tone_last(unicodedata.normalize("NFD", syllable)) for syllable in syllables)


def _tone_last(decomposed: str) -> str:
    return "".join(sorted(decomposed, key=_TONES.__contains__))


def _folded(part: tuple[str, ...]) -> str:
    return " ".join(map(_unmarked, part))


def _without_type(name: str) -> str:
    folded = fold(name)
    size = next((len(kind.split()) for kind in _TYPES if folded.startswith(f"{kind} ")), 0)
    return " ".join(name.split()[size:])


@cache
def _index() -> _Index:
    provinces = json.loads(NESTED_DIVISIONS_JSON_PATH.read_text(encoding="utf-8"))
    units = [
        Unit(ward["code"], ward["name"], province["code"], province["name"])
        for province in provinces
        for ward in province["wards"]
    ]
    units.sort(key=lambda unit: (unit.province_code != BAC_NINH, fold(_without_type(unit.name)), unit.code))
    past = json.loads(FORMER_UNITS_PATH.read_text(encoding="utf-8"))
    former = [_Former(*row) for row in past["units"]]
    named = _province_names({province["name"]: province["code"] for province in provinces})
    return _Index(
        units={unit.code: unit for unit in units},
        full=_grouped((fold(unit.name), unit) for unit in units),
        bare=_grouped((fold(_without_type(unit.name)), unit) for unit in units),
        provinces=named,
        lines=tuple(
            (f" {fold(unit.name)} {fold(unit.province_name)}", fold(_without_type(unit.name)), unit) for unit in units
        ),
        former=_grouped((fold(unit.name), unit) for unit in former),
        former_codes={unit.code: unit for unit in former},
        larger=_larger(named, past["districts"]),
    )


def _larger(provinces: Mapping[str, int], districts: Iterable[tuple[str, int]]) -> dict[str, frozenset[int]]:
    named = _grouped(chain(provinces.items(), ((fold(name), province) for name, province in districts)))
    return {name: frozenset(codes) for name, codes in named.items()}


def _province_names(today: Mapping[str, int]) -> dict[str, int]:
    """Return every way to write a province, folded, with its code: *Bắc Ninh*, *tỉnh Bắc Ninh*, *TP Huế*."""
    names = {fold(name).removeprefix("thanh pho "): code for name, code in (*today.items(), *MERGED_PROVINCES.items())}
    names["hcm"] = names["ho chi minh"]
    return {kind + name: code for name, code in names.items() for kind in _PROVINCE_TYPES}


def _grouped(pairs: Iterable[tuple[str, _Item]]) -> dict[str, tuple[_Item, ...]]:
    groups: defaultdict[str, list[_Item]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
