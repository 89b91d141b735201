"""The event bus of one database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from faststream.kafka import KafkaBroker
from faststream_outbox import OutboxBroker
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.contextvars import get_contextvars

from shared.clock import Clock, SystemClock
from shared.contracts.event import Event
from shared.contracts.vocabulary import ServiceName
from shared.crypto import Keys
from shared.database import Database
from shared.events.consume import EventHandler, EventWork, ForwardWork, TaskHandler, TaskWork
from shared.events.delivery import Work
from shared.events.kafka import KafkaSender, check_kafka
from shared.events.lanes import EVENT_PACE, FORWARD_PACE, QUEUE_SETTINGS, TASK_PACE, Lane, outbox_broker, pool_size
from shared.events.patience import EVENT_PATIENCE, FORWARD_PATIENCE, TASK_PATIENCE, Patience
from shared.events.receive import Receiver, receiving_broker
from shared.events.rows import FORWARD_QUEUE, Row, event_headers, event_queue, task_queue, write_rows
from shared.events.seal import PERSONAL_TOPICS, Sealer
from shared.observability import logger

GRACE = 5.0
"""Seconds that running handlers have to finish at a stop."""
STOP_LIMIT = 6.5
"""Seconds after which a stop no longer waits for a library; what was not recorded is delivered again."""

_log = logger(__name__)


class BusRunningError(RuntimeError):
    """Handlers are registered before the start."""


class EventBus:
    """One durable queue in one database; every handler runs from it.

    `publish` writes rows in the caller's transaction. On the PostgreSQL transport that is one row for each
    consuming service; on the Kafka transport one row for the forwarder. `kafka` is `host:port,…`; `workers`
    handle the events of this process at once; `keys` seal events that are personal data; `topic_prefix` sets
    topics and consumer groups apart on a shared broker; `patience` is how often a failing event is tried.
    """

    def __init__(
        self,
        database: Database,
        *,
        kafka: str | None = None,
        workers: int = EVENT_PACE.workers,
        keys: Keys | None = None,
        topic_prefix: str = "",
        clock: Clock | None = None,
        patience: Patience = EVENT_PATIENCE,
    ) -> None:
        self._database = database
        self._kafka = kafka
        self._pace = replace(EVENT_PACE, workers=workers)
        self._sealer = Sealer(keys)
        self._prefix = topic_prefix
        self._clock = clock or SystemClock()
        self._patience = patience
        self._events: dict[ServiceName, dict[str, tuple[type[Event], EventHandler]]] = {}
        self._tasks: dict[ServiceName, dict[str, TaskHandler]] = {}
        self._sender = KafkaSender(kafka) if kafka else None
        self._queue_database: Database | None = None
        self._broker: OutboxBroker | None = None
        self._receiving: KafkaBroker | None = None

    def handle_events(
        self, service: ServiceName, handlers: dict[type[Event], Callable[[AsyncConnection, Any], Awaitable[None]]]
    ) -> None:
        """Register a service's handlers before the start."""
        self._check_not_running()
        for model in handlers:
            if model.TOPIC in PERSONAL_TOPICS:
                self._sealer.required(model.TOPIC)
        if handlers:
            by_topic = {model.TOPIC: (model, handler) for model, handler in handlers.items()}
            self._events.setdefault(service, {}).update(by_topic)

    def handle_tasks(
        self, service: ServiceName, handlers: dict[str, Callable[[dict[str, Any]], Awaitable[None]]]
    ) -> None:
        """Register a service's own queued work, by name, before the start."""
        self._check_not_running()
        if handlers:
            self._tasks.setdefault(service, {}).update(handlers)

    async def publish(self, connection: AsyncConnection, *events: Event) -> None:
        """Write events so that they are told when, and only when, the caller's transaction commits."""
        await write_rows(connection, [row for event in events for row in self._rows(event)])

    async def enqueue(
        self,
        connection: AsyncConnection,
        service: ServiceName,
        task: str,
        *bodies: dict[str, Any],
        correlation_id: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Queue work of a service's own, to be done after the caller's transaction commits.

        `not_before` is real time; without a `correlation_id` the work has that of what is being done now. Bodies are kept as JSON in the queue: identifiers only, never personal data.
        """
        followed = str(correlation_id or get_contextvars().get("correlation_id", ""))
        tasks = [(body, followed) for body in bodies]
        await self.enqueue_each(connection, service, task, tasks, not_before=not_before)

    async def enqueue_each(
        self,
        connection: AsyncConnection,
        service: ServiceName,
        task: str,
        bodies: Sequence[tuple[dict[str, Any], str]],
        *,
        not_before: datetime | None = None,
    ) -> None:
        """Queue work as `enqueue` does, each body with the correlation id that it follows."""
        rows = [
            Row(task_queue(service), to_json(body), {"task": task, "correlation_id": followed})
            for body, followed in bodies
        ]
        await write_rows(connection, rows, not_before=not_before)

    async def start(self) -> None:
        """Start to handle; raises `KafkaUnreachableError` when no broker answers."""
        self._check_not_running()
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Let running handlers finish and stop, within eight seconds."""
        receiving, broker, queue_database = self._receiving, self._broker, self._queue_database
        self._receiving = self._broker = self._queue_database = None
        stops = [part.stop() for part in (receiving, broker) if part is not None]
        await asyncio.gather(*(_within(STOP_LIMIT, stop) for stop in stops))
        if self._sender is not None:
            await self._sender.stop()
        if queue_database is not None:
            await queue_database.close()

    async def healthy(self) -> dict[str, bool]:
        """Tell which parts answer, for `/readyz`: `database`, and `kafka` on that transport."""
        parts = {"database": await (self._broker.ping(2.0) if self._broker else self._database.answers())}
        if self._sender is not None:
            parts["kafka"] = await self._sender.answers()
        return parts

    @property
    def connections(self) -> int:
        """Connections to PostgreSQL that the running bus holds, beside the pool of the database it was given."""
        return sum(lane.connections for lane in self._lanes()) + 1

    def _check_not_running(self) -> None:
        if self._broker is not None:
            raise BusRunningError("the event bus is running already")

    def _rows(self, event: Event) -> list[Row]:
        topic = event.TOPIC
        headers = event_headers(topic, event)
        payload = self._sealer.seal(topic, event.model_dump_json().encode())
        if self._kafka is None or topic in PERSONAL_TOPICS:
            return [Row(event_queue(service), payload, headers) for service in event.CONSUMERS]
        return [Row(FORWARD_QUEUE, payload, {**headers, "key": event.key})]

    def _lanes(self) -> list[Lane]:
        events: dict[str, Work] = {
            event_queue(service): EventWork(
                service, handlers, self._database, self._sealer, waits_for_disk=self._kafka is not None
            )
            for service, handlers in self._events.items()
        }
        lanes = [Lane(events, self._pace, self._patience)] if events else []
        lanes += [
            Lane({task_queue(service): TaskWork(handlers)}, TASK_PACE, TASK_PATIENCE)
            for service, handlers in self._tasks.items()
        ]
        if self._sender is not None:
            forward = ForwardWork(self._sender, self._prefix)
            lanes.append(Lane({FORWARD_QUEUE: forward}, FORWARD_PACE, FORWARD_PATIENCE))
        return lanes

    async def _start(self) -> None:
        if self._kafka is not None and self._sender is not None:
            await check_kafka(self._kafka)
            await self._sender.start()
        lanes = self._lanes()
        self._queue_database = Database(self._database.url, pool_size=pool_size(lanes), settings=QUEUE_SETTINGS)
        self._broker = outbox_broker(self._queue_database, self._database, lanes, graceful=GRACE)
        await self._broker.start()
        if self._kafka is not None and self._events:
            self._receiving = receiving_broker(self._kafka, self._receivers(), graceful=GRACE)
            await self._receiving.start()

    def _receivers(self) -> list[Receiver]:
        return [
            Receiver(service, frozenset(handlers), self._prefix, self._database, self._sealer, self._clock)
            for service, handlers in self._events.items()
        ]


async def _within(limit: float, stop: Coroutine[Any, Any, None]) -> None:
    try:
        async with asyncio.timeout(limit):
            await stop
    except Exception as error:  # noqa: BLE001 - a stop goes on to the end, whatever a library says
        _log.warning("stop_incomplete", cause=type(error).__name__)
