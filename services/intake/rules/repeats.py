"""Reports that may tell of the same child: what suggests it, how strongly, and what counts as an earlier report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts.vocabulary import Answer


class Kind(StrEnum):
    """What two reports can have in common; all but a code only as keyed hashes."""

    PHONE = "phone"
    FULL_NAME = "full_name"
    SHORT_NAME = "short_name"
    GIVEN_NAME = "given_name"
    ADDRESS = "address"
    CODE = "code"


class LinkState(StrEnum):
    """What is decided about two reports."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why two reports may be repeats of one another, as people read it."""

    CODE = "code"
    PHONE = "phone"
    NAME_AGE_PLACE = "name_age_place"
    NAME_PLACE = "name_place"
    ADDRESS = "address"
    PERSON = "person"
    """Nothing in the reports; whoever took the call said so."""


WORDS: Mapping[Reason, tuple[str, str]] = {
    Reason.CODE: ("nêu mã vụ", "names the case code"),
    Reason.PHONE: ("cùng số điện thoại", "same phone number"),
    Reason.NAME_AGE_PLACE: ("cùng tên, tuổi và xã", "same name, age and commune"),
    Reason.NAME_PLACE: ("cùng tên và xã, chưa rõ tuổi", "same name and commune, age not clear"),
    Reason.ADDRESS: ("cùng địa chỉ", "same address"),
    Reason.PERSON: ("người tiếp nhận nhận ra", "recognised by whoever took the report"),
}
"""Each reason in Vietnamese and in English."""

_WEIGHTS: Mapping[Kind, int] = {
    Kind.CODE: 100,
    Kind.PHONE: 60,
    Kind.FULL_NAME: 50,
    Kind.SHORT_NAME: 35,
    Kind.ADDRESS: 30,
    Kind.GIVEN_NAME: 15,
}
_NAMES = (Kind.FULL_NAME, Kind.SHORT_NAME, Kind.GIVEN_NAME)
_NEED_AN_AGE = frozenset({Kind.GIVEN_NAME})
"""A given name alone is shared by many in a commune: without an age that fits it suggests nothing."""

AGE_TOLERANCE = 1.0
"""Years: people round ages, and a birthday may lie between two reports."""

DAYS_IN_YEAR = 365.25


@dataclass(frozen=True)
class Ages:
    """An age in years as a report gives it, at the time of that report."""

    low: float | None
    high: float | None
    at: datetime


@dataclass(frozen=True)
class Likeness:
    """How alike two reports are; a higher score comes first."""

    reasons: tuple[Reason, ...]
    score: int


def ages_agree(one: Ages, other: Ages) -> Answer:
    """Tell whether two ages can be one child's, given the time between the reports; unknown when either is."""
    if _unknown(one) or _unknown(other):
        return Answer.UNKNOWN
    older, newer = sorted((one, other), key=lambda ages: ages.at)
    grown = (newer.at - older.at) / timedelta(days=DAYS_IN_YEAR)
    low, high = _bounds(older)
    newer_low, newer_high = _bounds(newer)
    fits = low + grown <= newer_high + AGE_TOLERANCE and newer_low <= high + grown + AGE_TOLERANCE
    return Answer.YES if fits else Answer.NO


def likeness(common: Collection[Kind], ages: Answer) -> Likeness | None:
    """Weigh what two reports have in common, `ages` being whether their ages agree; null when it suggests nothing.

    Ages that cannot be one child's take the name out of account, not the phone: another child of the same family may
    be meant, or the same one with a wrong age.
    """
    counted = [kind for kind in Kind if kind in common and (kind not in _NAMES or _name_counts(kind, ages))]
    names = [kind for kind in _NAMES if kind in counted][:1]
    kept = names + [kind for kind in counted if kind not in _NAMES]
    if not kept:
        return None
    reasons = {_reason(kind, ages) for kind in kept}
    return Likeness(tuple(reason for reason in Reason if reason in reasons), sum(_WEIGHTS[kind] for kind in kept))


@dataclass(frozen=True)
class Member:
    """A report of a group of linked ones; times in UTC."""

    report_id: UUID
    received_at: datetime
    arrived_at: datetime


def earlier_reports(own: Member, group: Iterable[Member]) -> int:
    """Count the linked reports that R18 counts: received before this one, and within the 12 months before it."""
    since = a_year_before(own.received_at)
    return sum(1 for other in group if since <= other.received_at and _order(other) < _order(own))


def a_year_before(moment: datetime) -> datetime:
    """Return the same day and time a year earlier; of 29 February, the 28th."""
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return moment.replace(year=moment.year - 1, day=28)


def _order(member: Member) -> tuple[datetime, datetime, UUID]:
    return member.received_at, member.arrived_at, member.report_id


def _name_counts(kind: Kind, ages: Answer) -> bool:
    return ages is Answer.YES if kind in _NEED_AN_AGE else ages is not Answer.NO


def _reason(kind: Kind, ages: Answer) -> Reason:
    match kind:
        case Kind.PHONE:
            return Reason.PHONE
        case Kind.ADDRESS:
            return Reason.ADDRESS
        case Kind.CODE:
            return Reason.CODE
        case Kind.FULL_NAME | Kind.SHORT_NAME | Kind.GIVEN_NAME:
            return Reason.NAME_AGE_PLACE if ages is Answer.YES else Reason.NAME_PLACE


def _unknown(ages: Ages) -> bool:
    return ages.low is None and ages.high is None


def _bounds(ages: Ages) -> tuple[float, float]:
    return 0.0 if ages.low is None else ages.low, float("inf") if ages.high is None else ages.high
