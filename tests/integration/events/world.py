"""A database, a transport, and buses on them, for one test."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.event import Event
from shared.contracts.vocabulary import ServiceName
from shared.crypto import Keys
from shared.database import Database
from shared.events import EventBus
from shared.events.patience import Patience
from tests.integration.events.samples import Bell, Ping
from tests.support.kafka import Kafka

Handler = Callable[[AsyncConnection, Any], Awaitable[None]]

HASTE = Patience(strikes=3, first=0.05, factor=1.0, longest=0.1, outage_longest=0.2)
LIMIT = 60.0
KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)


async def until(condition: Callable[[], Awaitable[bool]], *, limit: float = LIMIT) -> None:
    """Return when a condition holds; fail when it does not come to hold."""
    end = time.monotonic() + limit
    while not await condition():
        assert time.monotonic() < end, "the condition did not come to hold"
        await asyncio.sleep(0.02)


async def record_effect(connection: AsyncConnection, event: Any, *, by: str = "triage") -> None:
    """Have an effect that a second run would double."""
    await connection.execute(
        text("INSERT INTO effects (consumer, number) VALUES (:by, :number)"), {"by": by, "number": event.number}
    )


@dataclass
class World:
    """One database and, on that transport, one Kafka."""

    database: Database
    kafka: Kafka | None
    prefix: str
    _running: list[EventBus] = field(default_factory=list)

    def new_bus(self, **options: Any) -> EventBus:
        servers = self.kafka.servers if self.kafka else None
        return EventBus(
            self.database, kafka=servers, topic_prefix=self.prefix, keys=KEYS, **{"patience": HASTE, **options}
        )

    async def run(self, bus: EventBus) -> EventBus:
        await bus.start()
        self._running.append(bus)
        return bus

    async def triage(self, handler: Handler = record_effect, **options: Any) -> EventBus:
        """Start a bus whose triage handles pings and bells."""
        bus = self.new_bus(**options)
        bus.handle_events(ServiceName.TRIAGE, {Ping: handler, Bell: handler})
        return await self.run(bus)

    async def publish(self, bus: EventBus, *events: Event) -> None:
        async with self.database.transaction() as connection:
            await bus.publish(connection, *events)

    async def stop(self) -> None:
        for bus in self._running:
            await bus.stop()

    async def rows(self, query: str, **values: object) -> list[Any]:
        async with self.database.transaction() as connection:
            return list((await connection.execute(text(query), values)).all())

    async def change(self, statement: str, **values: object) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(text(statement), values)

    async def effects(self, by: str = "triage") -> list[int]:
        found = await self.rows("SELECT number FROM effects WHERE consumer = :by ORDER BY number", by=by)
        return [row.number for row in found]

    async def waiting(self) -> int:
        return int((await self.rows("SELECT count(*) AS n FROM events.queue"))[0].n)

    async def letters(self) -> list[Any]:
        return await self.rows("SELECT * FROM events.dead_letters ORDER BY id")

    async def drained(self) -> bool:
        """Tell whether nothing waits in the queue or, on Kafka, between the queues."""
        return await self.waiting() == 0

    async def has_effects(self, count: int, by: str = "triage") -> None:
        """Wait for so many effects and an empty queue."""

        async def reached() -> bool:
            return len(await self.effects(by)) >= count and await self.drained()

        await until(reached)

    async def lease_runs_out(self) -> None:
        """Let the time pass after which a killed worker's rows are anyone's."""
        await self.change("UPDATE events.queue SET acquired_at = acquired_at - interval '1 minute'")


@asynccontextmanager
async def worker(world: World, mode: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run triage in a process of its own, which is killed at the end."""
    servers = world.kafka.servers if world.kafka else ""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.events.worker",
        mode,
        world.database.url,
        servers,
        world.prefix,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def says(process: asyncio.subprocess.Process, word: str) -> None:
    """Wait until a worker says a word."""
    assert process.stdout is not None
    async with asyncio.timeout(LIMIT):
        while (line := await process.stdout.readline()).decode().strip() != word:
            assert line, "the worker ended"
