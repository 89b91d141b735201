"""A file of duty, read without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules.duty_file import COLUMNS, MOST_BYTES, MOST_LINES, Fault, read_lines, template
from services.notify.rules.escalation import Position, Target

HEADER = "team,position,person,starts,ends,note\n"
ROW = "social-9190,worker,Trần Thị Hai,28/11/2026 08:00,2026-11-28T20:00:00+07:00,thay ca\n"


def read(text: str) -> tuple[list[tuple[Target, str, datetime, datetime, str]], list[tuple[int, Fault]]]:
    lines, faults = read_lines(text.encode())
    found = [(one.target, one.person, one.starts_at, one.ends_at, one.note) for one in lines]
    return found, [(one.line, one.fault) for one in faults]


EXPECTED = (
    Target("social-9190", Position.WORKER),
    "Trần Thị Hai",
    datetime(2026, 11, 28, 1, tzinfo=UTC),
    datetime(2026, 11, 28, 13, tzinfo=UTC),
    "thay ca",
)


@pytest.mark.parametrize(
    "text",
    [
        HEADER + ROW,
        (HEADER + ROW).replace(",", ";"),
        "\ufeff" + HEADER + ROW,
        (HEADER + ROW).replace("\n", "\r\n"),
        HEADER.upper() + "\n" + ROW + ",,,,,\n",
        HEADER + ROW.replace("worker", "Người trực"),
    ],
)
def test_a_row_reads_the_same_however_it_was_saved(text: str) -> None:
    assert read(text) == ([EXPECTED], [])


def test_columns_may_stand_in_any_order_and_the_note_may_be_absent() -> None:
    text = "ends,starts,person,team,position\n28/11/2026 20:00,28/11/2026 08:00,Trần Thị Hai,social-9190,worker\n"
    assert read(text) == ([(*EXPECTED[:4], "")], [])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("worker", "boss", Fault.POSITION),
        ("Trần Thị Hai", "", Fault.PERSON),
        ("28/11/2026 08:00", "11/28/2026 08:00", Fault.MOMENT),
        ("28/11/2026 08:00", "2026-11-28 08:00", Fault.MOMENT),
        ("28/11/2026 08:00", "28/11/0026 08:00", Fault.MOMENT),
        ("28/11/2026 08:00", "28/11/2026 21:00", Fault.ENDS_FIRST),
        ("thay ca", "x" * 201, Fault.NOTE),
    ],
)
def test_a_wrong_cell_names_its_row_and_the_other_rows_are_read(old: str, new: str, fault: Fault) -> None:
    lines, faults = read(HEADER + ROW + ROW.replace(old, new))
    assert (len(lines), faults) == (1, [(3, fault)])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.NO_LINES),
        (HEADER.encode(), Fault.NO_LINES),
        ((HEADER + ROW).encode("utf-16"), Fault.NOT_UTF8),
        (b'team,"position\n', Fault.NOT_CSV),
        (b"team,person\nx,y\n", Fault.NO_COLUMN),
        ((HEADER + ROW * (MOST_LINES + 1)).encode(), Fault.TOO_LARGE),
        (b"x" * (MOST_BYTES + 1), Fault.TOO_LARGE),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault(content: bytes, fault: Fault) -> None:
    lines, faults = read_lines(content)
    assert lines == []
    assert [(one.line, one.fault) for one in faults] == [(1, fault)]


@given(st.binary(max_size=300))
def test_no_content_breaks_the_reader(content: bytes) -> None:
    lines, faults = read_lines(HEADER.encode() + content)
    assert lines or faults


def test_the_template_has_every_column() -> None:
    assert template().strip().split(",") == list(COLUMNS)
