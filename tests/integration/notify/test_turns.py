"""Many cases for one person come together; the sender keeps its pace; nothing at Khẩn cấp waits, and nothing is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from services.notify.rules.allowance import Limits, person_allowances
from shared.contracts.events import CaseAssessed
from shared.contracts.vocabulary import Level
from tests.integration.notify.world import PHONE, World, assessed


@pytest.fixture
def few(world: World) -> World:
    """Three SMS in 30 seconds, ten in ten minutes."""
    world.desk = replace(world.desk, limits=Limits(person_allowances(10)))
    return world


async def run(world: World, *statements: str) -> None:
    async with world.database.transaction() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def later(world: World) -> None:
    """Let what was sent be long ago."""
    await run(world, "UPDATE notify.messages SET claimed_at = claimed_at - interval '11 minutes'")
    await world.work()


async def burst(world: World, *levels: Level) -> list[CaseAssessed]:
    events = [assessed(level) for level in levels]
    for event in events:
        await world.hear(event)
    await world.work()
    return events


async def test_the_first_go_at_once_and_the_rest_come_together_gravest_first(few: World) -> None:
    events = await burst(few, *[Level.URGENT] * 3, Level.PRIORITY, Level.ROUTINE, Level.URGENT, Level.PRIORITY)
    assert [sms.to for sms in few.carrier.new()] == [PHONE["worker"]] * 3
    for event in events[3:]:
        assert "held" in await few.story(event.case_code)
    await later(few)
    (sms,) = few.expect("worker")
    codes = [events[5].case_code, events[3].case_code, events[6].case_code]
    assert sms.body.startswith(f"BVTE: 4 ma cho nhan, cao nhat MUC GAP: {', '.join(codes)}. ")
    await later(few)
    few.silence()
    assert set(await few.message_states()) == {"accepted"}


async def test_each_case_of_a_bundle_is_taken_by_its_own_code(few: World) -> None:
    events = await burst(few, *[Level.URGENT] * 5)
    await later(few)
    few.carrier.new()
    await few.reply("worker", f"OK {events[4].case_code}")
    assert (await few.alert(events[4].case_code))["state"] == "acknowledged"
    assert (await few.alert(events[3].case_code))["state"] == "open"


async def test_one_that_waits_alone_says_its_own_text(few: World) -> None:
    events = await burst(few, *[Level.URGENT] * 4)
    few.carrier.new()
    await later(few)
    (sms,) = few.expect("worker")
    assert f"ma {events[3].case_code}. Nhan viec truoc" in sms.body


async def test_a_case_at_immediate_never_waits_and_carries_no_other(few: World) -> None:
    await burst(few, *[Level.URGENT] * 5)
    few.carrier.new()
    grave = await few.open(Level.IMMEDIATE)
    told = [sms for sms in few.carrier.new() if sms.to == PHONE["worker"]]
    assert [f"MUC KHAN CAP, ma {grave.case_code}." in sms.body for sms in told] == [True]


async def test_what_was_taken_meanwhile_is_not_in_the_bundle(few: World) -> None:
    events = await burst(few, *[Level.URGENT] * 6)
    few.carrier.new()
    await few.acknowledge(events[4].case_code, "head")
    await later(few)
    (sms,) = few.expect("worker")
    assert events[4].case_code not in sms.body
    assert events[3].case_code in sms.body
    assert events[5].case_code in sms.body


async def test_a_failed_bundle_fails_every_page_of_it_and_each_goes_on(few: World) -> None:
    events = await burst(few, *[Level.URGENT] * 5)
    few.carrier.new()
    await run(few, "UPDATE notify.messages SET claimed_at = claimed_at - interval '11 minutes'")
    await few.work()
    (sms,) = few.expect("worker")
    await few.report(sms, "undelivered", 30005)
    few.carrier.new()
    for event in events[3:]:
        assert "not_delivered" in await few.story(event.case_code)
        assert (await few.alert(event.case_code))["step"] == 2


async def test_a_bundle_whose_own_case_is_taken_before_it_left_frees_the_others(few: World) -> None:
    events = await burst(few, *[Level.URGENT] * 5)
    few.carrier.new()
    await run(few, "UPDATE notify.messages SET claimed_at = claimed_at - interval '11 minutes'")
    few.carrier.away = True
    await few.work()
    few.carrier.away = False
    async with few.database.reading() as connection:
        leader = await connection.scalar(
            text(
                "SELECT case_code FROM notify.messages JOIN notify.alerts USING (report_id) WHERE bundle_id = messages.id"
            )
        )
    other = next(event.case_code for event in events[3:] if event.case_code != leader)
    await few.acknowledge(str(leader), "head")
    await later(few)
    await later(few)
    (sms,) = few.expect("worker")
    assert f"ma {other}. Nhan viec truoc" in sms.body


async def test_two_processes_count_together(few: World) -> None:
    for _ in range(6):
        await few.hear(assessed(Level.URGENT))
    work = await few.take_work()
    await asyncio.gather(*(few.send(UUID(body["message_id"])) for body in work))
    assert len(few.carrier.new()) == 3


async def test_the_sender_keeps_its_pace_gravest_first_and_immediate_at_once(world: World) -> None:
    world.desk = replace(world.desk, limits=Limits((), "BVTE", 0.001))
    first, second, third = await burst(world, Level.ROUTINE, Level.ROUTINE, Level.URGENT)
    assert [first.case_code in sms.body for sms in world.carrier.new()] == [True]
    grave = await world.open(Level.IMMEDIATE)
    assert all(grave.case_code in sms.body for sms in world.carrier.new())
    due = "UPDATE notify.messages SET held_until = now() - interval '1 second' WHERE held_until IS NOT NULL"
    free = "UPDATE notify.sender_pace SET free_at = now() - interval '1 second'"
    await run(world, due, free)
    await world.work()
    assert [third.case_code in sms.body for sms in world.carrier.new()] == [True]
    await run(world, due, free)
    await world.work()
    assert [second.case_code in sms.body for sms in world.carrier.new()] == [True]
