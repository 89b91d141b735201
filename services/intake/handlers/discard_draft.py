"""A person throws a draft of theirs away; that it happened is kept."""

from __future__ import annotations

from uuid import UUID

from services.intake import draft_records
from shared.observability import logger
from shared.service import Parts

log = logger(__name__)


async def discard_draft(parts: Parts, owner_id: UUID, key: UUID) -> bool:
    """Remove a draft of the person; false when there is none, which changes nothing."""
    async with parts.database.transaction() as connection:
        await draft_records.lock(connection, owner_id, key)
        if not await draft_records.remove(connection, owner_id, key):
            return False
        await draft_records.record_removal(connection, owner_id, parts.clock.now(), 1)
    log.info("draft_discarded", person_id=str(owner_id))
    return True
