"""What an import would change, and what in it contradicts the units that are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from shared.places.changes import Row, RowError
from shared.places.register import Key, by_code
from shared.places.units import BEGINNING, Level, Record

ByCode = Mapping[tuple[Level, int], tuple[Record, ...]]
_DAY = timedelta(days=1)


class Change(StrEnum):
    """What a row does."""

    ADDED = "added"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    ENDED = "ended"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Planned:
    """One row: what it does, the record before (null for a new unit) and after, and what the unit becomes, in words."""

    line: int
    what: Change
    before: Record | None
    after: Record
    becomes: str = ""


@dataclass(frozen=True)
class Plan:
    """Everything that an import would do; nothing of it is done when there is an error."""

    planned: tuple[Planned, ...]
    errors: tuple[RowError, ...]

    @property
    def changed(self) -> tuple[Record, ...]:
        """The records to write."""
        return tuple(one.after for one in self.planned if one.what is not Change.UNCHANGED)

    def counts(self) -> Mapping[Change, int]:
        """Return how many rows do what."""
        return Counter(one.what for one in self.planned)


def plan(rows: Sequence[Row], wrong: Sequence[RowError], known: Mapping[Key, Record]) -> Plan:
    """Compare rows with the records that are known; `wrong` are rows that could not be read."""
    rows = [_with_district(row, known) for row in rows]
    after = {**known, **{row.record.key: row.record for row in rows}}
    codes = by_code(after.values())
    errors = [
        *wrong,
        *_repeated(rows),
        *(RowError(row.line, message) for row in rows for message in _problems(row.record, known, codes)),
        *_left_behind(rows, codes, after.values()),
    ]
    planned = tuple(_planned(row, known.get(row.record.key), codes) for row in rows)
    return Plan(planned, tuple(sorted(errors, key=lambda error: error.line)))


def _with_district(row: Row, known: Mapping[Key, Record]) -> Row:
    """Keep what the file has no column for."""
    before = known.get(row.record.key)
    return row if before is None else replace(row, record=replace(row.record, district_code=before.district_code))


def _repeated(rows: Sequence[Row]) -> Iterator[RowError]:
    first: dict[Key, int] = {}
    for row in rows:
        line = first.setdefault(row.record.key, row.line)
        if line != row.line:
            yield RowError(row.line, f"the same code and first day as line {line}: keep one of them")


def _problems(record: Record, known: Mapping[Key, Record], codes: ByCode) -> Iterator[str]:
    """Give what is wrong with a record among all others."""
    if record.valid_to is not None and record.key not in known:
        yield _no_such_unit(record, known)
    for other in codes[record.level, record.code]:
        if other is not record and other.key != record.key and _overlap(record, other):
            yield f"its days overlap those of {other.name} ({days(other)}): end that one first, or begin later"
    if record.level is Level.COMMUNE and not _covered(record, codes):
        yield f"province_code {record.province_code} is no province from {days(record)}"
    following = None if record.valid_to is None else record.valid_to + _DAY
    for code in record.successors:
        if following is not None and _at(codes, record.level, code, following) is None:
            yield f"successor {code} does not exist on {following}: add it in this file, or correct the code"


def _no_such_unit(record: Record, known: Mapping[Key, Record]) -> str:
    those = [
        other
        for level, code, _day in known
        if (level, code) == (record.level, record.code)
        for other in (known[level, code, _day],)
    ]
    if not those:
        return f"code {record.code} is unknown: a unit that ends must be one that is known"
    listed = ", ".join(f"{other.name} {days(other)}" for other in those)
    return f"no unit of code {record.code} begins on that day: it is {listed}; repeat its valid_from"


def _overlap(one: Record, other: Record) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _covered(record: Record, codes: ByCode) -> bool:
    """Tell whether the record's province exists on each of its days."""
    day = record.valid_from
    for province in codes.get((Level.PROVINCE, record.province_code), ()):
        if province.holds_on(day):
            if province.valid_to is None or (record.valid_to is not None and record.valid_to <= province.valid_to):
                return True
            day = province.valid_to + _DAY
    return False


def _left_behind(rows: Sequence[Row], codes: ByCode, records: Iterable[Record]) -> Iterator[RowError]:
    """Give the provinces that end while communes are still in them."""
    ending = {row.record.code: row for row in rows if row.record.level is Level.PROVINCE and row.record.valid_to}
    if not ending:
        return
    left = Counter(
        record.province_code
        for record in records
        if record.level is Level.COMMUNE and record.province_code in ending and not _covered(record, codes)
    )
    for code, count in left.items():
        yield RowError(ending[code].line, f"{count} communes stay in the province: end them, or move them in this file")


def _at(codes: ByCode, level: Level, code: int, day: date) -> Record | None:
    return next((record for record in codes.get((level, code), ()) if record.holds_on(day)), None)


def _planned(row: Row, before: Record | None, codes: ByCode) -> Planned:
    record = row.record
    if before == record:
        return Planned(row.line, Change.UNCHANGED, before, record)
    if before is None:
        return Planned(row.line, Change.ADDED, None, record)
    if record.valid_to is None or (before.name, before.kind) != (record.name, record.kind):
        return Planned(row.line, Change.CORRECTED, before, record)
    heirs = [_at(codes, record.level, code, record.valid_to + _DAY) for code in record.successors]
    becomes = ", ".join(f"{heir.name} ({heir.code})" for heir in heirs if heir is not None)
    return Planned(row.line, _end(record), before, record, becomes)


def _end(record: Record) -> Change:
    match record.successors:
        case ():
            return Change.ENDED
        case (only,):
            return Change.RENAMED if only == record.code else Change.MERGED
        case _:
            return Change.SPLIT


def days(record: Record) -> str:
    """Write a record's days as 01/07/2025–, 01/07/2025–30/04/2026 or –30/06/2025."""
    start = "" if record.valid_from == BEGINNING else f"{record.valid_from:%d/%m/%Y}"
    return f"{start}–{'' if record.valid_to is None else f'{record.valid_to:%d/%m/%Y}'}"
