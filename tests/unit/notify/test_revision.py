from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules.revision import (
    LeadExcluded,
    LevelRaised,
    Lowered,
    Moved,
    Standing,
    Updated,
    UpToDate,
    compare,
)
from shared.contracts.vocabulary import Level, Where

WORKER = UUID(int=1)
OPEN = Standing(1, "open", Level.URGENT, Where.COMMUNE, 9190, None, frozenset())
TAKEN = replace(OPEN, state="acknowledged", acknowledged_by=WORKER)
CLOSED = replace(TAKEN, state="closed")
NEXT = replace(OPEN, case_sequence=2)


@pytest.mark.parametrize("before", [OPEN, TAKEN, CLOSED])
def test_a_graver_level_counts_whatever_became_of_the_alert(before: Standing) -> None:
    assert compare(before, replace(NEXT, level=Level.IMMEDIATE)) == LevelRaised()


def test_a_lower_level_counts_only_where_a_person_lowered_it() -> None:
    after = replace(NEXT, level=Level.PRIORITY)
    assert compare(OPEN, after) == Updated()
    assert compare(OPEN, after, lowered=True) == compare(TAKEN, after, lowered=True) == Lowered()


@pytest.mark.parametrize("moved", [{"led_by": Where.PROVINCE}, {"unit_code": 9193}, {"unit_code": None}])
def test_an_open_alert_moves_with_its_case_and_a_taken_one_stays(moved: dict[str, object]) -> None:
    after = replace(NEXT, **moved)  # type: ignore[arg-type] # one field of its own type
    assert compare(OPEN, after) == Moved()
    assert compare(TAKEN, after) == compare(CLOSED, after) == Updated()


def test_whoever_took_it_loses_it_when_excluded() -> None:
    after = replace(NEXT, excluded_people=frozenset({WORKER}))
    assert compare(TAKEN, after) == LeadExcluded()
    assert compare(CLOSED, after) == compare(OPEN, after) == Updated()


standings = st.builds(
    Standing,
    st.integers(1, 3),
    st.sampled_from(["open", "acknowledged", "closed"]),
    st.sampled_from(Level),
    st.sampled_from(Where),
    st.sampled_from([None, 9190, 9193]),
    st.sampled_from([None, WORKER]),
    st.sampled_from([frozenset(), frozenset({WORKER})]),
)


@given(standings, standings)
def test_only_a_newer_revision_changes_anything(before: Standing, after: Standing) -> None:
    assert isinstance(compare(before, after), UpToDate) == (after.case_sequence <= before.case_sequence)


@given(standings)
def test_the_same_again_under_a_new_number_pages_nobody_unless_its_lead_was_excluded(before: Standing) -> None:
    change = compare(before, replace(before, case_sequence=before.case_sequence + 1))
    excluded = before.state == "acknowledged" and before.acknowledged_by in before.excluded_people
    assert change == (LeadExcluded() if excluded else Updated())
