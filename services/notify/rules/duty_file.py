"""A file of duty (CSV), a turn a row: read without knowing any team or person, and every wrong row named.

Columns in any order, separated by commas or semicolons, UTF-8: `team` (code), `position` (worker or head), `person`
(name, id or phone), `starts` and `ends` (`dd/mm/yyyy HH:MM` in Vietnam's time, or RFC 3339), `note` (may be absent).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from services.notify.rules.escalation import Position, Target

NEEDED: Final = ("team", "position", "person", "starts", "ends")
COLUMNS: Final = (*NEEDED, "note")
MOST_LINES: Final = 1000
MOST_BYTES: Final = 500_000
LONGEST_NOTE: Final = 200
YEARS: Final = range(2020, 2100)
"""Years that duty may be planned in; others are slips of the pen."""
POSITIONS: Final[Mapping[str, Position]] = {
    "worker": Position.WORKER,
    "người trực": Position.WORKER,
    "head": Position.HEAD,
    "trưởng nhóm": Position.HEAD,
}
_VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")


class Fault(StrEnum):
    """What is wrong with a file or a row of it."""

    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NOT_CSV = "not_csv"
    NO_LINES = "no_lines"
    NO_COLUMN = "no_column"
    TEAM = "team"
    POSITION = "position"
    PERSON = "person"
    SEVERAL = "several"
    MOMENT = "moment"
    ENDS_FIRST = "ends_first"
    OVER = "over"
    TWICE = "twice"
    NOTE = "note"


@dataclass(frozen=True)
class LineFault:
    """A fault of a row (the header is 1), with the value or the rows that it is about."""

    line: int
    fault: Fault
    value: str = ""


@dataclass(frozen=True)
class Line:
    """A row whose form is right; moments in UTC, `person` as it was written."""

    line: int
    target: Target
    person: str
    starts_at: datetime
    ends_at: datetime
    note: str


class _WrongError(Exception):
    def __init__(self, fault: Fault, value: str) -> None:
        super().__init__(fault)
        self.fault, self.value = fault, value


def read_lines(content: bytes) -> tuple[list[Line], list[LineFault]]:
    """Return the rows that can be read, and what is wrong with the others or with the whole file (row 1)."""
    try:
        rows = _rows(content)
        header = [cell.strip().casefold() for cell in rows[0]]
    except _WrongError as error:
        return [], [LineFault(1, error.fault, error.value)]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        return [], [LineFault(1, Fault.NO_COLUMN, ", ".join(missing))]
    lines: list[Line] = []
    faults: list[LineFault] = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        padded = [*cells, *[""] * len(header)]
        try:
            lines.append(_line(number, {name: padded[place].strip() for place, name in enumerate(header)}))
        except _WrongError as error:
            faults.append(LineFault(number, error.fault, error.value))
    if not lines and not faults:
        faults.append(LineFault(1, Fault.NO_LINES))
    return lines, faults


def template() -> str:
    """Return an empty file with every column."""
    return ",".join(COLUMNS) + "\r\n"


def _rows(content: bytes) -> Sequence[Sequence[str]]:
    if len(content) > MOST_BYTES:
        raise _WrongError(Fault.TOO_LARGE, str(MOST_LINES))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _WrongError(Fault.NOT_UTF8, "") from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise _WrongError(Fault.NOT_CSV, "") from None
    if not rows:
        raise _WrongError(Fault.NO_LINES, "")
    if len(rows) > MOST_LINES + 1:
        raise _WrongError(Fault.TOO_LARGE, str(MOST_LINES))
    return rows


def _line(number: int, cells: Mapping[str, str]) -> Line:
    position = POSITIONS.get(cells["position"].casefold())
    if position is None:
        raise _WrongError(Fault.POSITION, cells["position"])
    if not cells["person"]:
        raise _WrongError(Fault.PERSON, "")
    starts_at, ends_at = _moment(cells["starts"]), _moment(cells["ends"])
    if ends_at <= starts_at:
        raise _WrongError(Fault.ENDS_FIRST, cells["ends"])
    note = cells.get("note", "")
    if len(note) > LONGEST_NOTE:
        raise _WrongError(Fault.NOTE, str(LONGEST_NOTE))
    return Line(number, Target(cells["team"], position), cells["person"], starts_at, ends_at, note)


def _moment(text: str) -> datetime:
    """Return a moment in UTC; without an offset only the local form is one."""
    moment = _local(text) or _with_offset(text)
    if moment is None or moment.year not in YEARS:
        raise _WrongError(Fault.MOMENT, text)
    return moment.astimezone(UTC)


def _local(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=_VIETNAM)
    except ValueError:
        return None


def _with_offset(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment
