"""What a report says against what can be: impossible combinations are kept, settled the safe way, and warned of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from services.intake.rules.report import Report, Subject
from shared.contracts.vocabulary import AgeBasis, SubjectKind

VIETNAM = timezone(timedelta(hours=7))
"""The day of an incident and of a birth are days in Việt Nam, which has no daylight saving."""

ADULT_FROM = 18
"""Years. A subject who is surely younger is stored as a child, whatever `kind` says."""

MONTHS_IN_YEAR = 12


class Warn(StrEnum):
    """Why a person should look at a report again."""

    RECEIVED_IN_FUTURE = "received_in_future"
    INCIDENT_IN_FUTURE = "incident_in_future"
    BORN_AFTER_INCIDENT = "born_after_incident"
    AGE_AGAINST_BIRTH_DATE = "age_against_birth_date"
    ADULT_UNDER_18 = "adult_under_18"
    PLACE_CODE_AGAINST_TEXT = "place_code_against_text"
    MANY_FROM_ONE_ADDRESS = "many_from_one_address"
    FILLED_BY_PROGRAM = "filled_by_program"


ABOUT_SENDING = frozenset({Warn.MANY_FROM_ONE_ADDRESS, Warn.FILLED_BY_PROGRAM})
"""About how a report was sent, not what it says: a later revision keeps them."""


WORDS: Mapping[Warn, tuple[str, str]] = {
    Warn.RECEIVED_IN_FUTURE: (
        "Giờ tiếp nhận ở sau hiện tại: đã lấy giờ tin đến",
        "The time of receipt was in the future: the time of arrival was taken",
    ),
    Warn.INCIDENT_IN_FUTURE: ("Ngày xảy ra ở sau hôm nay", "The date of the incident is in the future"),
    Warn.BORN_AFTER_INCIDENT: ("Ngày sinh ở sau ngày xảy ra", "The birth date is after the incident"),
    Warn.AGE_AGAINST_BIRTH_DATE: ("Tuổi không khớp ngày sinh", "The age does not fit the birth date"),
    Warn.ADULT_UNDER_18: (
        "Ghi là người lớn nhưng dưới 18 tuổi: đã lưu là trẻ em",
        "Given as an adult but under 18: stored as a child",
    ),
    Warn.PLACE_CODE_AGAINST_TEXT: (
        "Tên nơi và mã xã, phường không khớp: đã lấy mã",
        "The place's text and code disagree: the code was taken",
    ),
    Warn.MANY_FROM_ONE_ADDRESS: (
        "Hơn 30 thông tin trong một giờ từ cùng một nơi gửi: cần xem lại",
        "More than 30 reports within an hour from one sender: to be looked at",
    ),
    Warn.FILLED_BY_PROGRAM: (
        "Ô ẩn của biểu mẫu đã được điền, có thể do máy gửi: cần xem lại",
        "A hidden field of the form was filled in, perhaps by a program: to be looked at",
    ),
}
"""Each warning in Vietnamese and in English."""


@dataclass(frozen=True)
class Plausible:
    """A report with its unknowns filled and its contradictions settled. `received_at` is in UTC and starts the clocks."""

    report: Report
    received_at: datetime
    warnings: tuple[Warn, ...]


def make_plausible(report: Report, arrival: datetime) -> Plausible:
    """Settle a report that arrived at `arrival` (aware)."""
    received_at = report.received_at or arrival
    warnings: list[Warn] = []
    if received_at > arrival:
        received_at = arrival
        warnings.append(Warn.RECEIVED_IN_FUTURE)
    if report.incident_date is not None and report.incident_date > arrival.astimezone(VIETNAM).date():
        warnings.append(Warn.INCIDENT_IN_FUTURE)
    subject, about_subject = _plausible_subject(report, received_at)
    settled = report.model_copy(update={"subject": subject, "received_at": received_at})
    return Plausible(settled, received_at, (*warnings, *about_subject))


def age_on(born: date, day: date) -> float | None:
    """Return the age in completed years, under one year in completed months as a fraction; null before birth.

    Born 2010-06-15: 6 on 2017-06-14, 7 the day after.
    """
    months = (day.year - born.year) * MONTHS_IN_YEAR + day.month - born.month - (day.day < born.day)
    if months < 0:
        return None
    return float(months // MONTHS_IN_YEAR) if months >= MONTHS_IN_YEAR else months / MONTHS_IN_YEAR


def _plausible_subject(report: Report, received_at: datetime) -> tuple[Subject, list[Warn]]:
    subject, warnings = report.subject, []
    if subject.birth_date is not None:
        age = age_on(subject.birth_date, report.incident_date or received_at.astimezone(VIETNAM).date())
        if age is None:
            warnings.append(Warn.BORN_AFTER_INCIDENT)
        elif subject.age_min is None and subject.age_max is None:
            subject = subject.model_copy(update={"age_min": age, "age_max": age, "age_basis": _basis(subject)})
        elif not _fits(age, subject):
            warnings.append(Warn.AGE_AGAINST_BIRTH_DATE)
    if subject.kind is SubjectKind.ADULT and subject.age_max is not None and subject.age_max < ADULT_FROM:
        subject = subject.model_copy(update={"kind": SubjectKind.CHILD})
        warnings.append(Warn.ADULT_UNDER_18)
    return subject, warnings


def _basis(subject: Subject) -> AgeBasis:
    return AgeBasis.STATED if subject.age_basis is AgeBasis.UNKNOWN else subject.age_basis


def _fits(age: float, subject: Subject) -> bool:
    """Tell whether the completed years of `age` lie in the interval, whose ends people round to whole years."""
    lowest = 0.0 if subject.age_min is None else math.floor(subject.age_min)
    highest = math.inf if subject.age_max is None else math.floor(subject.age_max)
    return lowest <= math.floor(age) <= highest
