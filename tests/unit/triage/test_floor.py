"""Turning a reassuring answer into unknown never lowers a level."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.triage.rules.situation import Situation
from services.triage.rules.urgency import assess
from shared.contracts.events import ChildInHome
from shared.contracts.facts import OTHER_VALUED, YES_NO_FACTS, Facts
from shared.contracts.vocabulary import AgeBasis, AllegedRole, Answer, Concern, SubjectKind, Suicide, When

ages = st.one_of(st.none(), st.sampled_from([0.0, 0.25, 5 / 12, 0.9, 1.0, 3.9, 4.0, 5.9, 6.0, 10.0, 16.0, 18.0, 40.0]))


def answers() -> st.SearchStrategy[Answer]:
    """Mostly unknown, so that a single answer often decides."""
    return st.sampled_from([Answer.UNKNOWN, Answer.UNKNOWN, Answer.UNKNOWN, Answer.NO, Answer.NO, Answer.YES])


REASSURING_ANSWERS = {
    "danger_now": Answer.NO,
    "life_threatening_condition": Answer.NO,
    "alleged_has_access": Answer.NO,
    "others_exposed": Answer.NO,
    "with_safe_adult": Answer.YES,
    "independently_mobile": Answer.YES,
}
GRAVE = set(YES_NO_FACTS) - set(REASSURING_ANSWERS) - {"injured", "injury_marks"}

few_yes = st.sets(st.sampled_from(sorted(GRAVE)), max_size=2)


@st.composite
def some_facts(draw: st.DrawFn) -> Facts:
    said: dict[str, Any] = dict.fromkeys(draw(few_yes), Answer.YES)
    for name in sorted(set(YES_NO_FACTS) - GRAVE):
        said[name] = draw(answers())
    said["suicide"] = draw(st.sampled_from([Suicide.UNKNOWN, Suicide.UNKNOWN, Suicide.NONE, *Suicide]))
    said["when"] = draw(st.sampled_from(When))
    said["hours_since_sexual_contact"] = draw(st.sampled_from([None, None, None, 0.0, 119.0, 500.0]))
    return Facts(**said)


@st.composite
def children(draw: st.DrawFn) -> ChildInHome:
    low = draw(ages)
    return ChildInHome(age_min=low, age_max=low, disabled=draw(answers()))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    low = draw(ages)
    return Situation(
        facts=draw(some_facts()),
        subject_kind=draw(st.sampled_from(SubjectKind)),
        age_min=low,
        age_max=low if low is None else low + draw(st.sampled_from([0.0, 1.0, 5.0])),
        age_basis=draw(st.sampled_from(AgeBasis)),
        disabled=draw(answers()),
        children_in_home=tuple(draw(st.lists(children(), max_size=2))),
        concerns=draw(st.frozensets(st.sampled_from(Concern), max_size=2)),
        alleged_roles=draw(st.frozensets(st.sampled_from(AllegedRole), max_size=1)),
        earlier_reports=draw(st.sampled_from([0, 0, 0, 1, 2])),
        incident_unit_code=draw(st.sampled_from([9190, 9190, None])),
        residence_unit_code=draw(st.sampled_from([9190, 9193, None])),
        current_unit_code=draw(st.sampled_from([9190, 9193, None])),
    )


def unsaid(situation: Situation, name: str) -> Situation:
    return replace(situation, facts=situation.facts.model_copy(update={name: Answer.UNKNOWN}))


def less_reassuring(situation: Situation) -> list[tuple[str, Situation]]:
    """Every way to turn one reassuring answer of the report into unknown."""
    said = [name for name, answer in REASSURING_ANSWERS.items() if getattr(situation.facts, name) is answer]
    found = [(name, unsaid(situation, name)) for name in said]
    if situation.age_min is not None and situation.age_min >= 6:
        found.append(("age_min", replace(situation, age_min=None)))
        found.append(("age", replace(situation, age_min=None, age_max=None, age_basis=AgeBasis.UNKNOWN)))
    for index, child in enumerate(situation.children_in_home):
        if child.age_min is not None and child.age_min >= 6:
            home = list(situation.children_in_home)
            home[index] = child.model_copy(update={"age_min": None, "age_max": None})
            found.append((f"child {index}", replace(situation, children_in_home=tuple(home))))
    if situation.place_known:
        found.append(("place", replace(situation, incident_unit_code=None)))
    return found


@settings(max_examples=1500, deadline=None)
@given(situations())
def test_unknown_in_place_of_a_reassuring_answer_never_lowers_the_level(situation: Situation) -> None:
    before = assess(situation).level
    changed = less_reassuring(situation)
    assume(changed)
    for what, unsure in changed:
        assert assess(unsure).level >= before, what


@settings(max_examples=500, deadline=None)
@given(situations())
def test_every_report_gets_a_level_and_a_reason(situation: Situation) -> None:
    got = assess(situation)
    assert got.level == max(rule.level for rule in got.fired if rule.level is not None)
    assert [rule.id for rule in got.fired] == sorted(rule.id for rule in got.fired)


def test_generated_reports_cover_every_field() -> None:
    assert {field.name for field in fields(Situation)} == {
        "facts", "subject_kind", "age_min", "age_max", "age_basis", "disabled", "children_in_home",
        "concerns", "alleged_roles", "earlier_reports", "incident_unit_code",
        "residence_unit_code", "current_unit_code",
    }  # fmt: skip
    harmless = {"injured", "injury_marks"}
    assert set(Facts.model_fields) == GRAVE | set(REASSURING_ANSWERS) | OTHER_VALUED | harmless
