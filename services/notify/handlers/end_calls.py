"""A phone need not ring for a case that somebody has taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.gateways.pool import Pool
from services.notify.handlers.desk import END_TASK, Desk
from services.notify.models import messages
from services.notify.records import Alert
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import DeliveryState
from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events.errors import OutageError

MAY_RING = (DeliveryState.SENDING.value, DeliveryState.ACCEPTED.value)

_RINGING = select(messages.c.id).where(
    messages.c.report_id == bindparam("of_report"),
    messages.c.channel == ContactChannel.VOICE.value,
    messages.c.state.in_(MAY_RING),
)
_CANCEL = (
    update(messages)
    .where(messages.c.id == bindparam("call"), messages.c.state == DeliveryState.ACCEPTED.value)
    .values(state=DeliveryState.CANCELLED.value, changed_at=bindparam("now"))
    .returning(messages.c.sid, messages.c.gateway)
)


class BeingPlacedError(OutageError):
    """The call is being placed at this moment; its id is not known yet."""


async def queue_ends(connection: AsyncConnection, desk: Desk, alert: Alert) -> None:
    """Have an alert's calls ended that may ring; one that somebody listens to goes on."""
    ringing = (await connection.execute(_RINGING, {"of_report": alert.report_id})).scalars().all()
    if ringing:
        tasks = ({"message_id": str(message_id)} for message_id in ringing)
        await desk.bus.enqueue(connection, ServiceName.NOTIFY, END_TASK, *tasks, correlation_id=alert.correlation_id)


async def end_call(database: Database, desk: Desk, pool: Pool, body: dict[str, Any]) -> None:
    """End the call of a queued task; raises `BeingPlacedError` to be tried again.

    It is marked as cancelled first, so that the provider's report of its end is no failure of the person's phone.
    """
    call = UUID(body["message_id"])
    async with database.transaction() as connection:
        row = (await connection.execute(_CANCEL, {"call": call, "now": desk.clock.now()})).first()
        state = await connection.scalar(select(messages.c.state).where(messages.c.id == call)) if row is None else None
    if state == DeliveryState.SENDING.value:
        raise BeingPlacedError
    if row is not None and row.sid is not None:
        await pool.end(row.gateway, row.sid)
