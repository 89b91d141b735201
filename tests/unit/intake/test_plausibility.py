"""Impossible combinations are kept with a warning and settled the safe way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.rules.plausibility import ABOUT_SENDING, WORDS, Warn, age_on
from shared.contracts.vocabulary import AgeBasis, SubjectKind
from tests.unit.intake.documents import ARRIVAL, a_report, read


def subject(**said: Any) -> dict[str, Any]:
    return a_report(subject=said)


def test_every_warning_has_words() -> None:
    assert set(WORDS) == set(Warn)
    assert all(vietnamese and english for vietnamese, english in WORDS.values())


def test_age_counts_from_the_incident_not_from_the_entry() -> None:
    document = a_report(subject={"birth_date": "2010-06-15"}, incident_date="2017-06-14")
    found = read(document).report.subject
    assert (found.age_min, found.age_max) == (6, 6)
    assert found.age_basis is AgeBasis.STATED
    assert read({**document, "incident_date": "2017-06-15"}).report.subject.age_min == 7


def test_age_counts_from_receipt_when_the_incident_has_no_date() -> None:
    document = subject(birth_date="2020-11-28")
    assert read(document).report.subject.age_min == 6
    assert read({**document, "received_at": "2026-11-27T23:59:00+07:00"}).report.subject.age_min == 5


def test_day_of_receipt_is_a_day_in_viet_nam() -> None:
    just_after_midnight = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
    assert read(subject(birth_date="2020-11-28"), just_after_midnight).report.subject.age_min == 6
    assert read(subject(birth_date="2020-11-28"), just_after_midnight - timedelta(hours=1)).report.subject.age_min == 5


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2026, 6, 28), date(2026, 11, 27), 4 / 12),
        (date(2026, 6, 28), date(2026, 11, 28), 5 / 12),
        (date(2026, 11, 28), date(2026, 11, 28), 0),
        (date(2025, 11, 29), date(2026, 11, 28), 11 / 12),
        (date(2025, 11, 28), date(2026, 11, 28), 1),
        (date(2024, 2, 29), date(2026, 2, 28), 1),
        (date(2024, 2, 29), date(2026, 3, 1), 2),
        (date(2026, 11, 28), date(2026, 11, 27), None),
    ],
)
def test_age_is_completed_years_and_months_before_the_first(born: date, day: date, age: float | None) -> None:
    assert age_on(born, day) == age


@given(st.dates(date(1900, 1, 1), date(2026, 11, 28)), st.integers(0, 3000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    first = born + timedelta(days=days)
    before, after = age_on(born, first), age_on(born, first + timedelta(days=1))
    assert before is not None
    assert after is not None
    assert before <= after


def test_stated_interval_is_kept_beside_a_birth_date() -> None:
    found = read(subject(birth_date="2020-01-01", age_min=6, age_max=7))
    assert (found.report.subject.age_min, found.report.subject.age_max) == (6, 7)
    assert found.warnings == ()


@pytest.mark.parametrize("interval", [{"age_min": 8}, {"age_max": 4}, {"age_min": 2, "age_max": 5.9}])
def test_age_against_birth_date_warns(interval: dict[str, float]) -> None:
    found = read(subject(birth_date="2020-01-01", **interval))
    assert found.warnings == (Warn.AGE_AGAINST_BIRTH_DATE,)
    assert found.report.subject.age_min == interval.get("age_min")


def test_birth_after_the_incident_warns_and_leaves_the_age_unknown() -> None:
    found = read(a_report(subject={"birth_date": "2026-05-01"}, incident_date="2026-04-30"))
    assert found.warnings == (Warn.BORN_AFTER_INCIDENT,)
    assert found.report.subject.age_min is None


def test_incident_in_the_future_warns() -> None:
    assert read(a_report(incident_date="2026-11-28")).warnings == ()
    assert read(a_report(incident_date="2026-11-29")).warnings == (Warn.INCIDENT_IN_FUTURE,)


def test_earlier_receipt_starts_the_clocks() -> None:
    found = read(a_report(received_at="2026-11-28T09:00:00+07:00"))
    assert found.received_at == datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
    assert found.warnings == ()


def test_receipt_in_the_future_is_replaced_by_arrival() -> None:
    found = read(a_report(received_at="2026-11-28T14:24:01+07:00"))
    assert found.received_at == ARRIVAL
    assert found.report.received_at == ARRIVAL
    assert found.warnings == (Warn.RECEIVED_IN_FUTURE,)


def test_adult_under_18_is_stored_as_a_child() -> None:
    found = read(subject(kind="adult", age_max=17.5))
    assert found.report.subject.kind is SubjectKind.CHILD
    assert found.warnings == (Warn.ADULT_UNDER_18,)
    assert read(subject(kind="adult", birth_date="2010-01-01")).report.subject.kind is SubjectKind.CHILD


def test_adult_who_may_be_18_stays_an_adult() -> None:
    assert read(subject(kind="adult", age_min=16, age_max=18)).report.subject.kind is SubjectKind.ADULT
    assert read(subject(kind="adult", age_min=16)).report.subject.kind is SubjectKind.ADULT


def test_every_contradiction_is_warned_of_at_once() -> None:
    document = a_report(
        subject={"kind": "adult", "age_max": 3, "birth_date": "2000-01-01"},
        incident_date="2027-01-01",
        received_at="2027-01-01T00:00:00Z",
        place={"incident": {"text": "Phường Nếnh", "unit_code": 9190}},
    )
    assert set(read(document).warnings) == set(Warn) - ABOUT_SENDING - {Warn.BORN_AFTER_INCIDENT}
