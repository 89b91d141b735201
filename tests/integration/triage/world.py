"""Triage on a real database, with a bus that only records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.handlers.assess_report import assess_report
from services.triage.handlers.record_alert import record_alert
from services.triage.handlers.republish_unpaged import republish_unpaged
from services.triage.models import assessments, cases
from shared.clock import MovedClock
from shared.contracts.event import Event
from shared.contracts.events import AlertChanged, CaseAssessed, ReportReceived
from shared.database import Database
from shared.events import EventBus
from tests.unit.triage.reports import RECEIVED


class RecordingBus(EventBus):
    """Keeps what was published, in the place of a queue."""

    def __init__(self) -> None:
        self.published: list[Event] = []

    async def publish(self, connection: AsyncConnection, *events: Event) -> None:
        assert connection.in_transaction()
        self.published.extend(events)


def alert(report: ReportReceived, sequence: int = 1, **said: Any) -> AlertChanged:
    """A change of the alert of a report: opened at URGENT, unless a test says otherwise."""
    document = {
        "occurred_at": RECEIVED,
        "correlation_id": report.correlation_id,
        "report_id": report.report_id,
        "case_code": report.case_code,
        "sequence": sequence,
        "level": "URGENT",
        "state": "open",
        "step": 1,
        "paged": 1,
    }
    return AlertChanged.model_validate({**document, **said})


@dataclass
class World:
    database: Database
    clock: MovedClock
    bus: RecordingBus = field(default_factory=RecordingBus)

    @property
    def told(self) -> list[CaseAssessed]:
        return [event for event in self.bus.published if isinstance(event, CaseAssessed)]

    async def assess(self, *reports: ReportReceived) -> None:
        for report in reports:
            async with self.database.transaction() as connection:
                await assess_report(connection, report, bus=self.bus, clock=self.clock)

    async def record(self, *changes: AlertChanged) -> None:
        for change in changes:
            async with self.database.transaction() as connection:
                await record_alert(connection, change)

    async def republish(self) -> int:
        return await republish_unpaged(self.database, self.bus, self.clock)

    async def case(self, report_id: UUID) -> dict[str, Any]:
        async with self.database.reading() as connection:
            row = (await connection.execute(select(cases).where(cases.c.report_id == report_id))).one()
        return dict(row._mapping)

    async def history(self, report_id: UUID) -> list[dict[str, Any]]:
        statement = select(assessments).where(assessments.c.report_id == report_id).order_by(assessments.c.sequence)
        async with self.database.reading() as connection:
            return [dict(row._mapping) for row in await connection.execute(statement)]

    async def pass_time(self, span: timedelta) -> None:
        """Let real time pass for every case that waits for its alert."""
        async with self.database.transaction() as connection:
            await connection.execute(update(cases).values(republish_at=cases.c.republish_at - span))

    async def waits(self, report_id: UUID) -> timedelta | None:
        """How long until the case is published again; null when it does not wait."""
        statement = select(cases.c.republish_at - func.now()).where(cases.c.report_id == report_id)
        async with self.database.reading() as connection:
            span: timedelta | None = (await connection.execute(statement)).scalar_one()
        return span
