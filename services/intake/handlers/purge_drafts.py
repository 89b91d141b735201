"""Remove drafts that nobody has saved for 30 days (`KEPT_FOR`), and record how many."""

from __future__ import annotations

from services.intake import draft_records
from services.intake.rules.draft import KEPT_FOR
from shared.observability import logger
from shared.service import Parts

log = logger(__name__)


async def purge_drafts(parts: Parts) -> int:
    """Remove what was kept too long; return how many drafts that were."""
    now = parts.clock.now()
    async with parts.database.transaction() as connection:
        count = await draft_records.remove_older(connection, now - KEPT_FOR)
        if count:
            await draft_records.record_removal(connection, None, now, count)
    if count:
        log.info("drafts_purged", drafts=count)
    return count
