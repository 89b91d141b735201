"""The deadlines that a level sets, counted from first receipt, around the clock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, timezone

from services.triage.rules.holidays import HOLIDAYS
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.terms import LevelTerms, Term
from shared.contracts.events import Clocks
from shared.contracts.vocabulary import Level

VIETNAM = timezone(timedelta(hours=7))
"""Việt Nam has no daylight saving; offices and their working days follow it."""

OFFICES_CLOSE = time(17, 0)
"""When a working day ends, in Việt Nam's time."""

FRIDAY = 4

MEASURES_BY_LAW = timedelta(hours=12)
"""Decree 56/2017 Art. 26: emergency measures within 12 hours of receiving the information."""


def deadlines(level: Level, received_at: datetime, *, unreadable: bool = False, table: RuleTable = BUILT_IN) -> Clocks:
    """Return the deadlines in UTC of a report received at `received_at` (aware); `unreadable` when R29 fired."""
    legal_by = _utc(received_at + MEASURES_BY_LAW) if level >= Level.URGENT else None
    clocks = _of_level(table.clocks[level], received_at, legal_by)
    if not unreadable:
        return clocks
    read_within = timedelta(minutes=table.thresholds.unreadable_minutes)
    read_by = min(clocks.acknowledge_by, _utc(received_at + read_within))
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


def _of_level(terms: LevelTerms, received_at: datetime, legal_by: datetime | None) -> Clocks:
    return Clocks(
        acknowledge_by=_end(terms.acknowledge, received_at),
        contact_by=_end(terms.contact, received_at),
        visit_by=_end(terms.visit, received_at) if terms.visit else None,
        form02_by=_end(terms.form02, received_at) if terms.form02 else None,
        legal_by=legal_by,
    )


def _end(term: Term, received_at: datetime) -> datetime:
    if term.working_days:
        return end_of_working_day(received_at, term.working_days)
    return _utc(received_at + timedelta(minutes=term.minutes))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
