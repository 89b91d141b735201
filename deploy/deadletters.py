"""Dead letters of the event queue, for an administrator at the command line; their content is never shown."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, literal, select

from shared.database import Database
from shared.events.tables import CHANNEL, DEAD_LETTERS, QUEUE

Line = tuple[str, str, str, str, str, str]


async def newest(database: Database, limit: int) -> Sequence[Line]:
    """Return the newest dead letters: id, queue, topic or task, reason, tries, when set aside (UTC)."""
    letters = DEAD_LETTERS.c
    what = func.coalesce(letters.headers["topic"].astext, letters.headers["task"].astext, "")
    statement = (
        select(letters.id, letters.queue, what, letters.last_exception, letters.deliveries_count, letters.failed_at)
        .order_by(letters.id.desc())
        .limit(limit)
    )
    async with database.reading() as connection:
        found = (await connection.execute(statement)).all()
    return [(str(row[0]), row[1], row[2], row[3] or "", str(row[4]), f"{row[5]:%Y-%m-%d %H:%M:%S}") for row in found]


async def replay(database: Database, ids: Sequence[int]) -> int:
    """Put dead letters back into their queues, each once; return how many were there."""
    moved = (
        delete(DEAD_LETTERS)
        .where(DEAD_LETTERS.c.id.in_(ids))
        .returning(DEAD_LETTERS.c.queue, DEAD_LETTERS.c.payload, DEAD_LETTERS.c.headers)
        .cte("moved")
    )
    back = insert(QUEUE).from_select(
        ["queue", "payload", "headers"], select(moved.c.queue, moved.c.payload, moved.c.headers)
    )
    async with database.transaction() as connection:
        queues = (await connection.execute(back.returning(QUEUE.c.queue))).scalars().all()
        for queue in set(queues):
            await connection.execute(select(func.pg_notify(literal(CHANNEL), queue)))
    return len(queues)
