"""End every session of a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.accounts import end_sessions
from shared.events import EventBus
from shared.identity.sessions import real_now
from shared.observability import logger

log = logger(__name__)


async def sign_out(connection: AsyncConnection, bus: EventBus, *, person_id: UUID, now: datetime) -> None:
    """End the person's sessions on every device; services apart from this process see it within seconds."""
    await end_sessions(connection, bus, person_id, valid_from=real_now(), now=now)
    log.info("signed_out", person_id=str(person_id))
