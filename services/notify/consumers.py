"""Which events notify handles, each in the transaction of its effects."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.handlers.desk import Desk
from services.notify.handlers.open_alert import open_alert
from shared.contracts.event import Event
from shared.contracts.events import CaseAssessed
from shared.service import EventHandler


def event_handlers(desk: Desk) -> dict[type[Event], EventHandler]:
    """Return notify's handlers by event."""

    async def assessed(connection: AsyncConnection, event: CaseAssessed) -> None:
        await open_alert(connection, desk, event)

    return {CaseAssessed: assessed}
