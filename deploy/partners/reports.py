"""The rows of a file as reports: each with an id of its own, so that the same file again changes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from deploy.partners.cells import Cell, is_empty
from deploy.partners.columns import Column, columns_of, document, header_of
from deploy.partners.files import Row, Sheet
from services.intake.rules.field_errors import Language

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "repeated_id": (
        "Mã hồ sơ này đã có ở dòng {first}: mỗi dòng cần một mã riêng",
        "Row {first} has this id already: give each row its own",
    ),
    "too_many_cells": (
        "Dòng có nhiều ô hơn dòng đầu: đặt lời kể có dấu phân cách trong ngoặc kép",
        "The row has more cells than the first row: put text with separators into quotation marks",
    ),
}


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row: the header of its column (empty: the whole row) and a sentence, nothing of the report."""

    row: int
    field: str
    message: str


@dataclass(frozen=True)
class RowReport:
    """A row as a document of the report format, with the cells it came from."""

    row: int
    cells: tuple[Cell, ...]
    document: Mapping[str, Any]


class Reports:
    """The reports of a file; raises `HeaderError` when its first row is wrong."""

    def __init__(self, sheet: Sheet, language: Language) -> None:
        self._sheet = sheet
        self._language = language
        self._columns = columns_of(sheet.headers)

    def __len__(self) -> int:
        return len(self._sheet.rows)

    def __iter__(self) -> Iterator[RowReport | RowError]:
        """Give each row as a report, or as what is wrong with it before anybody reads it."""
        given: dict[str, int] = {}
        alike: Counter[str] = Counter()
        for row in self._sheet.rows:
            made = document(self._columns, row.cells)
            external_id = str(made.get("external_id", ""))
            if _overflows(row, self._columns):
                yield self._error(row, "", "too_many_cells")
            elif external_id in given:
                yield self._error(row, "external_id", "repeated_id", first=given[external_id])
            else:
                if external_id:
                    given[external_id] = row.number
                yield RowReport(row.number, row.cells, made if external_id else _with_id(made, alike))

    def _error(self, row: Row, path: str, why: str, **values: int) -> RowError:
        vietnamese, english = _WORDS[why]
        message = (vietnamese if self._language == "vi" else english).format(**values)
        return RowError(row.number, header_of(self._columns, row.cells, path) if path else "", message)

    def wrong_field(self, report: RowReport, path: str, message: str) -> RowError:
        """Return intake's word on a field as a word on a column."""
        return RowError(report.row, header_of(self._columns, report.cells, path), message)


def _overflows(row: Row, columns: Sequence[Column | None]) -> bool:
    return not all(map(is_empty, row.cells[len(columns) :]))


def _with_id(made: Mapping[str, Any], alike: Counter[str]) -> dict[str, Any]:
    """Return a report with an id made of what it says and of how many before it say the same.

    Not of its row: in a file with a row put in between, each report would take the place of another.
    """
    content = json.dumps(made, sort_keys=True, ensure_ascii=False)
    alike[content] += 1
    digest = sha256(f"{alike[content]}\0{content}".encode()).hexdigest()
    return {**made, "external_id": f"import-{digest[:32]}"}
