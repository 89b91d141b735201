"""A report whose assessment does not come back is told again until it does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from services.intake.handlers import republish_waiting as handler
from services.intake.handlers.republish_waiting import republish_waiting
from services.intake.jobs import jobs
from services.intake.records import lock_report
from tests.integration.intake.world import KEYS, World, assessed
from tests.unit.intake.documents import ARRIVAL, a_personal_report, a_report

OVERDUE = timedelta(seconds=21)


async def test_report_in_time_is_not_told_again(world: World) -> None:
    await world.create(a_report())
    assert await republish_waiting(world.parts) == 0
    assert len(world.told) == 1


async def test_overdue_report_is_told_again_as_it_was(world: World) -> None:
    await world.create(a_personal_report(received_at="2026-11-28T08:00:00+07:00"))
    await world.let_wait(OVERDUE)
    world.clock.advance(timedelta(hours=1))
    assert await republish_waiting(world.parts) == 1
    first, again = world.told
    assert again.event_id != first.event_id
    assert again.occurred_at == ARRIVAL + timedelta(hours=1)
    assert again.model_copy(update={"event_id": first.event_id, "occurred_at": first.occurred_at}) == first


async def test_wait_grows_with_each_time(world: World) -> None:
    created = await world.create(a_report())
    waits = []
    for _ in range(3):
        await world.let_wait(timedelta(minutes=11))
        assert await republish_waiting(world.parts) == 1
        row = await world.row(created.report_id)
        waits.append((row["republish_at"], row["publish_attempts"]))
        assert await republish_waiting(world.parts) == 0
    assert [attempts for _, attempts in waits] == [2, 3, 4]
    assert waits[0][0] < waits[1][0] < waits[2][0]


async def test_assessed_report_is_not_told_again(world: World) -> None:
    created = await world.create(a_report())
    await world.assess(assessed(created))
    await world.let_wait(OVERDUE)
    assert await republish_waiting(world.parts) == 0


async def test_assessment_of_an_older_revision_does_not_end_the_wait(world: World) -> None:
    created = await world.create(a_report(external_id="1"), "first")
    await world.receive(a_report(external_id="1", concerns=["other"]), "second")
    await world.assess(assessed(created, revision=1))
    await world.let_wait(OVERDUE)
    assert await republish_waiting(world.parts) == 1
    assert world.told[-1].revision == 2


async def test_report_of_a_child_at_home_is_not_told(world: World) -> None:
    await world.create(a_report(subject={"kind": "adult"}, children_in_home=[{}, {}]))
    await world.let_wait(OVERDUE)
    assert await republish_waiting(world.parts) == 1


async def test_two_instances_tell_each_report_once(world: World) -> None:
    for number in range(12):
        await world.create(a_report(), f"key {number}")
    await world.let_wait(OVERDUE)
    counts = await asyncio.gather(republish_waiting(world.parts), republish_waiting(world.parts))
    assert sum(counts) == 12
    assert len({event.report_id for event in world.told[12:]}) == len(world.told[12:]) == 12


async def test_report_that_another_instance_holds_is_passed_over(world: World) -> None:
    held = await world.create(a_report(), "held")
    free = await world.create(a_report(), "free")
    await world.let_wait(OVERDUE)
    async with world.database.transaction() as connection:
        await lock_report(connection, report_id=held.report_id)
        async with asyncio.timeout(10):
            assert await republish_waiting(world.parts) == 1
    assert world.told[-1].report_id == free.report_id


async def test_longest_waiting_are_told_first_and_the_rest_at_the_next_wake(world: World) -> None:
    handler_batch = handler.BATCH
    for number in range(handler_batch + 3):
        await world.create(a_report(), f"key {number}")
    await world.let_wait(OVERDUE)
    assert await republish_waiting(world.parts) == handler_batch
    assert await republish_waiting(world.parts) == 3


async def test_report_that_does_not_open_does_not_block_the_others(world: World) -> None:
    lost = await world.create(a_report(), "lost")
    world.keys = replace(KEYS, encryption=(b"n" * 32,))
    fine = await world.create(a_report(), "fine")
    await world.let_wait(OVERDUE)
    assert await republish_waiting(world.parts) == 2
    assert [event.report_id for event in world.told[2:]] == [fine.report_id]
    assert (await world.row(lost.report_id))["republish_at"] is not None


async def test_job_tells_overdue_reports(world: World) -> None:
    await world.create(a_report())
    await world.let_wait(OVERDUE)
    job = next(job for job in jobs(world.parts) if job.name == "republish_waiting")
    await job.run()
    assert len(world.told) == 2
