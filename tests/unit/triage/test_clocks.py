from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from services.triage.rules.clocks import VIETNAM, deadlines, end_of_working_day, soonest
from services.triage.rules.holidays import HOLIDAYS
from shared.contracts.vocabulary import Level

RECEIVED = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


def minutes(level: Level) -> list[float | None]:
    clocks = deadlines(level, RECEIVED)
    moments = (clocks.acknowledge_by, clocks.contact_by, clocks.visit_by, clocks.form02_by, clocks.legal_by)
    return [None if moment is None else (moment - RECEIVED).total_seconds() / 60 for moment in moments]


def close(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 17, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.IMMEDIATE, [10, 30, 2 * 60, 2 * 60, 12 * 60]),
        (Level.URGENT, [60, 4 * 60, 24 * 60, 8 * 60, 12 * 60]),
        (Level.PRIORITY, [4 * 60, 24 * 60, 72 * 60, 72 * 60, None]),
    ],
)
def test_clocks_run_around_the_clock_from_receipt(level: Level, expected: list[float | None]) -> None:
    assert minutes(level) == expected


def test_routine_counts_working_days_and_leaves_the_form_open() -> None:
    clocks = deadlines(Level.ROUTINE, RECEIVED)
    assert clocks.acknowledge_by == close(2026, 11, 26)
    assert clocks.contact_by == close(2026, 11, 30)
    assert clocks.visit_by == RECEIVED + timedelta(days=7)
    assert (clocks.form02_by, clocks.legal_by) == (None, None)


@pytest.mark.parametrize("level", Level)
def test_unreadable_report_is_read_within_an_hour(level: Level) -> None:
    plain, unreadable = deadlines(level, RECEIVED), deadlines(level, RECEIVED, unreadable=True)
    assert unreadable.acknowledge_by == min(plain.acknowledge_by, RECEIVED + timedelta(minutes=60))
    assert unreadable.model_copy(update={"acknowledge_by": plain.acknowledge_by}) == plain


@pytest.mark.parametrize("level", Level)
def test_deadlines_are_utc_whatever_zone_the_receipt_is_in(level: Level) -> None:
    elsewhere = RECEIVED.astimezone(timezone(timedelta(hours=-5)))
    clocks = deadlines(level, elsewhere)
    assert clocks == deadlines(level, RECEIVED)
    assert {moment.tzinfo for moment in clocks.model_dump().values() if moment} == {UTC}


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        (datetime(2026, 11, 27, 9, tzinfo=VIETNAM), 1, close(2026, 11, 30)),  # Friday → Monday
        (datetime(2026, 11, 28, 9, tzinfo=VIETNAM), 1, close(2026, 11, 30)),  # Saturday → Monday
        (datetime(2026, 11, 29, 9, tzinfo=VIETNAM), 3, close(2026, 12, 2)),  # Sunday → Wednesday
        (datetime(2026, 11, 24, 23, 59, tzinfo=VIETNAM), 1, close(2026, 11, 25)),
        (datetime(2026, 11, 24, 17, 1, tzinfo=UTC), 1, close(2026, 11, 26)),  # already Wednesday in Việt Nam
        (datetime(2026, 4, 29, 9, tzinfo=VIETNAM), 1, close(2026, 5, 4)),  # 30/4, 1/5 and a weekend
        (datetime(2026, 4, 24, 9, tzinfo=VIETNAM), 1, close(2026, 4, 28)),  # Hùng Kings' day in lieu
        (datetime(2026, 2, 13, 9, tzinfo=VIETNAM), 1, close(2026, 2, 23)),  # across Tết 2026
        (datetime(2026, 2, 17, 2, tzinfo=VIETNAM), 3, close(2026, 2, 25)),  # on the first day of Tết
        (datetime(2027, 2, 4, 9, tzinfo=VIETNAM), 1, close(2027, 2, 12)),  # across Tết 2027
        (datetime(2026, 12, 31, 9, tzinfo=VIETNAM), 1, close(2027, 1, 4)),
        (datetime(2026, 8, 31, 9, tzinfo=VIETNAM), 1, close(2026, 9, 3)),
    ],
)
def test_working_day_ends_at_five_in_vietnam(received: datetime, days: int, expected: datetime) -> None:
    assert end_of_working_day(received, days) == expected


def test_holidays_come_from_a_table() -> None:
    friday = datetime(2026, 11, 27, 9, tzinfo=VIETNAM)
    assert end_of_working_day(friday, 1, holidays={date(2026, 11, 30)}) == close(2026, 12, 1)


def test_only_weekdays_are_listed_as_closed() -> None:
    assert all(day.weekday() < 5 for day in HOLIDAYS)
    assert {day.year for day in HOLIDAYS} == {2026, 2027}


def test_the_earlier_deadline_wins_one_by_one() -> None:
    urgent, priority = deadlines(Level.URGENT, RECEIVED), deadlines(Level.PRIORITY, RECEIVED)
    assert soonest(urgent, priority) == urgent
    assert soonest(priority, urgent) == urgent
    routine = deadlines(Level.ROUTINE, RECEIVED)
    assert soonest(routine, priority).form02_by == priority.form02_by
