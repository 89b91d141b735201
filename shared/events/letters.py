"""Dead letters looked at and put back, and what was handled forgotten when it is old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.events.delivery import OUTAGES, STARTED_ALONE
from shared.events.tables import CHANNEL, DEAD_LETTERS, HANDLED, QUEUE


@dataclass(frozen=True)
class DeadLetter:
    """A row set aside. `reason` is the class name of the last failure; the payload is not shown."""

    id: int
    queue: str
    headers: dict[str, str]
    reason: str
    failed_at: datetime


_shown = select(
    DEAD_LETTERS.c.id,
    DEAD_LETTERS.c.queue,
    DEAD_LETTERS.c.headers,
    func.coalesce(DEAD_LETTERS.c.last_exception, DEAD_LETTERS.c.failure_reason).label("reason"),
    DEAD_LETTERS.c.failed_at,
).order_by(DEAD_LETTERS.c.id.desc())


async def dead_letters(connection: AsyncConnection, *, limit: int = 100) -> list[DeadLetter]:
    """Return the newest dead letters, newest first."""
    rows = await connection.execute(_shown.limit(limit))
    return [DeadLetter(row.id, row.queue, row.headers or {}, row.reason, row.failed_at) for row in rows]


async def put_back(connection: AsyncConnection, letter_id: int) -> bool:
    """Move a dead letter back into its queue, to be tried afresh; false when there is none of this id.

    An event that was handled in the meantime changes nothing.
    """
    taken = delete(DEAD_LETTERS).where(DEAD_LETTERS.c.id == letter_id)
    row = (await connection.execute(taken.returning(*DEAD_LETTERS.c))).mappings().one_or_none()
    if row is None:
        return False
    values = {"queue": row["queue"], "payload": row["payload"], "headers": _fresh(row["headers"])}
    await connection.execute(insert(QUEUE).values(values).returning(func.pg_notify(literal(CHANNEL), QUEUE.c.queue)))
    return True


def _fresh(headers: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (headers or {}).items() if name not in {OUTAGES, STARTED_ALONE}}


async def forget_handled(connection: AsyncConnection, before: datetime) -> int:
    """Forget what was handled before a moment of real time; return how many.

    Nothing older than Kafka keeps (7 days) and than the oldest row of the queue can be delivered again.
    """
    done = await connection.execute(delete(HANDLED).where(HANDLED.c.handled_at < before))
    return int(getattr(done, "rowcount", 0))
