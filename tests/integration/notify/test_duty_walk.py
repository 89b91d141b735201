"""Random changes of a roster on a real database: `duty` tells what the schedule computes, and the past never changes.

Two changes at once, and two jobs at once, end as one after the other would.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import RowMapping, delete, insert, select

from services.notify import duty_store
from services.notify.contacts import load_numbers
from services.notify.handlers.fill_rosters import fill_rosters
from services.notify.handlers.keep_own_days import set_own_day
from services.notify.handlers.plan_duty import DutyRefusedError, add_entry, add_rotation, cancel_entry, end_rotation
from services.notify.handlers.tell_handover import tell_handover
from services.notify.models import PLANS, SCHEMA, duty, messages, people
from services.notify.rules.schedule import Entry, Rotation, Source, turns
from shared.events import EVENTS_SCHEMA
from tests.integration.notify.test_duty import DAILY, SECOND, WORKER, add_second, rotate, who
from tests.integration.notify.world import ID, NOON, World
from tests.support.postgres import Postgres

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THIRD = UUID(int=79)
CREW = (ID["worker"], SECOND, THIRD)
AHEAD = 14 * DAY

crew = st.sampled_from(CREW)
entries = st.builds(
    lambda source, person, begin, length, replaces: (source, person, begin, length, replaces),
    st.sampled_from([Source.SHIFT, Source.OVERRIDE, Source.REPLACEMENT, Source.SWAP]),
    crew,
    st.integers(-48, 200),
    st.integers(1, 90),
    crew,
)
rotations = st.builds(
    Rotation,
    layer=st.integers(1, 2),
    members=st.lists(crew, min_size=1, max_size=3).map(tuple),
    handover=st.sampled_from([time(8), time(20, 30)]),
    zone=st.sampled_from(["Asia/Ho_Chi_Minh", "America/Chicago"]),
    period_days=st.integers(1, 8),
    starts_on=st.dates(date(2026, 11, 20), date(2026, 12, 5)),
    until=st.none() | st.dates(date(2026, 12, 1), date(2026, 12, 12)),
    weekdays=st.frozensets(st.integers(0, 6), max_size=3),
    hours=st.none() | st.just((time(20), time(6))),
    holiday_members=st.just(()) | st.tuples(crew),
)
steps = st.one_of(
    st.tuples(st.just("enter"), entries),
    st.tuples(st.just("rotate"), rotations),
    st.tuples(st.just("cancel"), st.integers(0, 20)),
    st.tuples(st.just("end"), st.integers(0, 20)),
    st.tuples(st.just("holiday"), st.integers(0, 14)),
    st.tuples(st.just("wait"), st.integers(1, 80)),
    st.tuples(st.just("fill"), st.none()),
)


class Roster:
    """A position whose plan changes; every change is checked."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.made: dict[str, list[UUID]] = {"enter": [], "rotate": []}

    async def clear(self) -> None:
        async with self.world.database.transaction() as connection:
            for table in (PLANS.rosters, PLANS.rotations, PLANS.entries, PLANS.own_days, duty):
                await connection.execute(delete(table))
            standing = {"team_code": WORKER.team_code, "position": "worker", "person_id": ID["worker"]}
            await connection.execute(insert(duty).values(**standing, starts_at=NOON - DAY, source="standing"))
        self.world.clock.advance(NOON - self.world.clock.now())

    async def do(self, what: str, with_: object) -> None:
        now = self.world.clock.now()
        match what, with_:
            case "wait", int(hours):
                self.world.clock.advance(hours * HOUR)
            case "fill", _:
                await fill_rosters(self.world.database, now)
            case "enter", (Source() as source, UUID() as person, int(begin), int(length), UUID() as replaces):
                starts_at = now + begin * HOUR
                given = replaces if source in {Source.REPLACEMENT, Source.SWAP} else None
                entry = Entry(source, person, starts_at, starts_at + length * HOUR, given)
                async with self.world.database.transaction() as connection:
                    made = await add_entry(connection, WORKER, entry, by=None, now=now, elsewhere=True)
                self.made["enter"].append(made)
            case "rotate", Rotation() as rotation:
                self.made["rotate"].append(await rotate(self.world, rotation))
            case "cancel", int(number) if self.made["enter"]:
                made = self.made["enter"][number % len(self.made["enter"])]
                async with self.world.database.transaction() as connection:
                    await cancel_entry(connection, made, by=None, now=now)
            case "end", int(number) if self.made["rotate"]:
                made = self.made["rotate"][number % len(self.made["rotate"])]
                async with self.world.database.transaction() as connection:
                    await end_rotation(connection, made, now=now)
            case "holiday", int(number):
                async with self.world.database.transaction() as connection:
                    day = NOON.date() + number * DAY
                    await set_own_day(connection, day, holiday=True, name="x", now=now)
            case _:
                pass

    async def rows(self) -> list[RowMapping]:
        of = (duty.c.team_code == WORKER.team_code) & (duty.c.position == WORKER.position.value)
        async with self.world.database.reading() as connection:
            return list((await connection.execute(select(duty).where(of).order_by(duty.c.id))).mappings())

    async def expected(self) -> Callable[[datetime], set[UUID]]:
        now = self.world.clock.now()
        async with self.world.database.reading() as connection:
            plan = await duty_store.plan_of(connection, WORKER, now)
            free = await duty_store.holidays_around(connection, now, now + AHEAD)
        planned = turns(plan, now, now + AHEAD, free)
        return lambda at: {one.person_id for one in planned if one.starts_at <= at and (one.ends_at or at + DAY) > at}


