"""Which events intake handles, each in the transaction of its effects."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.handlers.receive_submitted import receive_submitted
from services.intake.handlers.record_alert import record_alert
from services.intake.handlers.record_assessment import record_assessment
from services.intake.handlers.record_colleague import record_colleague
from shared.contracts.event import Event
from shared.contracts.events import AlertChanged, CaseAssessed, PersonChanged, ReportSubmitted
from shared.service import EventHandler, Parts


def handlers(parts: Parts) -> dict[type[Event], EventHandler]:
    """Return intake's handlers by event."""

    async def submitted(connection: AsyncConnection, event: ReportSubmitted) -> None:
        await receive_submitted(connection, parts, event)

    return {
        ReportSubmitted: submitted,
        CaseAssessed: record_assessment,
        AlertChanged: record_alert,
        PersonChanged: record_colleague,
    }
