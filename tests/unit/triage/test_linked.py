from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.triage.rules.case import decide
from services.triage.rules.clocks import deadlines, soonest
from services.triage.rules.linked import may_rise, risen
from services.triage.rules.routing import Surroundings
from shared.contracts.vocabulary import Level
from tests.unit.triage.reports import RECEIVED, a_report, fired

HERE = Surroundings()
MILD = a_report(concerns=["self_harm"], facts={"danger_now": "no", "with_safe_adult": "yes"})
levels = st.sampled_from(Level)


def test_a_risen_case_has_the_clocks_and_the_route_of_its_new_level() -> None:
    before = decide(MILD, None, HERE)
    assert before.level is Level.PRIORITY
    after = risen(before, MILD, Level.IMMEDIATE, HERE)
    assert after.level is Level.IMMEDIATE
    assert after.clocks == deadlines(Level.IMMEDIATE, RECEIVED)
    assert (before.route.lead, after.route.lead) == ("social-9190", "health-9190")
    assert (after.rules, after.rule_level) == (before.rules, Level.PRIORITY)


@pytest.mark.parametrize("level", [Level.ROUTINE, Level.PRIORITY])
def test_a_level_that_is_not_higher_changes_nothing(level: Level) -> None:
    before = decide(MILD, None, HERE)
    assert risen(before, MILD, level, HERE) is before


def test_what_a_person_lowered_rises_only_above_the_level_it_was_lowered_from() -> None:
    lowered = replace(decide(MILD, None, HERE), level=Level.ROUTINE, lowered_from=Level.URGENT)
    assert risen(lowered, MILD, Level.URGENT, HERE) is lowered
    graver = risen(lowered, MILD, Level.IMMEDIATE, HERE)
    assert (graver.level, graver.lowered_from) == (Level.IMMEDIATE, None)


@given(own=levels, lowered_from=st.none() | levels, other=levels)
def test_a_level_never_falls_and_a_deadline_never_becomes_later(
    own: Level, lowered_from: Level | None, other: Level
) -> None:
    clocks = deadlines(own, RECEIVED - timedelta(hours=1))
    before = replace(decide(MILD, None, HERE), level=own, lowered_from=lowered_from, clocks=clocks)
    after = risen(before, MILD, other, HERE)
    assert after.level == (other if may_rise(before, other) else own)
    assert after.level >= own
    assert soonest(before.clocks, after.clocks) == after.clocks
    assert risen(after, MILD, other, HERE) is after


@pytest.mark.parametrize(("earlier", "level"), [(0, None), (1, Level.PRIORITY), (2, Level.URGENT), (7, Level.URGENT)])
def test_r18_by_the_number_of_earlier_reports(earlier: int, level: Level | None) -> None:
    said = {"earlier_reports_12_months": earlier, "facts": {"danger_now": "no"}}
    assert ("R18" in fired(**said)) is (level is not None)
    decision = decide(a_report(**said), None, HERE)
    assert [rule.level for rule in decision.rules if rule.id == "R18"] == ([level] if level else [])
