"""The queue itself, on the PostgreSQL transport: work of a service's own, rows that kill, letters, the schema."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from faststream_outbox.client import OutboxClient
from sqlalchemy.exc import TimeoutError as PoolExhaustedError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import ReportSubmitted
from shared.contracts.vocabulary import ServiceName
from shared.events import EventBus, OutageError
from shared.events.bus import BusRunningError
from shared.events.letters import dead_letters, forget_handled, put_back
from shared.events.seal import KeysMissingError
from shared.events.tables import DEAD_LETTERS, QUEUE
from tests.integration.events.samples import Bell, Ping
from tests.integration.events.world import World, record_effect, until

pytestmark = pytest.mark.parametrize("transport", ["postgres"], indirect=True)


async def tasks(world: World, done: list[dict[str, Any]], *, faults: int = 0) -> EventBus:
    left = faults

    async def work(body: dict[str, Any]) -> None:
        nonlocal left
        if left:
            left -= 1
            raise ConnectionResetError
        done.append(body)

    bus = world.new_bus()
    bus.handle_tasks(ServiceName.NOTIFY, {"send": work})
    return await world.run(bus)


async def enqueue(world: World, bus: EventBus, task: str = "send", *, not_before: datetime | None = None) -> None:
    async with world.database.transaction() as connection:
        await bus.enqueue(connection, ServiceName.NOTIFY, task, {"message": 1}, {"message": 2}, not_before=not_before)


async def test_tasks_are_done_after_the_commit_and_again_after_an_outage(world: World) -> None:
    done: list[dict[str, Any]] = []
    bus = await tasks(world, done, faults=1)
    await enqueue(world, bus)
    await until(world.drained)
    assert sorted(body["message"] for body in done) == [1, 2]


async def test_task_is_not_done_before_its_time(world: World) -> None:
    done: list[dict[str, Any]] = []
    bus = await tasks(world, done)
    await enqueue(world, bus, not_before=datetime.now(UTC) + timedelta(hours=1))
    await enqueue(world, bus)
    await until(lambda: _count(world, 2))
    assert len(done) == 2
    await world.change("UPDATE events.queue SET next_attempt_at = now()")
    await until(world.drained)
    assert len(done) == 4


async def test_task_of_an_unknown_name_is_set_aside(world: World) -> None:
    bus = await tasks(world, [])
    await enqueue(world, bus, "dance")
    await until(world.drained)
    assert [letter.last_exception for letter in await world.letters()] == ["UnknownTaskError"] * 2


async def test_event_without_a_handler_is_set_aside(world: World) -> None:
    bus = world.new_bus()
    bus.handle_events(ServiceName.TRIAGE, {Bell: record_effect})
    await world.run(bus)
    await world.publish(bus, Ping(number=1))
    await until(world.drained)
    (letter,) = await world.letters()
    assert letter.last_exception == "UnknownTopicError"


@pytest.mark.parametrize("outage", [OutageError(), PoolExhaustedError(), ConnectionRefusedError()], ids=repr)
async def test_outage_longer_than_the_patience_makes_no_dead_letter(world: World, outage: Exception) -> None:
    tries = 0

    async def wait_it_out(connection: AsyncConnection, event: Ping) -> None:
        nonlocal tries
        tries += 1
        if tries <= 6:
            raise outage
        if tries <= 8:
            raise ValueError("two strikes of the three that are allowed")
        await record_effect(connection, event)

    bus = await world.triage(wait_it_out)
    await world.publish(bus, Ping(number=1))
    await world.has_effects(1)
    assert await world.letters() == []


async def test_row_that_kills_its_worker_is_set_aside_and_its_neighbour_is_handled(world: World) -> None:
    """Both rows were in a process that died again and again; only one was alone when it died."""
    await world.publish(world.new_bus(), Ping(number=1), Ping(number=2))
    await world.change("UPDATE events.queue SET deliveries_count = 6")
    await world.change(
        """UPDATE events.queue SET headers = headers || '{"started_alone": "3"}'"""
        " WHERE convert_from(payload, 'UTF8')::json->>'number' = '1'"
    )
    await world.triage()
    await world.has_effects(1)
    (letter,) = await world.letters()
    assert letter.last_exception == "KillsItsWorkerError"
    assert await world.effects() == [2]


async def test_suspect_row_is_counted_before_it_starts(world: World) -> None:
    seen: list[str] = []

    async def look(_session: AsyncConnection, _event: Ping) -> None:
        (row,) = await world.rows("SELECT headers->>'started_alone' AS alone FROM events.queue")
        seen.append(row.alone)

    await world.publish(world.new_bus(), Ping(number=1))
    await world.change("UPDATE events.queue SET deliveries_count = 3")
    await world.triage(look)
    await until(world.drained)
    assert seen == ["1"]


async def test_dead_letter_put_back_is_tried_afresh(world: World) -> None:
    mended = False

    async def choke(connection: AsyncConnection, event: Ping) -> None:
        if not mended:
            raise ValueError("not mended yet")
        await record_effect(connection, event)

    bus = await world.triage(choke)
    await world.publish(bus, Ping(number=1))
    await until(lambda: _letters(world))
    mended = True
    async with world.database.transaction() as connection:
        (letter,) = await dead_letters(connection)
        assert (letter.reason, letter.what) == ("ValueError", Ping.TOPIC)
        assert await put_back(connection, letter.id)
        assert not await put_back(connection, letter.id)
    await world.has_effects(1)
    assert await world.letters() == []


async def test_old_marks_are_forgotten_and_new_ones_kept(world: World) -> None:
    bus = await world.triage()
    await world.publish(bus, Ping(number=1), Ping(number=2))
    await world.has_effects(2)
    await world.change(
        "UPDATE events.handled SET handled_at = now() - interval '40 days'"
        " WHERE event_id = (SELECT event_id FROM events.handled LIMIT 1)"
    )
    async with world.database.transaction() as connection:
        assert await forget_handled(connection, datetime.now(UTC) - timedelta(days=30)) == 1
    assert len(await world.rows("SELECT 1 FROM events.handled")) == 1


async def test_submitted_report_is_sealed_here_too(world: World) -> None:
    arrived: list[ReportSubmitted] = []

    async def receive(_session: AsyncConnection, event: ReportSubmitted) -> None:
        arrived.append(event)

    bus = world.new_bus()
    bus.handle_events(ServiceName.INTAKE, {ReportSubmitted: receive})
    event = ReportSubmitted(occurred_at=datetime.now(UTC), correlation_id="c", report={"narrative": "canary"})
    await world.publish(bus, event)
    (row,) = await world.rows("SELECT payload FROM events.queue")
    assert b"canary" not in row.payload
    await world.run(bus)
    await until(world.drained)
    assert arrived == [event]


async def test_bus_without_keys_refuses_personal_events(world: World) -> None:
    bus = EventBus(world.database)
    with pytest.raises(KeysMissingError):
        bus.handle_events(ServiceName.INTAKE, {ReportSubmitted: record_effect})


async def test_running_bus_takes_no_more_handlers(world: World) -> None:
    bus = await world.triage()
    with pytest.raises(BusRunningError):
        bus.handle_events(ServiceName.NOTIFY, {Ping: record_effect})


async def test_tables_are_what_the_library_expects(world: World) -> None:
    client = OutboxClient(world.database.engine, QUEUE, dlq_table=DEAD_LETTERS)
    await client.validate_schema(check_autovacuum=True)


async def _count(world: World, count: int) -> bool:
    return await world.waiting() == count


async def _letters(world: World) -> bool:
    return len(await world.letters()) == 1
