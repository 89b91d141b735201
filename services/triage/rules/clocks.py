"""The deadlines that a level sets, counted from first receipt, around the clock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, timezone

from services.triage.rules.holidays import HOLIDAYS
from shared.contracts.events import Clocks
from shared.contracts.vocabulary import Level

VIETNAM = timezone(timedelta(hours=7))
"""Việt Nam has no daylight saving; offices and their working days follow it."""

OFFICES_CLOSE = time(17, 0)
"""When a working day ends, in Việt Nam's time."""

FRIDAY = 4

MEASURES_BY_LAW = timedelta(hours=12)
"""Decree 56/2017 Art. 26: emergency measures within 12 hours of receiving the information."""

UNREADABLE_READ_WITHIN = timedelta(minutes=60)
"""R29: a human reads what could not be understood."""


def deadlines(level: Level, received_at: datetime, *, unreadable: bool = False) -> Clocks:
    """Return the deadlines in UTC of a report received at `received_at` (aware); `unreadable` when R29 fired."""
    clocks = _of_level(level, received_at)
    if not unreadable:
        return clocks
    read_by = min(clocks.acknowledge_by, _utc(received_at + UNREADABLE_READ_WITHIN))
    return clocks.model_copy(update={"acknowledge_by": read_by})


def soonest(before: Clocks, now: Clocks) -> Clocks:
    """Return of each deadline the earlier one, so that a new revision never gives more time than was promised."""
    return Clocks(
        acknowledge_by=min(before.acknowledge_by, now.acknowledge_by),
        contact_by=_earlier(before.contact_by, now.contact_by),
        visit_by=_earlier(before.visit_by, now.visit_by),
        form02_by=_earlier(before.form02_by, now.form02_by),
        legal_by=_earlier(before.legal_by, now.legal_by),
    )


def end_of_working_day(received_at: datetime, days: int, holidays: Collection[date] = HOLIDAYS) -> datetime:
    """Return 17:00 in Việt Nam of the `days`th working day after the day of receipt, in UTC."""
    day = received_at.astimezone(VIETNAM).date()
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() <= FRIDAY and day not in holidays
    return _utc(datetime.combine(day, OFFICES_CLOSE, VIETNAM))


def _of_level(level: Level, received_at: datetime) -> Clocks:
    def after(**span: int) -> datetime:
        return _utc(received_at + timedelta(**span))

    legal_by = _utc(received_at + MEASURES_BY_LAW)
    match level:
        case Level.IMMEDIATE:
            return _clocks(after(minutes=10), after(minutes=30), after(hours=2), after(hours=2), legal_by)
        case Level.URGENT:
            return _clocks(after(minutes=60), after(hours=4), after(hours=24), after(hours=8), legal_by)
        case Level.PRIORITY:
            return _clocks(after(hours=4), after(hours=24), after(hours=72), after(hours=72), None)
        case Level.ROUTINE:
            first, third = end_of_working_day(received_at, 1), end_of_working_day(received_at, 3)
            return _clocks(first, third, after(days=7), None, None)


def _clocks(
    acknowledge: datetime, contact: datetime, visit: datetime, form02: datetime | None, legal: datetime | None
) -> Clocks:
    return Clocks(acknowledge_by=acknowledge, contact_by=contact, visit_by=visit, form02_by=form02, legal_by=legal)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
