"""The file of `heedline places import`: one row a unit and validity, every wrong row named with its line.

Columns, in any order, separated by commas or semicolons, UTF-8:

- `code`: the national code.
- `name`: with its type, as *Xã Yên Phong*; a province's as *Bắc Ninh* or *Thành phố Huế*.
- `kind`: xã, phường, đặc khu, thị trấn (before 1/7/2025), tỉnh or thành phố (trực thuộc trung ương).
- `province_code`: the code of the unit's province at that time; empty for a province.
- `valid_from`: the first day; empty only for a unit of before 1/7/2025.
- `valid_to`: the last day, empty while in force.
- `successors`: codes of the units that take it in on the day after, separated by spaces; empty when not known.

Days are written 2026-04-30 or 30/04/2026. A row with the code and first day of a known unit changes that unit; any other
is a new one. A renamed unit is two rows: the old name with its last day and its own code as successor, then the new name.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Final

from shared.places.units import BEGINNING, REFORM, Kind, Level, Record, kind_of

COLUMNS: Final = ("code", "name", "kind", "province_code", "valid_from", "valid_to", "successors")
LARGEST_CODE: Final = 99_999
LONGEST_NAME: Final = 100

_KINDS: Final = {kind.written: kind for kind in Kind if kind.level is Level.COMMUNE} | {
    kind.written: kind for kind in Kind if kind.level is Level.PROVINCE
}
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_VIETNAMESE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_BETWEEN_CODES: Final = re.compile(r"[\s,;+]+")


@dataclass(frozen=True)
class RowError:
    """What is wrong in a line of the file (from 1, the header's), as a sentence that says what to do."""

    line: int
    message: str


@dataclass(frozen=True)
class Row:
    """A line of the file and the record it states."""

    line: int
    record: Record


class _RowIsWrongError(Exception):
    """Says what is wrong with a row."""


def read_changes(content: bytes) -> tuple[list[Row], list[RowError]]:
    """Read a file's rows; those that are wrong by themselves are errors."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [RowError(1, "the file is not UTF-8: save it as CSV UTF-8")]
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    rows: list[Row] = []
    errors: list[RowError] = []
    try:
        header = [name.strip().casefold() for name in next(lines, [])]
        if sorted(header) != sorted(COLUMNS):
            return [], [RowError(1, f"the first line must name the columns {', '.join(COLUMNS)}")]
        for cells in lines:
            if any(cell.strip() for cell in cells):
                line = lines.line_num
                if len(cells) > len(header):
                    errors.append(RowError(line, "more cells than columns: write a name with a comma in quotes"))
                    continue
                try:
                    rows.append(Row(line, _record(_fields(header, cells))))
                except _RowIsWrongError as error:
                    errors.append(RowError(line, str(error)))
    except csv.Error as error:
        errors.append(RowError(lines.line_num, f"this is no CSV: {error}"))
    if not rows and not errors:
        errors.append(RowError(1, "the file has no rows: write one for each change"))
    return rows, errors


def _fields(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    tidy = [unicodedata.normalize("NFC", " ".join(cell.split())) for cell in cells]
    return dict(zip_longest(header, tidy, fillvalue=""))


def _record(fields: Mapping[str, str]) -> Record:
    kind = _kind(fields["kind"], fields["name"])
    code = _code("code", fields["code"])
    start, end = _day("valid_from", fields["valid_from"]), _day("valid_to", fields["valid_to"])
    _check_days(start, end)
    successors = tuple(_code("successors", text) for text in _BETWEEN_CODES.split(fields["successors"]) if text)
    if successors and end is None:
        raise _RowIsWrongError("successors without valid_to: write the unit's last day, or leave successors empty")
    return Record(
        code=code,
        name=fields["name"].removeprefix("Tỉnh ") if kind is Kind.PROVINCE else fields["name"],
        kind=kind,
        province_code=code if kind.level is Level.PROVINCE else _code("province_code", fields["province_code"]),
        valid_from=start or BEGINNING,
        valid_to=end,
        successors=tuple(dict.fromkeys(successors)),
    )


def _kind(text: str, name: str) -> Kind:
    kind = _KINDS.get(text.casefold())
    if kind is None:
        raise _RowIsWrongError(f"kind {text!r} is none of {', '.join(_KINDS)}")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _RowIsWrongError(f"name is empty or no name: write up to {LONGEST_NAME} characters, as Xã Yên Phong")
    if kind_of(kind.level, name) is not kind:
        raise _RowIsWrongError(f"name {name!r} does not begin with its kind: write it as {kind.written.capitalize()} …")
    return kind


def _code(column: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= LARGEST_CODE):
        raise _RowIsWrongError(f"{column} {text!r} is no code: write a number from 1 to {LARGEST_CODE}")
    return int(text)


def _day(column: str, text: str) -> date | None:
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _VIETNAMESE.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise _RowIsWrongError(f"{column} {text!r} is no day: write it as 2026-04-30 or 30/04/2026")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _RowIsWrongError(f"{column} {text!r} is not in the calendar") from None


def _check_days(start: date | None, end: date | None) -> None:
    if start is None and (end is None or end >= REFORM):
        raise _RowIsWrongError("valid_from is missing: only units of before 1/7/2025 have none")
    if start is not None and start < REFORM:
        raise _RowIsWrongError("valid_from is before 1/7/2025: leave it empty for a unit of that time")
    if start is not None and end is not None and end < start:
        raise _RowIsWrongError(f"valid_to {end} is before valid_from {start}")
