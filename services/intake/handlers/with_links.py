"""What linked reports add to the event that tells of one of them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import link_records
from services.intake.rules.repeats import earlier_reports
from shared.contracts.events import ReportReceived


async def with_links(connection: AsyncConnection, event: ReportReceived) -> ReportReceived:
    """Return the event with every linked report, and R18's count: what the caller said or what is linked, whichever is more."""
    group = await link_records.group_of(connection, event.report_id)
    own = next(member for member in group if member.report_id == event.report_id)
    found = earlier_reports(own, group)
    return event.model_copy(
        update={
            "linked_report_ids": tuple(sorted(member.report_id for member in group if member is not own)),
            "earlier_reports_12_months": max(event.earlier_reports_12_months, found),
        }
    )
