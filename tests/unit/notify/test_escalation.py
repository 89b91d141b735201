from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules.contact import ContactChannel
from services.notify.rules.escalation import REPEAT, OnDuty, Position, Target, choose, choose_last, next_due, steps
from shared.contracts.vocabulary import Level, Where

RECEIVED = datetime(2026, 11, 28, 7, 10, tzinfo=UTC)
UNIT = 9190
DAY = timedelta(hours=26, minutes=50)
WORKER, HEAD = Position.WORKER, Position.HEAD


def minutes(level: Level, where: Where = Where.COMMUNE, within: timedelta = DAY) -> list[int]:
    return [int(step.after.total_seconds() // 60) for step in steps(level, where, UNIT, within)]


def teams(level: Level, where: Where, unit_code: int | None = UNIT) -> list[list[str]]:
    plan = steps(level, where, unit_code, DAY)
    return [[f"{target.team_code} {target.position.value}" for target in step.targets] for step in plan]


def test_an_immediate_commune_case_pages_worker_head_and_police_then_chair_and_province_then_committee() -> None:
    assert teams(Level.IMMEDIATE, Where.COMMUNE) == [
        ["social-9190 worker", "social-9190 head", "police-9190 worker"],
        ["leaders-9190 head", "province-duty worker"],
        ["province-committee head"],
    ]
    assert minutes(Level.IMMEDIATE) == [0, 10, 20]


@pytest.mark.parametrize(
    ("level", "times"), [(Level.URGENT, [0, 30, 60, 120]), (Level.PRIORITY, [0, 240, 1440]), (Level.ROUTINE, [0, 1610])]
)
def test_the_other_levels_climb_one_by_one(level: Level, times: list[int]) -> None:
    assert minutes(level) == minutes(level, Where.PROVINCE) == times
    ladder = [["social-9190 worker"], ["social-9190 head"], ["province-duty worker"], ["province-committee head"]]
    assert teams(level, Where.COMMUNE) == ladder[: len(times)]


@pytest.mark.parametrize("level", Level)
def test_a_province_case_never_pages_the_commune(level: Level) -> None:
    assert all(team.startswith("province-") for step in teams(level, Where.PROVINCE) for team in step)


def test_an_immediate_province_case_starts_with_duty_head_and_police() -> None:
    assert teams(Level.IMMEDIATE, Where.PROVINCE) == [
        ["province-duty worker", "province-duty head", "province-police worker"],
        ["province-committee head"],
    ]


@pytest.mark.parametrize("level", Level)
def test_a_case_without_a_known_place_is_the_provinces(level: Level) -> None:
    assert teams(level, Where.COMMUNE, None) == teams(level, Where.PROVINCE)


def test_a_report_that_must_be_read_within_the_hour_goes_to_the_head_after_it() -> None:
    assert minutes(Level.PRIORITY, within=timedelta(hours=1)) == [0, 60, 1440]


@given(st.sampled_from(Level), st.sampled_from(Where), st.timedeltas(timedelta(minutes=1), timedelta(days=7)))
def test_times_only_grow(level: Level, where: Where, within: timedelta) -> None:
    plan = steps(level, where, UNIT, within)
    assert plan[0].after == timedelta()
    assert all(one.after < next_one.after for one, next_one in pairwise(plan))
    assert all(step.targets for step in plan)


PLAN = steps(Level.IMMEDIATE, Where.COMMUNE, UNIT, DAY)
TARGETS = [target for step in PLAN for target in step.targets]


def person(target: Target, person_id: UUID | None = None, *, reachable: bool = True) -> OnDuty:
    return OnDuty(person_id or uuid4(), target, "+84990100001", ContactChannel.SMS if reachable else None)


def everyone(plan: Sequence[Target] = TARGETS) -> Mapping[Target, Sequence[OnDuty]]:
    return {target: [person(target)] for target in plan}


def test_a_step_pages_everybody_on_duty_for_it() -> None:
    on_duty = everyone()
    firing = choose(PLAN, 1, on_duty)
    assert firing is not None
    assert firing.step == 1
    assert [one.target for one in firing.people] == list(PLAN[0].targets)


def test_a_person_on_duty_twice_is_paged_once() -> None:
    same = uuid4()
    firing = choose(PLAN, 1, {target: [person(target, same)] for target in PLAN[0].targets})
    assert firing is not None
    assert len(firing.people) == 1


def test_steps_that_reach_nobody_are_passed_and_named() -> None:
    firing = choose(PLAN, 1, everyone(PLAN[2].targets))
    assert firing is not None
    assert (firing.step, firing.skipped) == (3, (1, 2))


def test_nobody_at_all_is_no_firing() -> None:
    assert choose(PLAN, 1, {}) is None
    assert choose(PLAN, 4, everyone()) is None


def test_the_last_step_is_repeated_and_without_anybody_there_the_last_one_that_has_somebody() -> None:
    everybody = everyone()
    last = choose_last(PLAN, everybody)
    assert last is not None
    assert (last.step, last.skipped) == (3, ())
    (committee,) = everybody[PLAN[2].targets[0]]
    before = choose_last(PLAN, everybody, {committee.person_id})
    assert before is not None
    assert (before.step, [one.target for one in before.people]) == (2, list(PLAN[1].targets))
    assert choose_last(PLAN, {}) is None


people_on_duty = st.dictionaries(
    st.sampled_from(TARGETS),
    st.lists(st.tuples(st.integers(0, 6).map(lambda number: UUID(int=number)), st.booleans()), max_size=3),
)
some_people = st.sets(st.integers(0, 6).map(lambda number: UUID(int=number)))


@given(people_on_duty, some_people, some_people, st.integers(1, 3))
def test_excluded_spent_and_unreachable_people_are_never_paged_and_anybody_else_is_found(
    found: Mapping[Target, Sequence[tuple[UUID, bool]]], excluded: set[UUID], spent: set[UUID], first: int
) -> None:
    on_duty = {
        target: [person(target, person_id, reachable=reachable) for person_id, reachable in persons]
        for target, persons in found.items()
    }
    allowed = {
        (number, one.person_id)
        for number, step in enumerate(PLAN, 1)
        if number >= first
        for target in step.targets
        for one in on_duty.get(target, ())
        if one.reachable and one.person_id not in excluded | spent
    }
    firing = choose(PLAN, first, on_duty, excluded, spent)
    if firing is None:
        assert not allowed
        return
    earliest = min(number for number, _ in allowed)
    assert firing.step == earliest
    assert {one.person_id for one in firing.people} == {
        person_id for number, person_id in allowed if number == earliest
    }
    assert len({one.person_id for one in firing.people}) == len(firing.people)
    assert firing.skipped == tuple(range(first, earliest))


def due(fired: int, now: datetime, level: Level = Level.IMMEDIATE) -> timedelta:
    return next_due(steps(level, Where.COMMUNE, UNIT, DAY), fired, REPEAT[level], RECEIVED, now) - RECEIVED


def test_a_step_that_fires_on_time_keeps_the_next_at_its_time_from_receipt() -> None:
    assert due(1, RECEIVED + timedelta(seconds=3)) == timedelta(minutes=10)
    assert due(2, RECEIVED + timedelta(minutes=10, milliseconds=200)) == timedelta(minutes=20)


def test_a_step_that_fires_early_brings_the_next_forward_by_its_own_gap() -> None:
    assert due(2, RECEIVED + timedelta(minutes=2)) == timedelta(minutes=12)


def test_after_an_outage_whoever_is_paged_has_the_gap_to_answer() -> None:
    assert due(1, RECEIVED + timedelta(hours=5)) == timedelta(hours=5, minutes=10)


@pytest.mark.parametrize("level", Level)
def test_the_last_step_repeats_from_now(level: Level) -> None:
    last = len(steps(level, Where.COMMUNE, UNIT, DAY))
    repeat = timedelta(minutes=10) if level >= Level.URGENT else timedelta(hours=4)
    assert due(last, RECEIVED + timedelta(days=2), level) == timedelta(days=2) + repeat
    assert REPEAT[level] == repeat


@given(st.sampled_from(Level), st.integers(1, 3), st.timedeltas(timedelta(), timedelta(days=3)))
def test_the_next_step_is_always_later_than_now(level: Level, fired: int, passed: timedelta) -> None:
    assert due(fired, RECEIVED + passed, level) > passed
