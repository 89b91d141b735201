"""Dead letters of the event queue, for an administrator at the command line; their content is never shown."""

from __future__ import annotations

from collections.abc import Sequence

from shared.database import Database
from shared.events import letters
from shared.events.tables import DEAD_LETTERS

Line = tuple[str, str, str, str, str, str]


async def newest(database: Database, limit: int) -> Sequence[Line]:
    """Return the newest that wait: id, queue, topic or task, reason, tries, when set aside (UTC)."""
    async with database.reading() as connection:
        found = await letters.dead_letters(connection, limit=limit)
    return [
        (str(one.id), one.queue, one.what, one.reason, str(one.tries), f"{one.failed_at:%Y-%m-%d %H:%M:%S}")
        for one in found
    ]


async def replay(database: Database, ids: Sequence[int]) -> int:
    """Put dead letters back into their queues, each once, also discarded ones; return how many were there."""
    async with database.transaction() as connection:
        return await letters.put_back_all(connection, DEAD_LETTERS.c.id.in_(ids))
