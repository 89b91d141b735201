"""Record what became of the alert of a report; the newest change stays, in whatever order they come."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from shared.contracts.events import AlertChanged
from shared.observability import logger

log = logger(__name__)


async def record_alert(connection: AsyncConnection, event: AlertChanged) -> None:
    """Keep a state of the alert; a late change with a lower sequence changes nothing."""
    if not await records.record_alert(connection, event):
        log.info("alert_change_passed_over", report_id=str(event.report_id), sequence=event.sequence)
