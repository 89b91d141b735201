"""Files of reports, good and broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.partners.files import read_sheet, write_csv
from deploy.partners.sending import Intake
from shared.settings import SettingError


@pytest.mark.parametrize(
    "content",
    [
        'narrative,external_id\n"a;b,\nc",1\n\n,\nd,2\n',
        '\ufeffnarrative;external_id\r\n"a;b,\nc";1\r\n\r\n;\r\nd;2\r\n',
    ],
)
def test_rows_keep_the_numbers_of_the_spreadsheet(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode())
    sheet = read_sheet(path)
    assert sheet.headers == ("narrative", "external_id")
    assert [(row.number, row.cells[1]) for row in sheet.rows] == [(2, "1"), (5, "2")]
    assert str(sheet.rows[0].cells[0]).replace("\r", "") == "a;b,\nc"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", "lời kể".encode("utf-16"), "is not UTF-8"),
        ("a.csv", b'narrative\n"open', "open quotation mark"),
        ("b.csv", None, "cannot be read"),
        ("c.xlsx", b"no workbook", "is no workbook|openpyxl"),
    ],
)
def test_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, name: str, content: bytes | None, says: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingError, match=says):
        read_sheet(path)


def test_errors_open_in_a_spreadsheet_with_their_marks(tmp_path: Path) -> None:
    path = tmp_path / "errors.csv"
    write_csv(path, [("row", "message"), (2, "Lời, kể")])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [row.cells for row in read_sheet(path).rows] == [("2", "Lời, kể")]


@pytest.mark.parametrize("url", ["http://heedline.example.vn", "heedline.example.vn", "ftp://127.0.0.1", ""])
def test_reports_never_travel_readable_over_a_network(url: str) -> None:
    with pytest.raises(SettingError, match="https"):
        Intake(url, "k" * 40, "vi")


@pytest.mark.parametrize("key", ["", "has space", "dấu"])
def test_key_that_cannot_be_one_is_said(key: str) -> None:
    with pytest.raises(SettingError, match="key"):
        Intake("https://heedline.example.vn", key, "vi")
