"""What leaves intake: codes, facts and intervals, and nothing that anybody wrote."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.intake.rules.announcement import Identity, announce, with_children
from services.intake.rules.conflict import NOBODY
from services.intake.rules.derived import child_report_id, child_reports
from shared.contracts.events import ReportReceived
from shared.contracts.vocabulary import AgeBasis, AllegedRole, Answer, Concern, SubjectKind
from tests.unit.intake.documents import ARRIVAL, NAME, PHONE, STORY, a_personal_report, a_report, read

REPORT = UUID(int=1)
IDENTITY = Identity(REPORT, "K7Q281", 3, UUID(int=2), "walk")


def told(document: dict[str, object]) -> ReportReceived:
    found = read(document)
    return announce(IDENTITY, found.report, found.received_at, ARRIVAL, excluded=NOBODY)


def test_event_carries_what_rules_read() -> None:
    event = told(
        a_report(
            subject={"kind": "child", "age_min": 3.5, "age_max": 4, "age_basis": "estimated", "disabled": "yes"},
            children_in_home=[{"age_min": 5, "disabled": "no"}],
            concerns=["physical", "neglect", "physical"],
            facts={"danger_now": "yes", "hours_since_sexual_contact": 60},
            prior_reports_12_months=2,
            alleged=[{"role": "caregiver"}, {"role": "official"}],
            place={"incident": {"unit_code": 9190}, "residence": {"unit_code": 9454}, "current": {"unit_code": 7795}},
            received_at="2026-11-28T09:00:00+07:00",
        )
    )
    assert (event.report_id, event.case_code, event.revision) == (REPORT, "K7Q281", 3)
    assert (event.submitted_by, event.correlation_id, event.occurred_at) == (UUID(int=2), "walk", ARRIVAL)
    assert event.received_at.hour == 2
    assert (event.subject_kind, event.age_min, event.age_max) == (SubjectKind.CHILD, 3.5, 4)
    assert (event.age_basis, event.disabled) == (AgeBasis.ESTIMATED, Answer.YES)
    (child,) = event.children_in_home
    assert (child.age_min, child.age_max, child.disabled) == (5, None, Answer.NO)
    assert event.concerns == (Concern.PHYSICAL, Concern.NEGLECT)
    assert event.facts.danger_now is Answer.YES
    assert event.facts.hours_since_sexual_contact == 60
    assert event.facts.runaway is Answer.UNKNOWN
    assert event.earlier_reports_12_months == 2
    assert event.alleged_roles == (AllegedRole.CAREGIVER, AllegedRole.OFFICIAL)
    assert (event.incident_unit_code, event.residence_unit_code, event.current_unit_code) == (9190, 9454, 7795)


def test_nothing_written_leaves_with_the_event() -> None:
    sent = told(a_personal_report()).model_dump_json()
    for personal in (NAME, PHONE, "+84912345678", STORY, "Võ Cường", "who_said_it", "nickname"):
        assert personal not in sent


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.just("canary-8d1f"), max_size=4))
def test_fields_that_the_format_does_not_know_never_leave(extra: dict[str, str]) -> None:
    strange = {f"x_{name}": value for name, value in extra.items()}
    document = a_report(**strange, subject=strange, facts={"runaway": "yes", **strange}, place={"incident": strange})
    assert (
        "canary-8d1f" not in told({**document, "children_in_home": [strange], "alleged": [strange]}).model_dump_json()
    )


def test_event_survives_the_wire() -> None:
    event = told(a_personal_report())
    assert ReportReceived.model_validate_json(event.model_dump_json()) == event


def test_each_child_at_home_of_an_adult_gets_a_report() -> None:
    document = a_personal_report()
    document["subject"] = {"kind": "adult", "age_min": 30, "age_max": 30}
    document["children_in_home"] = [{"age_min": 5, "disabled": "yes", "name": NAME}, {}]
    found = read({**document, "place": {"incident": {"unit_code": 9190}}}).report
    first, second = child_reports(found)
    assert (first.subject.kind, first.subject.age_min, first.subject.disabled) == (SubjectKind.CHILD, 5, Answer.YES)
    assert second.subject.age_min is None
    assert first.place.incident.unit_code == 9190
    assert first.concerns == (Concern.PHYSICAL,)
    assert (first.narrative, first.alleged, first.children_in_home) == ("", (), ())


def test_children_at_home_of_a_child_get_none() -> None:
    assert child_reports(read(a_personal_report()).report) == ()


def test_report_of_a_child_keeps_its_id_over_corrections() -> None:
    assert child_report_id(REPORT, 0) == child_report_id(REPORT, 0)
    assert len({child_report_id(REPORT, 0), child_report_id(REPORT, 1), child_report_id(UUID(int=9), 0)}) == 3


def test_each_child_at_an_adults_home_is_told_of_on_its_own_and_says_no_more_than_it_must() -> None:
    document = a_report(
        subject={"kind": "adult", "name": NAME},
        children_in_home=[{"age_min": 5, "age_max": 5, "disabled": "yes"}, {"age_min": 9}],
        concerns=["domestic_violence_adult", "witnessing_domestic_violence"],
        prior_reports_12_months=3,
    )
    report = read(document).report
    adult, *children = with_children(told(document), report)
    assert [child.report_id for child in children] == [child_report_id(REPORT, 0), child_report_id(REPORT, 1)]
    for child in children:
        assert (child.derived_from, child.case_code, child.revision) == (REPORT, adult.case_code, adult.revision)
        assert (child.subject_kind, child.earlier_reports_12_months) == (SubjectKind.CHILD, 0)
        assert child.concerns == adult.concerns
    assert [(child.age_min, child.age_max, child.disabled) for child in children] == [
        (5.0, 5.0, Answer.YES),
        (9.0, None, Answer.UNKNOWN),
    ]
    assert adult.derived_from is None
