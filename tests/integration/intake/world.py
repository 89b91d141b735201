"""Intake on a real database, with a bus that only records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.handlers.answer_request import Created, Outcome, Submission
from services.intake.handlers.receive_report import receive_report
from services.intake.handlers.receive_submitted import receive_submitted
from services.intake.handlers.record_alert import record_alert
from services.intake.handlers.record_assessment import record_assessment
from services.intake.models import metadata, reports
from services.intake.store import Ledger, ReportStatus, count_ledger, report_status
from shared.clock import MovedClock
from shared.contracts.event import Event
from shared.contracts.events import AlertChanged, CaseAssessed, ReportReceived, ReportSubmitted
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.database import Database
from shared.events import EventBus
from shared.identity.actor import Actor
from shared.service import Parts
from shared.settings import Settings
from tests.unit.intake.documents import ARRIVAL

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
PARTNER = Actor(id=UUID(int=21))
OTHER_PARTNER = Actor(id=UUID(int=22))
OPERATOR = Actor(id=UUID(int=31), roles=frozenset({Role.OPERATOR}))


class RecordingBus(EventBus):
    """Keeps what was published, in the place of a queue."""

    def __init__(self) -> None:
        self.published: list[Event] = []

    async def publish(self, connection: AsyncConnection, *events: Event) -> None:
        assert connection.in_transaction()
        self.published.extend(events)


@dataclass
class World:
    database: Database
    clock: MovedClock = field(default_factory=lambda: MovedClock(ARRIVAL))
    bus: RecordingBus = field(default_factory=RecordingBus)
    keys: Keys = KEYS

    @property
    def parts(self) -> Parts:
        return Parts(Settings(), self.database, self.bus, self.clock, self.keys)

    @property
    def told(self) -> list[ReportReceived]:
        return [event for event in self.bus.published if isinstance(event, ReportReceived)]

    async def receive(self, document: Mapping[str, Any], key: str, actor: Actor = PARTNER) -> Outcome:
        return await receive_report(self.parts, Submission(json.dumps(document).encode(), key, actor))

    async def create(self, document: Mapping[str, Any], key: str = "first", actor: Actor = PARTNER) -> Created:
        outcome = await self.receive(document, key, actor)
        assert isinstance(outcome, Created)
        return outcome

    async def submit(self, event: ReportSubmitted) -> None:
        async with self.database.transaction() as connection:
            await receive_submitted(connection, self.parts, event)

    async def assess(self, event: CaseAssessed) -> None:
        async with self.database.transaction() as connection:
            await record_assessment(connection, event)

    async def change_alert(self, event: AlertChanged) -> None:
        async with self.database.transaction() as connection:
            await record_alert(connection, event)

    async def status(self, report_id: UUID) -> ReportStatus:
        async with self.database.reading() as connection:
            found = await report_status(connection, report_id)
        assert found is not None
        return found

    async def ledger(self) -> Ledger:
        async with self.database.reading() as connection:
            return await count_ledger(connection)

    async def row(self, report_id: UUID) -> RowMapping:
        async with self.database.reading() as connection:
            return (await connection.execute(select(reports).where(reports.c.report_id == report_id))).mappings().one()

    async def count(self, table: str) -> int:
        async with self.database.reading() as connection:
            return int(
                await connection.scalar(select(func.count()).select_from(metadata.tables[f"intake.{table}"])) or 0
            )

    async def let_wait(self, span: timedelta) -> None:
        """Let every report be stored `span` of real time earlier."""
        async with self.database.transaction() as connection:
            await connection.execute(
                update(reports).values(stored_at=reports.c.stored_at - span, republish_at=reports.c.republish_at - span)
            )


def assessed(
    created: Created, revision: int = 1, sequence: int | None = None, *, later: timedelta = timedelta(), **said: Any
) -> CaseAssessed:
    """An assessment at URGENT, unless a test says otherwise, made `later` than arrival."""
    document = {
        "occurred_at": ARRIVAL + later,
        "correlation_id": "walk",
        "report_id": created.report_id,
        "case_code": created.case_code,
        "sequence": revision if sequence is None else sequence,
        "revision": revision,
        "channel": "hotline",
        "received_at": ARRIVAL,
        "level": "URGENT",
        "rules": [
            {"id": "R16", "level": "URGENT", "text_vi": "Nghi xâm hại", "text_en": "Young or disabled", "source": "m"},
            {"id": "R26", "level": None, "text_vi": "Chưa rõ tuổi", "text_en": "Age unclear", "source": "p"},
        ],
        "table_version": "1",
        "clocks": {"acknowledge_by": ARRIVAL + timedelta(hours=1), "legal_by": ARRIVAL + timedelta(hours=12)},
        "route": {
            "lead": "social-9190",
            "support": ["health-9190"],
            "where": "commune",
            "unit_code": 9190,
            "text_vi": "Nhóm xã hội",
            "text_en": "Social work",
        },
    }
    return CaseAssessed.model_validate({**document, **said})


def alert(created: Created, sequence: int, **said: Any) -> AlertChanged:
    """A change of the alert: open and paged at its first step, unless a test says otherwise."""
    document = {
        "occurred_at": ARRIVAL,
        "correlation_id": "walk",
        "report_id": created.report_id,
        "case_code": created.case_code,
        "sequence": sequence,
        "level": "URGENT",
        "state": "open",
        "step": 1,
        "paged": 1,
    }
    return AlertChanged.model_validate({**document, **said})


def submitted(document: Mapping[str, Any], **said: Any) -> ReportSubmitted:
    return ReportSubmitted.model_validate(
        {"occurred_at": ARRIVAL, "correlation_id": "from-outside", "report": document, **said}
    )
