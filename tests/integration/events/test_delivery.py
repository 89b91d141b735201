"""What a service may rely on, whichever transport is below."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.vocabulary import ServiceName
from tests.integration.events.samples import Bell, Ping, PingOfTomorrow, PingWithMore, UnparsablePing
from tests.integration.events.world import World, record_effect, says, until, worker


class RolledBackError(Exception):
    """Ends a transaction."""


async def test_event_reaches_every_consumer_once(world: World) -> None:
    async def notify(connection: AsyncConnection, event: Bell) -> None:
        await record_effect(connection, event, by="notify")

    bus = world.new_bus()
    bus.handle_events(ServiceName.TRIAGE, {Bell: record_effect})
    bus.handle_events(ServiceName.NOTIFY, {Bell: notify})
    await world.run(bus)
    await world.publish(bus, *(Bell(number=number) for number in range(10)))
    await world.has_effects(10)
    await world.has_effects(10, by="notify")
    assert await world.effects() == await world.effects("notify") == list(range(10))


async def test_duplicate_delivery_has_one_effect(world: World) -> None:
    bus = await world.triage()
    twice = Ping(number=1)
    await world.publish(bus, twice, twice)
    await world.publish(bus, twice, Ping(number=2))
    await world.has_effects(2)
    await _settled(world, deliveries=4)
    assert await world.effects() == [1, 2]


async def test_failure_before_the_commit_is_retried_and_has_one_effect(world: World) -> None:
    tries = 0

    async def fail_once(connection: AsyncConnection, event: Ping) -> None:
        nonlocal tries
        tries += 1
        await record_effect(connection, event)
        if tries == 1:
            raise ValueError("a fault of the first try")

    bus = await world.triage(fail_once)
    await world.publish(bus, Ping(number=7))
    await world.has_effects(1)
    assert (tries, await world.effects(), await world.letters()) == (2, [7], [])


async def test_crash_after_the_commit_has_one_effect(world: World) -> None:
    async with worker(world, "die-before-delete") as process:
        await says(process, "started")
        await world.publish(world.new_bus(), Ping(number=3))
        await says(process, "committed")
        await process.wait()
    assert await world.effects() == [3]
    assert await world.waiting() == 1
    await world.lease_runs_out()
    await world.triage()
    await until(world.drained)
    assert await world.effects() == [3]


async def test_consumer_killed_in_mid_handler_is_replaced_by_another(world: World) -> None:
    async with worker(world, "hang") as process:
        await says(process, "started")
        await world.publish(world.new_bus(), Ping(number=4))
        await says(process, "in-handler")
        process.kill()
        await process.wait()
    assert await world.effects() == []
    await world.lease_runs_out()
    await world.triage()
    await world.has_effects(1)
    assert await world.effects() == [4]


async def test_poison_event_becomes_a_dead_letter_and_the_rest_flows(world: World) -> None:
    async def choke(connection: AsyncConnection, event: Ping) -> None:
        if event.number == 5:
            raise ValueError("secret words of a report")
        await record_effect(connection, event)

    bus = await world.triage(choke)
    await world.publish(bus, *(Ping(number=number) for number in range(10)))
    await world.has_effects(9)
    (letter,) = await world.letters()
    assert (letter.queue, letter.failure_reason, letter.last_exception) == ("triage", "retry_terminal", "ValueError")
    assert await world.effects() == [0, 1, 2, 3, 4, 6, 7, 8, 9]


async def test_two_instances_share_the_work_and_do_each_event_once(world: World) -> None:
    started: dict[str, asyncio.Event] = {"one": asyncio.Event(), "two": asyncio.Event()}

    def instance(own: str, other: str) -> Any:
        async def handle(connection: AsyncConnection, event: Ping) -> None:
            started[own].set()
            await started[other].wait()
            await record_effect(connection, event)

        return handle

    bus = await world.triage(instance("one", "two"))
    await world.triage(instance("two", "one"))
    await world.publish(bus, *(Ping(number=number) for number in range(100)))
    await world.has_effects(100)
    assert await world.effects() == list(range(100))


async def test_events_out_of_order_are_both_delivered(world: World) -> None:
    bus = await world.triage()
    first, second = Ping(number=1), Ping(number=2)
    await world.publish(bus, second)
    await world.has_effects(1)
    await world.publish(bus, first)
    await world.has_effects(2)
    assert await world.effects() == [1, 2]


async def test_unknown_fields_are_ignored(world: World) -> None:
    bus = await world.triage()
    await world.publish(bus, PingWithMore(number=6))
    await world.has_effects(1)
    assert await world.effects() == [6]


@pytest.mark.parametrize(
    ("event", "reason"),
    [(PingOfTomorrow(number=1), "NewerVersionError"), (UnparsablePing(), "UnreadableEventError")],
    ids=["newer version", "unparsable"],
)
async def test_event_that_cannot_be_read_is_set_aside_at_once(world: World, event: Ping, reason: str) -> None:
    bus = await world.triage()
    await world.publish(bus, event, Ping(number=2))
    await world.has_effects(1)
    (letter,) = await world.letters()
    assert (letter.failure_reason, letter.last_exception, letter.deliveries_count) == ("rejected", reason, 1)
    assert await world.effects() == [2]


async def test_rollback_publishes_nothing(world: World) -> None:
    bus = await world.triage()
    with suppress(RolledBackError):
        async with world.database.transaction() as connection:
            await bus.publish(connection, Ping(number=1))
            raise RolledBackError
    await world.publish(bus, Ping(number=2))
    await world.has_effects(1)
    assert await world.effects() == [2]


async def test_stop_lets_a_running_handler_finish(world: World) -> None:
    running, go_on = asyncio.Event(), asyncio.Event()

    async def slow(connection: AsyncConnection, event: Ping) -> None:
        running.set()
        await go_on.wait()
        await record_effect(connection, event)

    bus = await world.triage(slow)
    await world.publish(bus, Ping(number=1))
    await running.wait()
    stopping = asyncio.create_task(bus.stop())
    go_on.set()
    await stopping
    assert await world.effects() == [1]


async def _settled(world: World, *, deliveries: int) -> None:
    """Wait until so many pings went through the queue."""

    async def taken() -> bool:
        last = (await world.rows("SELECT last_value AS n, is_called FROM events.queue_id_seq"))[0]
        passed = deliveries if world.kafka is None else 2 * deliveries
        return bool(last.is_called) and last.n >= passed and await world.drained()

    await until(taken)
