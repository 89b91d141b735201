"""Foresee what a report that is being typed would become, by the rules in force; nothing is written."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.rules.case import decide
from services.triage.surroundings import surroundings
from services.triage.table_in_force import table_in_force
from shared.contracts.events import ReportReceived
from shared.contracts.preview import Foreseen, Judged
from shared.contracts.vocabulary import Channel

NO_REPORT = UUID(int=0)
"""Not a report's id: what is typed has none yet, so nothing of a case before it counts."""


async def preview_case(connection: AsyncConnection, judged: Judged, now: datetime) -> Foreseen:
    """Return what `assess_report` would decide of the same report, received at `now` (aware)."""
    report = as_received(judged, now)
    known = await store.known(connection, report.report_id, report.incident_unit_code)
    around = surroundings(report, covered=known.covered)
    decision = decide(report, None, around, await table_in_force(connection, known.table_digest))
    return Foreseen(
        level=decision.level,
        rules=decision.rules,
        table_version=decision.table_version,
        clocks=decision.clocks,
        route=decision.route,
    )


def as_received(judged: Judged, now: datetime) -> ReportReceived:
    """Return the report as triage would receive it; the rules read neither its names nor its channel."""
    return ReportReceived(
        **{name: getattr(judged, name) for name in Judged.model_fields},
        occurred_at=now,
        correlation_id="preview",
        report_id=NO_REPORT,
        case_code="",
        revision=1,
        channel=Channel.HOTLINE,
        received_at=now,
    )
