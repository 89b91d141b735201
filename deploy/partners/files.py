"""Files of reports: CSV as spreadsheets save it, and Excel workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from deploy.partners.cells import Cell, is_empty
from shared.settings import SettingError

LARGEST_FILE: Final = 20 * 1024 * 1024
"""Bytes."""
MOST_ROWS: Final = 50_000
WORKBOOK: Final = ".xlsx"


@dataclass(frozen=True)
class Row:
    """A row by its number in the spreadsheet, where the headers are row 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """A file that was read: its headers, its rows that hold anything, and the SHA-256 of its bytes."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    digest: str


def read_sheet(path: Path) -> Sheet:
    """Read a file, or raise `SettingError` with a sentence that says what to do."""
    content = _content(path)
    read = _workbook_rows if path.suffix.lower() == WORKBOOK else _csv_rows
    rows = [Row(number, tuple(cells)) for number, cells in enumerate(read(path, content), start=1)]
    if len(rows) > MOST_ROWS:
        raise SettingError(f"{path} has more than {MOST_ROWS} rows: split it.")
    if not rows:
        raise SettingError(f"{path} is empty: its first row names the columns.")
    headers = tuple("" if cell is None else str(cell) for cell in rows[0].cells)
    filled = tuple(row for row in rows[1:] if not all(map(is_empty, row.cells)))
    return Sheet(headers, filled, sha256(content).hexdigest())


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SettingError(f"{path} cannot be read ({error.strerror}): name a CSV or XLSX file of reports.") from None
    if len(content) > LARGEST_FILE:
        raise SettingError(f"{path} is larger than {LARGEST_FILE // 1024 // 1024} MB: split it.")
    return content


def _csv_rows(path: Path, content: bytes) -> Iterator[Sequence[Cell]]:
    try:
        text = content.decode("utf-8-sig")
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    except UnicodeDecodeError:
        raise SettingError(f"{path} is not UTF-8: save it as 'CSV UTF-8' or as XLSX.") from None
    except csv.Error:
        raise SettingError(f"{path} is no CSV that can be read: look for an open quotation mark.") from None


def _delimiter(text: str) -> str:
    """Return what separates the headers: a semicolon where there are more of them than commas."""
    header = text.lstrip().partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _workbook_rows(path: Path, content: bytes) -> Iterator[Sequence[Cell]]:
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            if number > MOST_ROWS + 1:
                return
            yield cells
    except (BadZipFile, KeyError, ValueError, IndexError, OSError):
        raise SettingError(f"{path} is no workbook that can be read: save it as XLSX or as 'CSV UTF-8'.") from None


def write_template(path: Path, headers: Iterable[str]) -> None:
    """Write an empty file with these headers, or raise `SettingError`; an existing file is left alone."""
    if path.exists():
        raise SettingError(f"{path} exists: name a new file.")
    try:
        if path.suffix.lower() == WORKBOOK:
            book = _openpyxl().Workbook(write_only=True)
            sheet = book.create_sheet("reports")
            sheet.freeze_panes = "A2"
            sheet.append(list(headers))
            book.save(path)
        else:
            write_csv(path, [list(headers)])
    except OSError as error:
        raise SettingError(f"{path} cannot be written ({error.strerror}): name another place.") from None


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV that spreadsheets open with its Vietnamese intact."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _openpyxl() -> Any:
    try:
        import openpyxl  # noqa: PLC0415 - only workbooks need it
    except ImportError:
        raise SettingError("Workbooks need the package openpyxl: install it, or save the file as CSV UTF-8.") from None
    return openpyxl
