from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.notify.rules.escalation import Position, Step, Target, steps
from services.notify.rules.rehearsal import Chain, Covering, Hole, HoleKind, rehearse
from shared.contracts.vocabulary import Level, Where

A, B = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
END = NOW + timedelta(days=14)
HOUR = timedelta(hours=1)
FIRST, SECOND = Target("social-1", Position.WORKER), Target("social-1", Position.HEAD)
PLAN = (Step(timedelta(), (FIRST,)), Step(HOUR, (SECOND,)))
CHAIN = Chain(1, Level.URGENT, PLAN)


def always(person: UUID, *, reachable: bool = True) -> list[Covering]:
    return [Covering(person, NOW - HOUR, None, reachable)]


def seen(holes: list[Hole]) -> list[tuple[int, HoleKind, datetime, datetime]]:
    return [(hole.step, hole.kind, hole.starts_at, hole.ends_at) for hole in holes]


def test_a_chain_that_reaches_somebody_at_every_step_has_no_hole() -> None:
    assert rehearse([CHAIN], {FIRST: always(A), SECOND: always(B)}, NOW, END) == []


def test_a_night_without_anybody_is_one_hole_to_the_minute() -> None:
    begin, end = NOW + timedelta(days=4, minutes=17), NOW + timedelta(days=4, hours=10)
    turns = [Covering(A, NOW, begin, True), Covering(A, end, NOW + timedelta(days=7), True)]
    turns.append(Covering(B, NOW + timedelta(days=7), None, True))
    holes = rehearse([CHAIN], {FIRST: turns, SECOND: always(UUID(int=3))}, NOW, END)
    assert seen(holes) == [(1, HoleKind.NOBODY, begin, end)]


def test_a_name_that_cannot_be_reached_is_a_hole_of_its_own() -> None:
    holes = rehearse([CHAIN], {FIRST: always(A, reachable=False), SECOND: always(B)}, NOW, END)
    assert seen(holes) == [(1, HoleKind.UNREACHABLE, NOW, END)]


def test_a_step_that_asks_only_who_was_asked_before_is_a_hole() -> None:
    head = [Covering(B, NOW, NOW + HOUR, True), Covering(A, NOW + HOUR, NOW + 2 * HOUR, True)]
    head.append(Covering(B, NOW + 2 * HOUR, None, True))
    holes = rehearse([CHAIN], {FIRST: always(A), SECOND: head}, NOW, END)
    assert seen(holes) == [(2, HoleKind.TWICE, NOW + HOUR, NOW + 2 * HOUR)]


def test_an_open_case_lists_only_where_exclusion_empties_a_step() -> None:
    case = Chain(1, Level.URGENT, PLAN, "K7Q281", frozenset({A}))
    holes = rehearse([case], {FIRST: always(A), SECOND: always(B)}, NOW, END)
    assert [(hole.step, hole.kind, hole.case_code) for hole in holes] == [(1, HoleKind.EXCLUDED, "K7Q281")]
    barred = Chain(1, Level.URGENT, PLAN, "K7Q281", excluded_teams=frozenset({"social-1"}))
    assert {hole.step for hole in rehearse([barred], {FIRST: always(A), SECOND: always(B)}, NOW, END)} == {1, 2}


def test_every_unit_and_level_is_walked_once_for_each_step() -> None:
    chains = [
        Chain(unit, level, steps(level, Where.COMMUNE, unit, timedelta(days=1)))
        for unit in range(99)
        for level in Level
    ]
    holes = rehearse(chains, {}, NOW, END)
    assert len(holes) == sum(len(chain.steps) for chain in chains)
    assert {(hole.starts_at, hole.ends_at, hole.kind) for hole in holes} == {(NOW, END, HoleKind.NOBODY)}
