"""Duty that is planned: what is written ahead, what the past keeps, and who is told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from services.notify import store
from services.notify.contacts import load_numbers
from services.notify.handlers.fill_rosters import HORIZON, fill_rosters
from services.notify.handlers.load_organisation import load_organisation
from services.notify.handlers.plan_duty import DutyRefusedError, add_entry, add_rotation, cancel_entry, end_rotation
from services.notify.handlers.tell_handover import tell_handover
from services.notify.models import CONTACTS, messages, people
from services.notify.rules.escalation import Position, Target
from services.notify.rules.schedule import Entry, Rotation, Source
from tests.integration.notify.world import ID, NOON, TEAMS, World, organisation

WORKER = Target(*TEAMS["worker"])
SECOND = UUID(int=77)
DAY = timedelta(days=1)
DAILY = Rotation(1, (ID["worker"], SECOND), time(8), "Asia/Ho_Chi_Minh", 1, date(2026, 11, 1))


async def add_second(world: World, language: str = "vi") -> None:
    row = {"id": SECOND, "name": "Trần Thị Hai"}
    async with world.database.transaction() as connection:
        seat = {"team_code": WORKER.team_code, "position": "worker", "language": language}
        await connection.execute(insert(people).values(**row, **seat))
        await load_numbers(connection, [(SECOND, "+84990109999")], NOON)


async def who(world: World, at: datetime, target: Target = WORKER) -> list[UUID]:
    async with world.database.reading() as connection:
        found = await store.who_is_on_duty(connection, {target.team_code}, at)
        return [person.person_id for person in found.by_target.get(target, ())]


async def rotate(world: World, rotation: Rotation = DAILY) -> UUID:
    async with world.database.transaction() as connection:
        return await add_rotation(connection, WORKER, rotation, by=None, now=world.clock.now())


async def test_a_rotation_takes_over_from_standing_duty_and_the_past_stays(world: World) -> None:
    await add_second(world)
    before = await who(world, NOON - timedelta(hours=1))
    await rotate(world)
    assert before == await who(world, NOON - timedelta(hours=1)) == [ID["worker"]]
    people_on = [await who(world, NOON + number * DAY) for number in range(60)]
    assert all(len(there) == 1 for there in people_on)
    assert people_on[::2] == [people_on[0]] * 30
    assert people_on[0] != people_on[1]
    assert await who(world, NOON + HORIZON + DAY) == []


async def test_the_end_of_a_rotation_gives_standing_duty_back_without_a_gap(world: World) -> None:
    await add_second(world)
    rotation = await rotate(world)
    world.clock.advance(3 * DAY)
    async with world.database.transaction() as connection:
        await end_rotation(connection, rotation, now=world.clock.now())
    assert await who(world, world.clock.now()) == [ID["worker"]]
    assert await who(world, world.clock.now() + 900 * DAY) == [ID["worker"]]
    assert await who(world, NOON + DAY) != await who(world, NOON + 2 * DAY)


async def test_the_job_may_stand_still_for_weeks(world: World) -> None:
    await add_second(world)
    await rotate(world)
    assert await fill_rosters(world.database, world.clock.now()) == 0
    world.clock.advance(50 * DAY)
    assert len(await who(world, world.clock.now())) == 1
    assert await fill_rosters(world.database, world.clock.now()) == 1
    assert len(await who(world, world.clock.now() + 59 * DAY)) == 1


async def test_an_override_is_taken_back_from_now_on_only(world: World) -> None:
    await add_second(world)
    override = Entry(Source.OVERRIDE, SECOND, NOON, NOON + DAY)
    async with world.database.transaction() as connection:
        made = await add_entry(connection, WORKER, override, by=None, now=NOON)
    assert await who(world, NOON + timedelta(hours=3)) == [SECOND]
    world.clock.advance(timedelta(hours=2))
    async with world.database.transaction() as connection:
        await cancel_entry(connection, made, by=None, now=world.clock.now())
    assert await who(world, NOON + timedelta(hours=1)) == [SECOND]
    assert await who(world, NOON + timedelta(hours=3)) == [ID["worker"]]


async def test_an_entry_that_ends_before_it_begins_or_names_a_stranger_is_refused(world: World) -> None:
    for entry in (
        Entry(Source.SHIFT, ID["worker"], NOON, NOON),
        Entry(Source.SHIFT, ID["worker"], NOON - DAY, NOON - timedelta(hours=1)),
        Entry(Source.SHIFT, UUID(int=9), NOON, NOON + DAY),
    ):
        with pytest.raises(DutyRefusedError):
            async with world.database.transaction() as connection:
                await add_entry(connection, WORKER, entry, by=None, now=NOON)
    assert await who(world, NOON) == [ID["worker"]]


async def test_loading_the_organisation_again_leaves_what_is_planned(world: World) -> None:
    await add_second(world)
    await rotate(world)
    before = [await who(world, NOON + number * DAY) for number in range(4)]
    async with world.database.transaction() as connection:
        await load_organisation(connection, *organisation(), now=NOON)
    assert [await who(world, NOON + number * DAY) for number in range(4)] == before


@pytest.mark.parametrize(("language", "words"), [("vi", "anh/chi truc tu 08:00 29/11"), ("en", "you are on duty from")])
async def test_whoever_comes_on_duty_is_told_once(world: World, language: str, words: str) -> None:
    await add_second(world, language)
    await rotate(world)
    await world.open()
    world.carrier.new()
    second_begins = datetime.combine(date(2026, 11, 29), time(1), NOON.tzinfo)
    if await who(world, second_begins) != [SECOND]:
        second_begins += DAY
    world.clock.advance(second_begins - timedelta(minutes=31) - NOON)
    await tell_handover(world.database, world.desk)
    await world.take_work()
    world.clock.advance(timedelta(minutes=2))
    assert await tell_handover(world.database, world.desk) == 1
    assert await tell_handover(world.database, world.desk) == 0
    await world.work()
    (sms,) = world.carrier.new()
    assert sms.to == "+84990109999"
    assert words.partition(" 08:00")[0] in sms.body
    assert "1 viec" in sms.body or "1 cases" in sms.body
    async with world.database.reading() as connection:
        kept = select(messages.c.report_id, messages.c.state).where(messages.c.kind == "duty_handover")
        assert {tuple(row) for row in await connection.execute(kept)} >= {(None, "accepted")}


async def test_a_notice_that_cannot_be_delivered_marks_the_number(world: World) -> None:
    await add_second(world)
    override = Entry(Source.OVERRIDE, SECOND, NOON, NOON + DAY)
    async with world.database.transaction() as connection:
        await add_entry(connection, Target(WORKER.team_code, Position.WORKER), override, by=None, now=NOON)
    assert await tell_handover(world.database, world.desk) == 1
    await world.work()
    (sms,) = world.carrier.new()
    await world.report(sms, "undelivered", 30005)
    async with world.database.reading() as connection:
        code = select(CONTACTS.contacts.c.failing_code).where(CONTACTS.contacts.c.person_id == SECOND)
        assert await connection.scalar(code) == 30005
