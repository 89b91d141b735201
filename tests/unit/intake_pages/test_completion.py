"""A stored report as the form would have been typed, what was typed laid over it, and two people's forms made one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.complete_pages import merge
from services.intake.console_form import document, laid_over, typed_from
from tests.unit.intake.documents import a_personal_report, a_report

STORED = a_personal_report(
    external_id="a-1",
    received_at="2026-11-28T07:00:00Z",
    prior_reports_12_months=1,
)


def test_what_the_form_has_is_prefilled_and_nothing_else() -> None:
    values = typed_from(STORED)
    assert values["subject.age_min"] == ["3"]
    assert values["facts.danger_now"] == ["yes"]
    assert values["alleged.0.role"] == ["caregiver"]
    assert values["concerns"] == ["physical"]
    assert not {"external_id", "received_at", "notes", "subject.nickname", "family.father.name"} & values.keys()


@pytest.mark.parametrize("hours", [0.0, 0.5, 1 / 3, 5e-7, 120.0])
def test_a_number_is_written_as_the_form_reads_it(hours: float) -> None:
    values = typed_from({"facts": {"hours_since_sexual_contact": hours}})
    read = document(values)["facts"]["hours_since_sexual_contact"]
    assert read == pytest.approx(hours, abs=1e-9)


def test_saving_what_was_opened_changes_nothing() -> None:
    assert laid_over(STORED, document(typed_from(STORED))) == STORED


def test_a_field_that_was_emptied_is_gone_and_what_the_form_lacks_stays() -> None:
    values = typed_from(STORED)
    del values["subject.name"], values["reporter.phone"]
    done = laid_over(STORED, document(values))
    assert "name" not in done["subject"]
    assert "phone" not in done["reporter"]
    assert done["subject"]["nickname"] == STORED["subject"]["nickname"]
    assert done["family"]["father"] == STORED["family"]["father"]
    assert (done["external_id"], done["received_at"]) == (STORED["external_id"], STORED["received_at"])
    assert done["facts"]["who_said_it"] == STORED["facts"]["who_said_it"]


def test_somebody_of_whom_nothing_is_known_is_not_lost() -> None:
    stored = a_report(alleged=[{}], children_in_home=[{}, {"age_min": 4}])
    done = laid_over(stored, document(typed_from(stored)))
    assert done["alleged"] == [{"role": "unknown"}]
    assert done["children_in_home"] == [{"disabled": "unknown"}, {"age_min": 4}]


def test_what_else_is_known_of_a_person_stays_with_them_when_another_is_taken_out() -> None:
    stored = a_report(alleged=[{"name": "A", "note": 1}, {"name": "B", "note": 2}])
    assert laid_over(stored, a_report(alleged=[{"name": "B"}]))["alleged"] == [{"name": "B", "note": 2}]
    corrected = laid_over(stored, a_report(alleged=[{"name": "A2"}, {"name": "B"}]))["alleged"]
    assert corrected == [{"name": "A2", "note": 1}, {"name": "B", "note": 2}]
    assert "alleged" not in laid_over(stored, a_report())


BEFORE = {"narrative": ["A"], "facts.danger_now": ["unknown"], "alleged.0.name": ["X"]}
MERGES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], list[str]]] = [
    (BEFORE, BEFORE, BEFORE, []),
    ({**BEFORE, "narrative": ["B"]}, BEFORE, {**BEFORE, "narrative": ["B"]}, []),
    (BEFORE, {**BEFORE, "narrative": ["C"]}, {**BEFORE, "narrative": ["C"]}, []),
    ({**BEFORE, "narrative": ["B"]}, {**BEFORE, "narrative": ["C"]}, {**BEFORE, "narrative": ["B"]}, ["narrative"]),
    ({**BEFORE, "narrative": ["B"]}, {**BEFORE, "narrative": ["B"]}, {**BEFORE, "narrative": ["B"]}, []),
    (
        {**BEFORE, "narrative": ["B"]},
        {**BEFORE, "facts.danger_now": ["yes"]},
        {**BEFORE, "narrative": ["B"], "facts.danger_now": ["yes"]},
        [],
    ),
    (
        {**BEFORE, "alleged.0.name": ["Y"]},
        {**BEFORE, "alleged.1.name": ["Z"]},
        {**BEFORE, "alleged.0.name": ["Y"]},
        ["alleged"],
    ),
    (
        {**BEFORE, "place.incident.text": ["a"]},
        {**BEFORE, "place.incident.text": ["b"], "place.incident.unit_code": ["9190"]},
        {**BEFORE, "place.incident.text": ["a"]},
        ["place.incident.text"],
    ),
]


@pytest.mark.parametrize(("mine", "theirs", "merged", "both"), MERGES)
def test_what_one_person_changed_is_kept_and_what_both_did_is_told(
    mine: dict[str, Any], theirs: dict[str, Any], merged: dict[str, Any], both: list[str]
) -> None:
    assert merge(BEFORE, mine, theirs) == (merged, both)


def test_what_one_person_emptied_stays_empty() -> None:
    emptied = {name: texts for name, texts in BEFORE.items() if name != "narrative"}
    assert merge(BEFORE, emptied, BEFORE) == (emptied, [])
    assert merge(BEFORE, BEFORE, emptied) == (emptied, [])


FORMS = st.dictionaries(
    st.sampled_from(["narrative", "facts.danger_now", "subject.age_min", "alleged.0.name", "alleged.1.role"]),
    st.sampled_from([["a"], ["b"], ["c"]]),
)


@given(before=FORMS, mine=FORMS, theirs=FORMS)
def test_nothing_that_another_person_wrote_is_overwritten_untold(
    before: dict[str, list[str]], mine: dict[str, list[str]], theirs: dict[str, list[str]]
) -> None:
    merged, both = merge(before, mine, theirs)
    for name in {*theirs, *before}:
        if theirs.get(name) != before.get(name) and merged.get(name) != theirs.get(name):
            assert name.split(".")[0] in both or name in both
