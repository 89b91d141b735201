"""How much waits in the event queue, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.events.tables import DEAD_LETTERS, QUEUE


@dataclass(frozen=True)
class QueueLength:
    """A queue of this database: rows that wait, the oldest one's moment (real time, UTC), and its dead letters."""

    queue: str
    waiting: int
    oldest: datetime | None
    dead: int


_WAITING = select(QUEUE.c.queue, func.count(), func.min(QUEUE.c.created_at)).group_by(QUEUE.c.queue)
_DEAD = select(DEAD_LETTERS.c.queue, func.count()).group_by(DEAD_LETTERS.c.queue)


async def queue_lengths(connection: AsyncConnection) -> Sequence[QueueLength]:
    """Return the queues that hold anything, by name."""
    waiting = {queue: (amount, oldest) for queue, amount, oldest in await connection.execute(_WAITING)}
    dead = {queue: amount for queue, amount in await connection.execute(_DEAD)}  # noqa: C416 - rows are no pairs to the types
    return [QueueLength(queue, *waiting.get(queue, (0, None)), dead.get(queue, 0)) for queue in sorted(waiting | dead)]
