"""What the parts of a text name: a commune of today or of before, and the districts and provinces around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeVar

from shared.places.folding import folded, marked, syllables, unmarked
from shared.places.past import COMMUNE_TYPES, DISTRICT_TYPES, Former, ProvinceName, past
from shared.places.today import today
from shared.places.units import Level, Unit, without_kind

_BETWEEN_NAMES: Final = re.compile(r"[,;/()\n]")
_SHORT_TYPES: Final = {
    "p": "phuong",
    "x": "xa",
    "tt": "thi tran",
    "q": "quan",
    "h": "huyen",
    "tx": "thi xa",
    "tp": "thanh pho",
    "t": "tinh",
}
_LONGEST_PART: Final = 24
"""Syllables; longer is a story, not a name."""
_LEADS: Final = frozenset({"o", "tai", "thuoc", "thon", "xom", "to", "khu", "ap", "ban", "so", "ngo", "duong"})
"""First words after which a commune may follow in one breath: *thôn Đoài xã Tam Giang*. Not *gần* or *giáp*: near is elsewhere."""

Part = tuple[str, ...]
"""Syllables of a part of a text, with marks."""


@dataclass(frozen=True)
class Reading:
    """What one part of a text may name. `typed` and `former` are written with their type, `bare…` are not."""

    typed: tuple[Unit, ...] = ()
    former: tuple[Former, ...] = ()
    bare: tuple[Unit, ...] = ()
    bare_former: tuple[Former, ...] = ()
    districts: tuple[Former, ...] = ()
    bare_districts: tuple[Former, ...] = ()
    """Not the city that bears its province's name: *Thái Nguyên* alone is the province."""
    provinces: tuple[ProvinceName, ...] = ()

    def __or__(self, other: Reading) -> Reading:
        """Return what both name."""
        return Reading(**{name: getattr(self, name) + getattr(other, name) for name in _FIELDS})

    def is_larger(self, provinces: frozenset[int]) -> bool:
        """Tell whether this, without a type, may name a province or former district instead of a commune.

        *Yên Phong* was a district and is a commune.
        """
        named = frozenset[int]().union(
            *(province.provinces for province in self.provinces), *(unit.provinces for unit in self.bare_districts)
        )
        return bool(named & provinces) if provinces else bool(named)


_Named = TypeVar("_Named", Unit, Former)
_FIELDS: Final = tuple(Reading.__dataclass_fields__)
_NOTHING: Final = Reading()


def readings(text: str) -> list[Reading]:
    """Read each part of a text; what stands within a commune, and what names nothing, is left out."""
    parts = (tuple(syllables(part)) for part in _BETWEEN_NAMES.split(unicodedata.normalize("NFC", text)))
    return [_read(_spelt_out(part)) for part in parts if 0 < len(part) <= _LONGEST_PART]


def _spelt_out(part: Part) -> Part:
    return (*_SHORT_TYPES.get(part[0], part[0]).split(), *part[1:]) if len(part) > 1 else part


def _read(part: Part) -> Reading:
    """Read a part as a name, alone or followed by its district and province, else as a place within a commune."""
    whole = _names(part)
    if whole != _NOTHING:
        return whole
    ways = list(_surroundings(part))
    for around, rest in ways:
        name = _names(rest)
        if name != _NOTHING:
            return name | around
    if unmarked(part[0]) in _LEADS:
        for around, rest in ways:
            tails = (_names(rest[cut:]) for cut in range(1, len(rest)))
            name = next((tail for tail in tails if tail.typed or tail.former), _NOTHING)
            if name != _NOTHING:
                return name | around
    return _NOTHING


def _surroundings(part: Part) -> Iterator[tuple[Reading, Part]]:
    """Give each way to take the province, and the district before it, from a part's end, with what stands before.

    Longer ends come first; a shorter one is meant where the longer leaves no name: *xa Son Tinh Quang Ngai*.
    """
    for province, rest in (*_endings(part, _province), (_NOTHING, part)):
        for district, before in (*_endings(rest, _typed_district), (_NOTHING, rest)):
            yield province | district, before


def _endings(part: Part, read: Callable[[Part], Reading]) -> Iterator[tuple[Reading, Part]]:
    for cut in range(1, len(part)):
        found = read(part[cut:])
        if found != _NOTHING:
            yield found, part[:cut]


def _province(part: Part) -> Reading:
    meaning = past().provinces.get(folded(part))
    return _NOTHING if meaning is None else Reading(provinces=(meaning,))


def _typed_district(part: Part) -> Reading:
    return Reading(
        districts=_Spelling(part).fitting(past().districts.get(folded(part), ()), Level.DISTRICT, typed=True)
    )


def _names(part: Part) -> Reading:
    key, now, before, spelling = folded(part), today(), past(), _Spelling(part)
    typed, former = spelling.best(now.full.get(key, ()), before.communes.get(key, ()), typed=True)
    bare, bare_former = spelling.best(
        now.bare.get(key, ()), _with_any_type(key, before.communes, COMMUNE_TYPES), typed=False
    )
    provinces = _province(part).provinces
    bare_districts = () if provinces else _with_any_type(key, before.districts, DISTRICT_TYPES)
    return Reading(
        typed=typed,
        former=former,
        bare=bare,
        bare_former=bare_former,
        districts=spelling.fitting(before.districts.get(key, ()), Level.DISTRICT, typed=True),
        bare_districts=spelling.fitting(bare_districts, Level.DISTRICT, typed=False),
        provinces=provinces,
    )


def _with_any_type(key: str, named: Mapping[str, tuple[Former, ...]], types: tuple[str, ...]) -> tuple[Former, ...]:
    return tuple(chain.from_iterable(named.get(f"{kind} {key}", ()) for kind in types))


class _Spelling:
    """How a part is written, to be compared with names that fold alike."""

    def __init__(self, part: Part) -> None:
        self._marked = marked(part)
        self._plain = tuple(map(unmarked, part))
        self._has_marks = self._marked != self._plain

    def best(
        self, units: tuple[Unit, ...], former: tuple[Former, ...], *, typed: bool
    ) -> tuple[tuple[Unit, ...], tuple[Former, ...]]:
        """Keep what is written exactly so, of today or before; if nothing is, what the marks do not contradict."""
        now = self.fitting(units, Level.COMMUNE, typed=typed)
        before = self.fitting(former, Level.COMMUNE, typed=typed)
        exact = tuple(unit for unit in now if self._is_exact(unit, Level.COMMUNE, typed=typed))
        exact_before = tuple(unit for unit in before if self._is_exact(unit, Level.COMMUNE, typed=typed))
        if self._has_marks and (exact or exact_before):
            return exact, exact_before
        return now, before

    def fitting(self, units: tuple[_Named, ...], level: Level, *, typed: bool) -> tuple[_Named, ...]:
        """Keep the units whose name is written with all its marks, or with none."""
        return tuple(unit for unit in units if self._fits(unit, level, typed=typed))

    def _fits(self, unit: Unit | Former, level: Level, *, typed: bool) -> bool:
        size = len(syllables(without_kind(level, _name(unit))))
        return self._plain[-size:] == self._marked[-size:] or self._is_exact(unit, level, typed=typed)

    def _is_exact(self, unit: Unit | Former, level: Level, *, typed: bool) -> bool:
        """Tell whether the name has the part's marks; those of its type do not matter."""
        name = marked(syllables(without_kind(level, _name(unit))))
        return self._marked[-len(name) :] == name if typed else self._marked == name


def _name(unit: Unit | Former) -> str:
    return unit.name if isinstance(unit, Unit) else unit.record.name