def there(rows: list[RowMapping], at: datetime) -> set[UUID]:
    return {row["person_id"] for row in rows if row["starts_at"] <= at and (row["ends_at"] or at + DAY) > at}


def past(rows: list[RowMapping], before: datetime) -> list[set[UUID]]:
    first = NOON - DAY
    moments = [first + number * HOUR for number in range(int((before - first) / HOUR))]
    return [there(rows, at) for at in moments]


async def check(roster: Roster) -> None:
    now = roster.world.clock.now()
    rows, expected = await roster.rows(), await roster.expected()
    edges = {edge for row in rows for edge in (row["starts_at"], row["ends_at"]) if edge and now < edge < now + AHEAD}
    for at in sorted(edges | {now} | {now + number * 3 * HOUR for number in range(112)}):
        assert there(rows, at) == expected(at), at


async def walk(roster: Roster, changes: list[tuple[str, object]]) -> None:
    await roster.clear()
    for what, with_ in changes:
        now, before = roster.world.clock.now(), await roster.rows()
        try:
            await roster.do(what, with_)
        except DutyRefusedError:
            assert await roster.rows() == before
            continue
        after = await roster.rows()
        assert past(after, now) == past(before, now)
        if what not in {"wait", "fill"} and any(roster.made.values()):
            await check(roster)


@pytest.fixture
def random_world(postgres: Postgres) -> Callable[[list[tuple[str, object]]], None]:
    """Return what walks a list of changes, on one database for all lists."""

    def run(changes: list[tuple[str, object]]) -> None:
        async def alone() -> None:
            async with postgres.database([EVENTS_SCHEMA, SCHEMA]) as database:
                world = World(database)
                await world.load()
                await add_second(world)
                await add_third(world)
                await walk(Roster(world), changes)

        asyncio.run(alone())

    return run


async def add_third(world: World) -> None:
    row = {"id": THIRD, "name": "Lê Văn Ba", "position": "worker"}
    async with world.database.transaction() as connection:
        await connection.execute(insert(people).values(**row, team_code=WORKER.team_code))
        await load_numbers(connection, [(THIRD, "+84990109997")], NOON)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(steps, min_size=3, max_size=14))
@example(changes=[("enter", (Source.SHIFT, SECOND, 5, 9, SECOND)), ("cancel", 0)])
def test_duty_always_tells_what_is_planned_and_the_past_stays(
    random_world: Callable[[list[tuple[str, object]]], None], changes: list[tuple[str, object]]
) -> None:
    random_world(changes)


async def test_two_changes_of_a_roster_at_once_both_count(world: World) -> None:
    await add_second(world)
    await add_third(world)
    roster = Roster(world)

    async def override(person: UUID, begin: int) -> None:
        entry = Entry(Source.OVERRIDE, person, NOON + begin * HOUR, NOON + (begin + 2) * HOUR)
        async with world.database.transaction() as connection:
            await add_entry(connection, WORKER, entry, by=None, now=NOON)

    await asyncio.gather(*(override((SECOND, THIRD)[number % 2], 3 * number) for number in range(6)), rotate(world))
    for number in range(6):
        assert await who(world, NOON + (3 * number + 1) * HOUR) == [(SECOND, THIRD)[number % 2]]
    await check(roster)


async def test_the_same_rotation_ended_twice_at_once_ends_once(world: World) -> None:
    await add_second(world)
    rotation = await rotate(world)

    async def end() -> bool:
        try:
            async with world.database.transaction() as connection:
                await end_rotation(connection, rotation, now=NOON)
        except DutyRefusedError:
            return False
        return True

    assert sorted(await asyncio.gather(end(), end(), end())) == [False, False, True]
    assert await who(world, NOON + DAY) == [ID["worker"]]


async def test_two_notice_jobs_at_once_send_one_sms(world: World) -> None:
    await add_second(world)
    entry = Entry(Source.OVERRIDE, SECOND, NOON, NOON + DAY)
    async with world.database.transaction() as connection:
        await add_entry(connection, WORKER, entry, by=None, now=NOON)
    told = await asyncio.gather(*(tell_handover(world.database, world.desk) for _ in range(4)))
    assert sum(told) == 1
    await world.work()
    assert [sms.to for sms in world.carrier.new()] == ["+84990109999"]
    async with world.database.reading() as connection:
        assert (
            len((await connection.execute(select(messages.c.id).where(messages.c.kind == "duty_handover"))).all()) == 1
        )


async def test_two_fills_at_once_write_a_turn_once(world: World) -> None:
    await add_second(world)
    async with world.database.transaction() as connection:
        await add_rotation(connection, WORKER, DAILY, by=None, now=NOON)
    world.clock.advance(50 * DAY)
    await asyncio.gather(*(fill_rosters(world.database, world.clock.now()) for _ in range(3)))
    rows = await Roster(world).rows()
    begun = [row["starts_at"] for row in rows]
    assert len(set(begun)) == len(begun)
    await check(Roster(world))
