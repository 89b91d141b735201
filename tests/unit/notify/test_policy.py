"""Escalation policies: what is refused, what becomes a plan, and that nothing is lost on the way to the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules.escalation import REPEAT, Position, Target
from services.notify.rules.policy import (
    CHANNELS,
    FIRST_ESCALATION,
    Named,
    Policy,
    PolicyStep,
    Seat,
    Wrong,
    checked,
    plan_document,
    plan_of,
    policy_document,
    read_plan,
    read_policy,
    scopes,
)
from shared.contracts.vocabulary import Level

WORKER = Seat("social-*", Position.WORKER)
DUTY = Seat("province-duty", None)
SOMEBODY = Named(UUID(int=7))
GOOD = Policy(
    "social-*",
    Level.URGENT,
    timedelta(minutes=5),
    (PolicyStep(timedelta(), (WORKER,)), PolicyStep(timedelta(minutes=15), (DUTY, SOMEBODY), all_must=True)),
)

seats: st.SearchStrategy[Seat | Named] = st.sampled_from([WORKER, DUTY, Seat("police-9190", Position.HEAD), SOMEBODY])
orders = st.lists(st.sampled_from(CHANNELS), unique=True).map(tuple)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    level = draw(st.sampled_from(Level))
    minutes = sorted(draw(st.sets(st.integers(1, 10_000), min_size=1, max_size=5)))
    steps = [
        PolicyStep(
            timedelta(minutes=after), (*draw(st.lists(seats, max_size=3)), WORKER), draw(st.booleans()), draw(orders)
        )
        for after in (0, *minutes)
    ]
    return Policy("social-*", level, draw(st.timedeltas(timedelta(seconds=60), REPEAT[level])), tuple(steps))


def test_a_policy_that_keeps_the_floor_is_accepted() -> None:
    assert checked(GOOD) == ()


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        (replace(GOOD, steps=()), Wrong(None, "no_steps")),
        (replace(GOOD, team="everybody"), Wrong(None, "team")),
        (replace(GOOD, repeat=timedelta(minutes=11)), Wrong(None, "repeat")),
        (replace(GOOD, repeat=timedelta()), Wrong(None, "repeat")),
        (replace(GOOD, steps=(PolicyStep(timedelta(minutes=1), (WORKER,)),)), Wrong(1, "first_step_at_once")),
        (replace(GOOD, steps=(GOOD.steps[0], GOOD.steps[0])), Wrong(2, "later_than_before")),
        (
            replace(GOOD, steps=(GOOD.steps[0], PolicyStep(timedelta(minutes=61), (DUTY,)))),
            Wrong(2, "too_late"),
        ),
        (replace(GOOD, steps=(PolicyStep(timedelta(), ()), GOOD.steps[1])), Wrong(1, "no_targets")),
        (
            replace(GOOD, steps=(GOOD.steps[0], PolicyStep(timedelta(minutes=9), (SOMEBODY,)))),
            Wrong(None, "last_step_needs_duty"),
        ),
        (replace(GOOD, steps=(PolicyStep(timedelta(), (DUTY,), channels=("fax",)),)), Wrong(1, "channel")),
        (replace(GOOD, steps=(PolicyStep(timedelta(), (DUTY,), channels=("sms", "sms")),)), Wrong(1, "channel_twice")),
    ],
)
def test_what_would_page_too_late_or_nobody_is_refused(changed: Policy, wrong: Wrong) -> None:
    assert wrong in checked(changed)


@given(policies())
def test_what_is_accepted_pages_at_once_and_again_within_the_levels_time(policy: Policy) -> None:
    if not checked(policy):
        assert policy.steps[0].after == timedelta()
        assert policy.repeat <= REPEAT[policy.level]
        assert len(policy.steps) == 1 or policy.steps[1].after <= FIRST_ESCALATION[policy.level]


@given(policies())
def test_a_policy_and_its_plan_are_read_as_they_were_written(policy: Policy) -> None:
    whole = replace(policy, repeat=timedelta(seconds=int(policy.repeat.total_seconds())))
    assert read_policy(policy_document(whole)) == whole
    plan = plan_of(whole, 3, 9190)
    assert plan is not None
    assert read_plan(plan_document(plan)) == plan


def test_a_plan_names_the_communes_own_team_the_whole_team_and_a_person() -> None:
    plan = plan_of(GOOD, 1, 9190)
    assert plan is not None
    assert plan.steps[0].targets == (Target("social-9190", Position.WORKER),)
    assert plan.steps[1].targets == (
        Target("province-duty", Position.WORKER),
        Target("province-duty", Position.HEAD),
        Target(f"person:{UUID(int=7)}", Position.WORKER),
    )
    assert plan.steps[1].all_must


def test_a_case_without_a_commune_follows_no_policy_that_needs_one() -> None:
    assert plan_of(GOOD, 1, None) is None
    assert read_plan(None) is None


def test_the_most_particular_policy_comes_first() -> None:
    assert scopes("social-9190") == ("social-9190", "social-*")
    assert scopes("province-duty") == ("province-duty",)
