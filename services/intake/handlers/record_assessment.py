"""Record how urgent triage found a report and whose duty it is; the newest assessment stays, in whatever order they come."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from shared.contracts.events import CaseAssessed
from shared.observability import logger

log = logger(__name__)


async def record_assessment(connection: AsyncConnection, event: CaseAssessed) -> None:
    """Keep an assessment; a late one of an earlier state of the case changes nothing."""
    if not await records.record_assessment(connection, event):
        log.info("assessment_passed_over", report_id=str(event.report_id), sequence=event.sequence)
