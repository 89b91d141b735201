"""Every unit that is known, with its days: the data sets', and what `heedline places import` has changed.

A process starts with the data sets alone; `use` gives it the imported changes and the clock. What is derived from them is
built when first asked for, and again when an import or a new day changes it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.clock import VIETNAM
from shared.places.data import units_before_reform, units_since_reform
from shared.places.units import REFORM, Level, Record

Heirs = frozenset[int | None]
"""Codes of the units of today that took a unit in; null among them stands for one that is not known."""

Key = tuple[Level, int, date]
"""Level, code and first day."""

UNKNOWN_HEIR: Heirs = frozenset({None})


@dataclass(frozen=True)
class Moment:
    """What derived tables depend on: how often changes were taken over, and the first day of the present validity."""

    revision: int
    day: date


def _calendar_day() -> date:
    return datetime.now(UTC).astimezone(VIETNAM).date()


class _Known:
    """The changes in use, and the days on which they change something."""

    changes: tuple[Record, ...] = ()
    revision = 0
    today: Callable[[], date] = staticmethod(_calendar_day)
    boundaries: tuple[date, ...] = (REFORM,)


def use(changes: Iterable[Record], today: Callable[[], date] = _calendar_day) -> None:
    """Take over imported changes, which replace the data sets' records of the same code and first day."""
    _Known.changes = tuple(changes)
    _Known.today = staticmethod(today)
    ends = {change.valid_to + timedelta(days=1) for change in _Known.changes if change.valid_to is not None}
    starts = {change.valid_from for change in _Known.changes}
    _Known.boundaries = (REFORM, *sorted(day for day in ends | starts if day > REFORM))
    _Known.revision += 1


def present() -> Moment:
    """Return what today's tables are built for."""
    at = bisect_right(_Known.boundaries, _Known.today()) - 1
    return Moment(_Known.revision, _Known.boundaries[max(at, 0)])


def since_reform() -> dict[Key, Record]:
    """Return the records from 1/7/2025 on, changes included."""
    return _changed(units_since_reform(), (change for change in _Known.changes if change.valid_from >= REFORM))


def before_reform() -> dict[Key, Record]:
    """Return the records of before 1/7/2025, with the successors that an import named."""
    return _changed(units_before_reform(), (change for change in _Known.changes if change.valid_from < REFORM))


def records_with(changes: Iterable[Record]) -> dict[Key, Record]:
    """Return every record of the data sets, changed by these."""
    return _changed((*units_before_reform(), *units_since_reform()), changes)


def _changed(records: Iterable[Record], changes: Iterable[Record]) -> dict[Key, Record]:
    return {record.key: record for record in (*records, *changes)}


def by_code(records: Iterable[Record]) -> dict[tuple[Level, int], tuple[Record, ...]]:
    """Return records by level and code, first to last."""
    found: defaultdict[tuple[Level, int], list[Record]] = defaultdict(list)
    for record in records:
        found[record.level, record.code].append(record)
    return {key: tuple(sorted(those, key=lambda record: record.valid_from)) for key, those in found.items()}


def heirs(record: Record, later: Mapping[tuple[Level, int], tuple[Record, ...]], day: date) -> Heirs:
    """Return the units of `day` that an ended unit became; `later` holds the records since the reform."""
    if record.valid_to is None or not record.successors:
        return UNKNOWN_HEIR
    following = record.valid_to + timedelta(days=1)
    found: set[int | None] = set()
    for code in record.successors:
        taker = next((other for other in later.get((record.level, code), ()) if other.holds_on(following)), None)
        if taker is None:
            found.add(None)
        else:
            found |= {code} if taker.holds_on(day) else heirs(taker, later, day)
    return frozenset(found)
