"""Triage on the real bus: a report in, a case out to both consumers, the alert back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.app import RECIPE
from services.triage.models import SCHEMA
from shared.clock import MovedClock
from shared.contracts.events import AlertChanged, CaseAssessed, ReportReceived
from shared.contracts.vocabulary import Level, ServiceName
from shared.crypto import Keys
from shared.events import EVENTS_SCHEMA, EventBus
from shared.service import Parts
from shared.settings import Settings
from tests.integration.events.world import until
from tests.integration.triage.world import World, alert
from tests.support.postgres import Postgres
from tests.unit.triage.reports import RECEIVED, a_report

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)


async def test_report_is_assessed_and_its_alert_recorded(postgres: Postgres, tmp_path: Path) -> None:
    async with postgres.database([EVENTS_SCHEMA, SCHEMA]) as database:
        bus, clock = EventBus(database, keys=KEYS), MovedClock(RECEIVED)
        service = RECIPE.build(Parts(Settings(data_dir=tmp_path), database, bus, clock, KEYS))
        assert set(service.events) == {ReportReceived, AlertChanged}
        assert [job.name for job in service.jobs] == ["republish_unpaged"]
        bus.handle_events(service.name, dict(service.events))
        heard: asyncio.Queue[tuple[ServiceName, CaseAssessed]] = asyncio.Queue()
        for name in CaseAssessed.CONSUMERS:
            bus.handle_events(name, {CaseAssessed: _ear(name, heard)})
        report = a_report(facts={"danger_now": "yes"})
        async with database.transaction() as connection:
            await bus.publish(connection, report, report)
        await bus.start()
        try:
            async with asyncio.timeout(30):
                told = [await heard.get() for _ in CaseAssessed.CONSUMERS]
                assert {name for name, _ in told} == set(CaseAssessed.CONSUMERS)
                assert {event.level for _, event in told} == {Level.IMMEDIATE}
                async with database.transaction() as connection:
                    await bus.publish(connection, alert(report, level="IMMEDIATE"))
                await until(lambda: _alert_is_open(World(database, clock), report))
        finally:
            await bus.stop()
        assert heard.empty()


async def _alert_is_open(world: World, report: ReportReceived) -> bool:
    return bool((await world.case(report.report_id))["alert_state"] == "open")


def _ear(name: ServiceName, heard: asyncio.Queue[tuple[ServiceName, CaseAssessed]]) -> Any:
    async def hear(_: AsyncConnection, event: CaseAssessed) -> None:
        heard.put_nowait((name, event))

    return hear
