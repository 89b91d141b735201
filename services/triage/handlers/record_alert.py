"""Keep what notify tells of a case's alert; events come in any order."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from shared.contracts.events import AlertChanged
from shared.observability import logger

log = logger(__name__)


class AlertWithoutCaseError(Exception):
    """An alert came for a report that was never assessed here; handle it again once the report is."""


async def record_alert(connection: AsyncConnection, change: AlertChanged) -> None:
    """Handle `heedline.alerts.changed.v1`; a change older than the kept one changes nothing.

    Raises `AlertWithoutCaseError` when there is no such case, which only a restored backup brings about.
    """
    if await store.record_alert(connection, change):
        return
    if not await store.has_case(connection, change.report_id):
        raise AlertWithoutCaseError
    log.info("alert_change_superseded", case_code=change.case_code, sequence=change.sequence)
