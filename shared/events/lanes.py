"""How each kind of queue is drained, and what that costs in database connections."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from faststream.middlewares import AckPolicy
from faststream_outbox import OutboxBroker

from shared.database import Database
from shared.events.delivery import LEASE, Delivery, Work
from shared.events.errors import reason
from shared.events.log import LibraryLog
from shared.events.patience import Patience
from shared.events.tables import DEAD_LETTERS, QUEUE

FIRST_LOOK = 0.05
"""Seconds until an empty queue is looked at again; then longer each time. New rows wake their consumer at once."""
LAST_LOOK = 1.0
"""Seconds between two looks at an empty queue at most: how late a delayed or retried row may be."""
SPARE_CONNECTIONS = 1
"""For the health check, beside what the subscribers hold."""


@dataclass(frozen=True)
class Pace:
    """How a queue is drained.

    `limit` is in seconds. `fetch` rows are claimed at once, and `flush` outcomes are recorded in one
    statement as soon as no row waits in memory.
    """

    workers: int
    fetch: int
    flush: int
    limit: float


EVENT_PACE = Pace(workers=8, fetch=40, flush=10, limit=10.0)
"""Handlers take a few milliseconds each; more workers would only hold more connections. One look claims the
events of every service in the process: looks are what an event costs most of."""

TASK_PACE = Pace(workers=8, fetch=8, flush=1, limit=13.0)
"""A gateway may hold a sender for 10 s, with statements before and after. No row is claimed far ahead of a free
worker, and each outcome is recorded at once: work done twice is a second message to a person."""

FORWARD_PACE = Pace(workers=8, fetch=40, flush=10, limit=10.0)
"""A confirmed send takes about 2 ms; the producer sends what its workers give it at the same time together."""


@dataclass(frozen=True)
class Lane:
    """Queues that are drained together, what the rows of each ask for, and the pace."""

    work: Mapping[str, Work]
    """By queue."""
    pace: Pace
    patience: Patience

    @property
    def connections(self) -> int:
        """Pooled connections held while running (one to fetch, one a worker) and one that listens."""
        return 1 + self.pace.workers + 1


QUEUE_SETTINGS = {"synchronous_commit": "off", "plan_cache_mode": "force_generic_plan"}
"""Settings of the connections that claim rows and record outcomes. A claim or an outcome that a crash of
PostgreSQL takes back is made again, and what is delivered twice is done once; so neither waits for the disk.
The claiming statement is planned once a connection: planning it costs more than running it."""


def pool_size(lanes: Sequence[Lane]) -> int:
    """Return how many pooled connections the lanes need."""
    return SPARE_CONNECTIONS + sum(1 + lane.pace.workers for lane in lanes)


def outbox_broker(
    queue_database: Database, database: Database, lanes: Sequence[Lane], *, graceful: float
) -> OutboxBroker:
    """Return a broker that drains `lanes` through `queue_database`, its own pool, into handlers on `database`."""
    broker = OutboxBroker(
        queue_database.engine,
        outbox_table=QUEUE,
        dlq_table=DEAD_LETTERS,
        graceful_timeout=graceful,
        last_exception_renderer=reason,
        logger=LibraryLog("outbox"),
        log_level=logging.DEBUG,
        apply_types=False,
    )
    for lane in lanes:
        _subscribe(broker, lane, database)
    return broker


def _subscribe(broker: OutboxBroker, lane: Lane, database: Database) -> None:
    subscriber = broker.subscriber(
        list(lane.work),
        max_workers=lane.pace.workers,
        fetch_batch_size=lane.pace.fetch,
        terminal_flush_batch_size=lane.pace.flush,
        retry_strategy=lane.patience.strategy(),
        min_fetch_interval=FIRST_LOOK,
        max_fetch_interval=LAST_LOOK,
        lease_ttl_seconds=LEASE,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=_itself,
    )
    delivery = Delivery(database=database, work=lane.work, limit=lane.pace.limit)
    subscriber(delivery.handle)


async def _itself(message: Any) -> Any:
    """Hand the row to the handler as it is: the payload may be sealed, and is parsed by its model."""
    return message
