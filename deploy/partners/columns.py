"""Columns of a file of reports: which part of the report format a header names, and what its cells mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from deploy.partners.cells import Cell, is_empty, value_of
from services.intake.rules.report_format import LIST, FormatField, report_fields
from shared.contracts.vocabulary import Channel
from shared.places.folding import fold

SHOWN_ROWS: Final = 3
"""How many children in the home and people alleged the template has columns for; a file may number more."""

EXTRA: Final = "extra."
"""Starts the header of a column that the format does not know and that is kept with the report."""

ALIASES: Final[Mapping[str, str]] = {
    "Mã hồ sơ": "external_id",
    "Nhận qua": "channel",
    "Giờ tiếp nhận": "received_at",
    "Ngày xảy ra": "incident_date",
    "Lời kể": "narrative",
    "Nội dung": "narrative",
    "Loại vụ việc": "concerns",
    "Họ tên trẻ": "subject.name",
    "Tuổi từ": "subject.age_min",
    "Tuổi đến": "subject.age_max",
    "Ngày sinh": "subject.birth_date",
    "Giới tính": "subject.sex",
    "Khuyết tật": "subject.disabled",
    "Ai đang chăm sóc": "family.carer",
    "Đang nguy hiểm": "facts.danger_now",
    "Bị thương": "facts.injured",
    "Nơi xảy ra": "place.incident.text",
    "Mã xã": "place.incident.unit_code",
    "Địa chỉ": "place.incident.detail",
    "Nơi cư trú": "place.residence.text",
    "Đang ở đâu": "place.current.text",
    "Ẩn danh": "reporter.anonymous",
    "Tên người báo": "reporter.name",
    "Số điện thoại": "reporter.phone",
    "Người báo là": "reporter.relation",
}
"""Vietnamese headers of the most common columns; case and marks do not matter."""

_ROW_NUMBER: Final = re.compile(r"\.([1-9][0-9]?)(?=\.)")
_ALIASES: Final = {fold(alias): path for alias, path in ALIASES.items()}


@dataclass(frozen=True)
class Column:
    """A column: its header as it was written, and its field; null for what is kept as `extra`."""

    header: str
    path: str
    field: FormatField | None

    @property
    def parts(self) -> list[str]:
        """The names on the way to the field, from the top of the document."""
        return self.path.split(".") if self.field else self.path.split(".", 1)


class HeaderError(Exception):
    """The first row does not name the columns as it should; `problems` are sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


def template_headers() -> list[str]:
    """Return every column, with numbered ones for several children and people."""
    headers = []
    for name, group in _grouped():
        numbers = range(1, SHOWN_ROWS + 1) if name else [0]
        headers += [field.path.replace(LIST, f".{number}") for number in numbers for field in group]
    return headers


def _grouped() -> list[tuple[str, list[FormatField]]]:
    """Return the fields in their order, those of one list together."""
    groups: list[tuple[str, list[FormatField]]] = []
    for field in report_fields():
        name = field.path.partition(LIST)[0] if LIST in field.path else ""
        if not groups or groups[-1][0] != name:
            groups.append((name, []))
        groups[-1][1].append(field)
    return groups


def columns_of(headers: Sequence[str]) -> list[Column | None]:
    """Return what each header names, null for an empty one, or raise `HeaderError`.

    A header that nothing is known of is refused: a misspelt fact would otherwise be lost without a word.
    """
    columns: list[Column | None] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    for header in (header.strip() for header in headers):
        column = _column(header) if header else None
        columns.append(column)
        if header and column is None:
            problems.append(_unknown(header))
        if column is not None and column.path in seen:
            problems.append(f"Columns '{seen[column.path]}' and '{header}' mean the same: leave one of them out.")
        if column is not None:
            seen[column.path] = header
    if not problems and not seen:
        problems.append("The first row names no column: write headers such as narrative, or start from --template.")
    if problems:
        raise HeaderError(problems)
    return columns


def _column(header: str) -> Column | None:
    if header.startswith(EXTRA) and len(header) > len(EXTRA):
        return Column(header, header, None)
    path = _ALIASES.get(fold(header), header)
    field = _by_path().get(_ROW_NUMBER.sub(LIST, path, count=1))
    return None if field is None or LIST in path else Column(header, path, field)


@lru_cache(maxsize=1)
def _by_path() -> dict[str, FormatField]:
    return {field.path: field for field in report_fields()}


def _unknown(header: str) -> str:
    close = get_close_matches(header, [*template_headers(), *ALIASES], n=1)
    meant = f" Did you mean '{close[0]}'?" if close else ""
    return f"Nothing is known of the column '{header}'.{meant} To keep it with the report, call it '{EXTRA}{header}'."


def document(columns: Sequence[Column | None], cells: Sequence[Cell]) -> dict[str, Any]:
    """Return a row as a document of the report format; empty cells are left out, the channel is `partner` by default.

    Cells that cannot be read stay as they are, so that intake names them.
    """
    made: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is not None and not is_empty(cell):
            _put(made, column.parts, value_of(column.field, cell))
    made.setdefault("channel", Channel.PARTNER.value)
    return {name: _lists(value) for name, value in made.items()}


def _put(made: dict[str, Any], path: Sequence[str], value: object) -> None:
    for part in path[:-1]:
        made = made.setdefault(part, {})
    made[path[-1]] = value


def _lists(value: object) -> object:
    """Return numbered parts as a list, in the order of their numbers."""
    if isinstance(value, dict) and value and all(name.isdecimal() for name in value):
        return [value[name] for name in sorted(value, key=int)]
    return value


def header_of(columns: Sequence[Column | None], cells: Sequence[Cell], path: str) -> str:
    """Return the header of the column that intake's `path` is about (`alleged.0.role`), else the path itself."""
    headers = {column.path: column.header for column in columns if column is not None}
    name, _, rest = path.partition(".")
    index, _, inner = rest.partition(".")
    if not index.isdecimal():
        return headers.get(path, path)
    filled = [column for column, cell in zip(columns, cells, strict=False) if column and not is_empty(cell)]
    numbers = sorted({int(column.parts[1]) for column in filled if inner and column.path.startswith(f"{name}.")})
    wanted = f"{name}.{numbers[int(index)]}.{inner}" if int(index) < len(numbers) else name
    return headers.get(wanted, wanted)
