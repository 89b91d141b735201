"""Count a call that is no report, take that back within a minute, and count a day's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import contacts
from services.intake.rules.contact import UNDONE_WITHIN, ContactKind, may_be_undone
from shared.clock import VIETNAM
from shared.observability import logger
from shared.service import Parts

log = logger(__name__)


@dataclass(frozen=True)
class Recorded:
    """A call that was counted; `may_undo` while it can be taken back."""

    contact_id: UUID
    kind: ContactKind
    at: datetime
    may_undo: bool


class NotTheirsError(Exception):
    """Somebody else recorded a call under the same id; open the page anew."""


async def record_contact(parts: Parts, contact_id: UUID, kind: ContactKind, operator: UUID) -> Recorded:
    """Count a call under an id that the page drew, so that the same click twice counts one; raises `NotTheirsError`."""
    now = parts.clock.now()
    values = {"id": contact_id, "kind": kind.value, "at": now, "operator": operator}
    async with parts.database.transaction() as connection:
        await connection.execute(insert(contacts).values(values).on_conflict_do_nothing())
        row = (await connection.execute(select(contacts).where(contacts.c.id == contact_id))).one()
    if row.operator != operator:
        raise NotTheirsError
    log.info("contact_recorded", kind=row.kind)
    return Recorded(contact_id, ContactKind(row.kind), row.at, may_be_undone(row.at, now))


async def undo_contact(parts: Parts, contact_id: UUID, operator: UUID) -> bool:
    """Take back a call of one's own; false once its minute is over, or when there is none."""
    since = parts.clock.now() - UNDONE_WITHIN
    own = (contacts.c.id == contact_id) & (contacts.c.operator == operator) & (contacts.c.at >= since)
    async with parts.database.transaction() as connection:
        gone = await connection.execute(delete(contacts).where(own).returning(contacts.c.id))
        undone = gone.first() is not None
    log.info("contact_undone", undone=undone)
    return undone


async def count_today(connection: AsyncConnection, now: datetime) -> dict[ContactKind, int]:
    """Count the calls of each kind on the day of `now` in Việt Nam, by everybody; every kind is there."""
    midnight = datetime.combine(now.astimezone(VIETNAM).date(), time(), VIETNAM)
    today = (contacts.c.at >= midnight) & (contacts.c.at < midnight + timedelta(days=1))
    statement = select(contacts.c.kind, func.count()).where(today).group_by(contacts.c.kind)
    found = {row[0]: int(row[1]) for row in await connection.execute(statement)}
    return {kind: found.get(kind.value, 0) for kind in ContactKind}
