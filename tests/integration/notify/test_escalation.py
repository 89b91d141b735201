"""Paging goes on until a human acknowledges: on time, once each, whatever fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.notify.handlers.escalate_due import escalate_due
from shared.contracts.vocabulary import Level, Where
from tests.integration.notify.world import NOON, World, assessed


async def test_an_immediate_case_climbs_to_the_committee_which_is_paged_until_somebody_answers(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    world.expect("worker", "head", "police")
    await world.pass_time(minutes=9, seconds=59)
    world.silence()
    await world.pass_time(seconds=1)
    world.expect("chair", "province")
    await world.pass_time(minutes=10)
    world.expect("committee")
    for _ in range(3):
        await world.pass_time(minutes=9, seconds=59)
        world.silence()
        await world.pass_time(seconds=1)
        world.expect("committee")
    answer = await world.reply("committee", f"OK {event.case_code}")
    assert answer is not None
    assert "da nhan ma" in answer
    world.expect("worker", "head", "police", "chair", "province", says="Anh/chi khong can nhan nua")
    await world.pass_time(minutes=9)
    world.silence()
    await world.pass_time(minutes=1)
    world.expect("committee", says="chua ghi lien he dau tien")


@pytest.mark.parametrize(
    ("level", "waits"),
    [
        (Level.URGENT, [("head", 30), ("province", 30), ("committee", 60), ("committee", 10)]),
        (Level.PRIORITY, [("head", 240), ("province", 1200), ("province", 240)]),
        (Level.ROUTINE, [("head", 1610), ("head", 240)]),
    ],
)
async def test_a_commune_case_climbs_at_the_times_of_its_level(
    world: World, level: Level, waits: list[tuple[str, int]]
) -> None:
    await world.open(level)
    world.expect("worker")
    for who, minutes in waits:
        await world.pass_time(minutes=minutes - 1)
        world.silence()
        await world.pass_time(minutes=1)
        world.expect(who)


@pytest.mark.parametrize(
    ("level", "waits"),
    [
        (Level.IMMEDIATE, [("committee", 10), ("committee", 10)]),
        (Level.URGENT, [("province_head", 30), ("province_police", 30), ("committee", 60)]),
        (Level.PRIORITY, [("province_head", 240), ("province_police", 1200)]),
        (Level.ROUTINE, [("province_head", 1610)]),
    ],
)
async def test_a_province_case_climbs_within_the_province(
    world: World, level: Level, waits: list[tuple[str, int]]
) -> None:
    await world.open(level, where=Where.PROVINCE)
    world.carrier.new()
    for who, minutes in waits:
        await world.pass_time(minutes=minutes - 1)
        world.silence()
        await world.pass_time(minutes=1)
        world.expect(who)


async def test_steps_count_from_first_receipt_and_not_from_when_we_learnt_of_it(world: World) -> None:
    await world.open(Level.URGENT, received_at=NOON - timedelta(minutes=20))
    world.expect("worker")
    await world.pass_time(minutes=10)
    world.expect("head")


async def test_the_repeat_of_the_last_step_raises_an_alarm_again_after_it_was_silenced(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.pass_time(minutes=10)
    await world.pass_time(minutes=10)
    assert not await world.alarm(event.case_code)
    await world.pass_time(minutes=10)
    assert await world.alarm(event.case_code)
    await world.silence_alarm(event.case_code, "province")
    assert not await world.alarm(event.case_code)
    await world.pass_time(minutes=10)
    assert await world.alarm(event.case_code)


async def test_everybody_declining_moves_on_at_once_and_the_next_step_waits_its_own_gap(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    world.expect("worker", "head", "police")
    await world.pass_time(minutes=2)
    for who in ("worker", "head"):
        assert "da ghi anh/chi khong nhan" in str(await world.reply(who, f"KHONG {event.case_code}"))
    world.silence()
    await world.reply("police", f"2 {event.case_code}")
    world.expect("chair", "province")
    await world.pass_time(minutes=9)
    world.silence()
    await world.pass_time(minutes=1)
    world.expect("committee")


async def test_the_last_step_declining_does_not_page_in_a_tight_loop(world: World) -> None:
    event = await world.open(Level.IMMEDIATE, where=Where.PROVINCE)
    await world.pass_time(minutes=10)
    world.carrier.new()
    await world.reply("committee", f"KHONG {event.case_code}")
    await world.pass_time(seconds=1)
    world.silence()
    await world.pass_time(minutes=10)
    world.expect("committee")


async def test_whoever_declined_is_not_asked_again_at_a_higher_step(world: World) -> None:
    event = await world.open(Level.URGENT)
    async with world.database.transaction() as connection:
        await connection.execute(
            text(
                "UPDATE notify.duty SET person_id = (SELECT person_id FROM notify.pages) WHERE team_code = 'social-9190'"
            )
        )
    world.expect("worker")
    await world.reply("worker", f"KHONG {event.case_code}")
    world.expect("province")


async def test_a_person_may_ask_for_the_next_step_now(world: World) -> None:
    event = await world.open(Level.URGENT)
    world.expect("worker")
    assert "da chuyen cap" in str(await world.reply("worker", f"CHUYEN {event.case_code}"))
    world.expect("head")
    await world.pass_time(minutes=29)
    world.silence()


async def test_after_an_outage_every_overdue_alert_fires_one_step_in_the_first_sweep(world: World) -> None:
    codes = [(await world.open(Level.URGENT)).case_code for _ in range(45)]
    world.carrier.new()
    world.clock.advance(timedelta(hours=3))
    assert await escalate_due(world.database, world.desk) == 45
    assert await escalate_due(world.database, world.desk) == 0
    await world.work()
    world.expect(*["head"] * 45)
    assert {(await world.alert(code))["step"] for code in codes} == {2}


async def test_two_instances_that_sweep_at_once_page_once(world: World) -> None:
    for _ in range(60):
        await world.hear(assessed(Level.URGENT))
    await world.work()
    world.carrier.new()
    world.clock.advance(timedelta(minutes=30))
    fired = await asyncio.gather(*(escalate_due(world.database, world.desk) for _ in range(4)))
    assert sum(fired) == 60
    await world.work()
    world.expect(*["head"] * 60)


async def test_an_alert_that_somebody_acts_on_just_now_holds_up_no_other(world: World) -> None:
    held, free = await world.open(Level.URGENT), await world.open(Level.URGENT)
    world.carrier.new()
    world.clock.advance(timedelta(minutes=30))
    async with world.database.transaction() as connection:
        lock = text("SELECT 1 FROM notify.alerts WHERE case_code = :code FOR UPDATE")
        await connection.execute(lock, {"code": held.case_code})
        async with asyncio.timeout(5):
            assert await escalate_due(world.database, world.desk) == 1
    assert (await world.alert(free.case_code))["step"] == 2
    assert await escalate_due(world.database, world.desk) == 1


async def test_an_alert_whose_step_cannot_fire_keeps_no_other_from_its_step(world: World) -> None:
    broken = await world.open(Level.IMMEDIATE)
    await world.open(Level.URGENT, received_at=NOON - timedelta(minutes=20))
    world.carrier.new()
    async with world.database.transaction() as connection:
        # A page of the next step stands there already, which the database refuses to write again.
        statement = (
            "INSERT INTO notify.pages (report_id, plan, step, round, person_id, team_code, position, at) "
            "SELECT :report, 1, 2, 0, person_id, team_code, position, now() FROM notify.duty "
            "WHERE team_code = 'leaders-9190'"
        )
        await connection.execute(text(statement), {"report": broken.report_id})
    await world.pass_time(minutes=10)
    world.expect("head")
    assert await world.alarm(broken.case_code)
    assert "step_failed" in await world.story(broken.case_code)
    async with world.database.transaction() as connection:
        await connection.execute(text("DELETE FROM notify.pages WHERE step = 2 AND team_code = 'leaders-9190'"))
    await world.pass_time(minutes=1)
    world.expect("chair", "province")


async def test_a_case_taken_and_then_forgotten_is_paged_again_and_shown(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.reply("worker", f"OK {event.case_code}")
    world.carrier.new()
    await world.pass_time(minutes=29)
    world.silence()
    await world.pass_time(minutes=1)
    world.expect("worker", says="chua ghi lien he dau tien, han 14:40 28/11")
    await world.pass_time(minutes=30)
    world.silence()
    assert "contact_overdue" in await world.story(event.case_code)


async def test_a_recorded_contact_needs_no_reminder(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.reply("worker", f"OK {event.case_code}")
    await world.record_contact(event.case_code, "worker")
    world.carrier.new()
    await world.pass_time(hours=2)
    world.silence()
