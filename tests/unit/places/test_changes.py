"""The file of an import: rows as they are meant, wrong rows with their line, and what they would change."""

from __future__ import annotations

from datetime import date

import pytest

from shared.places.changes import COLUMNS, read_changes
from shared.places.plan import Change, Plan, plan
from shared.places.register import records_with
from shared.places.units import BEGINNING, REFORM, Kind, Level

HEADER = ",".join(COLUMNS)
KNOWN = records_with(())


def planned(*lines: str) -> Plan:
    rows, wrong = read_changes("\n".join([HEADER, *lines]).encode())
    return plan(rows, wrong, KNOWN)


def errors(*lines: str) -> list[tuple[int, str]]:
    return [(error.line, error.message) for error in planned(*lines).errors]


def test_row_is_read_as_it_is_meant() -> None:
    text = "\ufeffName;Code;Kind;Province_code;valid_from;valid_to;successors\r\n Xã  Yên Phong ;9193;xã;24;1/7/2025;2026-12-31;9193 9202\r\n"
    rows, wrong = read_changes(text.encode())
    assert wrong == []
    (row,) = rows
    record = row.record
    assert (row.line, record.key) == (2, (Level.COMMUNE, 9193, REFORM))
    assert (record.name, record.kind, record.province_code) == ("Xã Yên Phong", Kind.COMMUNE, 24)
    assert (record.valid_to, record.successors) == (date(2026, 12, 31), (9193, 9202))


def test_province_is_written_with_or_without_tinh() -> None:
    content = f"{HEADER}\n24,Tỉnh Bắc Ninh,tỉnh,,2027-01-01,,\n24,Thành phố Bắc Ninh,thành phố,,2027-01-01,,".encode()
    rows, wrong = read_changes(content)
    assert wrong == []
    assert [(row.record.name, row.record.kind) for row in rows] == [
        ("Bắc Ninh", Kind.PROVINCE),
        ("Thành phố Bắc Ninh", Kind.CENTRAL_CITY),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("abc,Xã A,xã,24,2027-01-01,,", "code 'abc' is no code"),
        ("0,Xã A,xã,24,2027-01-01,,", "code '0' is no code"),
        ("١,Xã A,xã,24,2027-01-01,,", "is no code"),
        ("99,Xã A,huyện,24,2027-01-01,,", "kind 'huyện' is none of"),
        ("99,A,xã,24,2027-01-01,,", "does not begin with its kind"),
        ("99,Phường A,xã,24,2027-01-01,,", "does not begin with its kind"),
        ("99,,xã,24,2027-01-01,,", "name is empty"),
        ("99,Xã A,xã,,2027-01-01,,", "province_code '' is no code"),
        ("99,Xã A,xã,24,,,", "valid_from is missing"),
        ("99,Xã A,xã,24,2020-01-01,,", "valid_from is before 1/7/2025"),
        ("99,Xã A,xã,24,2027-02-30,,", "not in the calendar"),
        ("99,Xã A,xã,24,soon,,", "is no day"),
        ("9193,Xã Yên Phong,xã,24,2025-07-01,2025-06-30,", "valid_to 2025-06-30 is before valid_from 2025-07-01"),
        ("9193,Xã Yên Phong,xã,24,2025-07-01,,9202", "successors without valid_to"),
        ("99,Xã A,xã,24,2027-01-01,,,x", "more cells than columns"),
        ("99,Xã A,xã,27,2027-01-01,,", "province_code 27 is no province"),
        ("88888,Xã A,xã,24,2027-01-01,2027-12-31,", "code 88888 is unknown"),
        ("9193,Xã Yên Phong,xã,24,2026-01-01,2027-12-31,", "repeat its valid_from"),
        ("9193,Xã Khác,xã,24,2027-01-01,,", "overlap those of Xã Yên Phong (01/07/2025–)"),
        ("9193,Xã Yên Phong,xã,24,2025-07-01,2026-12-31,88888", "successor 88888 does not exist on 2027-01-01"),
        ("24,Bắc Ninh,tỉnh,,2025-07-01,2026-12-31,", "99 communes stay in the province"),
    ],
)
def test_wrong_row_is_named_with_its_line(row: str, said: str) -> None:
    found = errors("8566,Xã Tân Sơn,xã,25,2025-07-01,,", row)
    assert {line for line, _message in found} == {3}
    assert any(said in message for _line, message in found), found


def test_row_twice_is_an_error_of_the_second() -> None:
    row = "99999,Xã A,xã,24,2027-01-01,,"
    assert [line for line, _message in errors(row, row)] == [3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "first line must name the columns"),
        (b"code,name\n1,A", "first line must name the columns"),
        (HEADER.encode(), "has no rows"),
        (HEADER.encode() + b"\n\n,,\n", "has no rows"),
        ("x".encode("utf-16"), "not UTF-8"),
        (HEADER.encode() + b"\n" + b"9" * 200_000, "no CSV"),
    ],
)
def test_file_that_is_none_is_one_error(content: bytes, said: str) -> None:
    rows, wrong = read_changes(content)
    assert rows == []
    assert len(wrong) == 1
    assert said in wrong[0].message


def test_each_change_is_called_what_it_is() -> None:
    found = planned(
        "9193,Xã Yên Phong,xã,24,2025-07-01,2026-12-31,9193",
        "9193,Phường Yên Phong,phường,24,2027-01-01,,",
        "9202,Xã Tam Giang,xã,24,2025-07-01,2026-12-31,9193",
        "9190,Phường Võ Cường,phường,24,2025-07-01,2026-12-31,9191 9193",
        "9191,Phường Võ Cường 1,phường,24,2027-01-01,,",
        "7330,Xã Phúc Hòa,xã,24,2025-07-01,2026-12-31,",
        "7840,Xã Hiệp Hòa,xã,24,2025-07-01,,",
        "9454,Xã Gia Bình,xã,24,2025-07-01,,",
        "9166,Phường Cũ,phường,27,,2025-06-30,",
    )
    assert [error.message for error in found.errors] == []
    assert [(one.what, one.becomes) for one in found.planned] == [
        (Change.RENAMED, "Phường Yên Phong (9193)"),
        (Change.ADDED, ""),
        (Change.MERGED, "Phường Yên Phong (9193)"),
        (Change.SPLIT, "Phường Võ Cường 1 (9191), Phường Yên Phong (9193)"),
        (Change.ADDED, ""),
        (Change.ENDED, ""),
        (Change.CORRECTED, ""),
        (Change.UNCHANGED, ""),
        (Change.CORRECTED, ""),
    ]


def test_successor_of_a_former_unit_may_be_told() -> None:
    found = planned("7207,Phường Ngô Quyền,phường,24,,2025-06-30,7210")
    assert found.errors == ()
    (one,) = found.planned
    assert (one.what, one.becomes) == (Change.MERGED, "Phường Bắc Giang (7210)")
    assert one.after.valid_from == BEGINNING
    assert one.before is not None
    assert one.after.district_code == one.before.district_code == 213


def test_province_that_becomes_a_city_keeps_its_communes() -> None:
    found = planned("24,Bắc Ninh,tỉnh,,2025-07-01,2026-12-31,24", "24,Thành phố Bắc Ninh,thành phố,,2027-01-01,,")
    assert found.errors == ()
    assert [one.what for one in found.planned] == [Change.RENAMED, Change.ADDED]
