"""Tell of a case again whose alert has not come back in time: delivery is not trusted to any hop."""

from __future__ import annotations

from services.triage import store
from shared.clock import Clock
from shared.database import Database
from shared.events import EventBus
from shared.observability import logger

log = logger(__name__)

BATCH = 100
"""Cases claimed in one transaction."""


async def republish_unpaged(database: Database, bus: EventBus, clock: Clock) -> int:
    """Publish every overdue case once more, with a new event id, and return how many. Instances share the work."""
    total = 0
    while batch := await _republish_batch(database, bus, clock):
        total += batch
        if batch < BATCH:
            break
    return total


async def _republish_batch(database: Database, bus: EventBus, clock: Clock) -> int:
    async with database.transaction() as connection:
        events = await store.claim_unpaged(connection, BATCH, clock.now())
        if events:
            await bus.publish(connection, *events)
    for event in events:
        log.warning("case_republished", case_code=event.case_code, revision=event.revision)
    return len(events)
