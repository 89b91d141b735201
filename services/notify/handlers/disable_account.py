"""Close a person's account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import accounts
from services.notify.models import PEOPLE
from shared.events import EventBus
from shared.identity.sessions import real_now
from shared.observability import logger

log = logger(__name__)


async def disable_account(connection: AsyncConnection, bus: EventBus, *, person_id: UUID, now: datetime) -> bool:
    """Close an account, end its sessions everywhere and void its invitation; False when there is none to close."""
    await connection.execute(delete(PEOPLE.invitations).where(PEOPLE.invitations.c.person_id == person_id))
    disabled = await accounts.disable_account(connection, bus, person_id, valid_from=real_now(), now=now)
    if disabled:
        log.info("account_disabled", person_id=str(person_id))
    return disabled
