"""A report that alleges a colleague, from intake over triage to notify on the real bus: they and theirs hear nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from services.intake.app import RECIPE as INTAKE
from services.intake.handlers.answer_request import Created, Submission
from services.intake.handlers.decide_conflict import Decision, decide_conflict
from services.intake.handlers.receive_report import receive_report
from services.intake.models import SCHEMA as INTAKE_SCHEMA
from services.intake.models import colleagues
from services.notify.app import build_with
from services.notify.handlers.desk import Desk
from services.notify.handlers.escalate_due import escalate_due
from services.notify.handlers.load_organisation import load_organisation
from services.notify.handlers.tell_colleagues import tell_colleagues
from services.notify.models import SCHEMA as NOTIFY_SCHEMA
from services.notify.models import alerts, messages
from services.triage.app import RECIPE as TRIAGE
from services.triage.models import SCHEMA as TRIAGE_SCHEMA
from shared.clock import MovedClock
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.events import EVENTS_SCHEMA, EventBus
from shared.events.tables import QUEUE
from shared.identity.actor import Actor
from shared.service import Parts
from shared.settings import Settings
from tests.integration.events.world import until
from tests.integration.notify.carrier import Carrier
from tests.integration.notify.world import ID, NOON, PHONE, TEAMS, organisation
from tests.support.postgres import Postgres

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
SCHEMAS = [EVENTS_SCHEMA, INTAKE_SCHEMA, TRIAGE_SCHEMA, NOTIFY_SCHEMA]
SUPERVISOR = Actor(UUID(int=81), frozenset({Role.SUPERVISOR}))
WARD = {"incident": {"unit_code": 9190}}
_NAMES = {phone: name for name, phone in PHONE.items()}


@dataclass
class Product:
    """The three services in one process, without their clocks' jobs."""

    parts: Parts
    clock: MovedClock
    carrier: Carrier

    async def report(self, **said: Any) -> Created:
        document = {"channel": "hotline", "place": WARD, **said}
        created = await receive_report(self.parts, Submission(document, uuid4().hex))
        assert isinstance(created, Created)
        await until(lambda: self.follows(created.report_id, 1))
        return created

    async def follows(self, report_id: UUID, revision: int) -> bool:
        """Tell whether the alert is at this state of its case and all that is to be sent is sent."""
        async with self.parts.database.reading() as connection:
            at = await connection.scalar(select(alerts.c.case_sequence).where(alerts.c.report_id == report_id))
        return at == revision and await self.is_quiet()

    async def is_quiet(self) -> bool:
        async with self.parts.database.reading() as connection:
            waiting = await connection.scalar(select(func.count()).select_from(QUEUE))
            unsent = messages.c.state.in_(["queued", "sending"])
            return not waiting and not await connection.scalar(select(func.count()).where(unsent))

    async def pass_time(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        await escalate_due(self.parts.database, Desk.of(self.parts))
        await until(self.is_quiet)

    def texted(self) -> set[str]:
        """Return who got an SMS since the last look."""
        return {_NAMES[sms.to] for sms in self.carrier.new()}


@asynccontextmanager
async def a_product(postgres: Postgres, directory: Path) -> AsyncIterator[Product]:
    async with postgres.database(SCHEMAS) as database:
        clock, carrier = MovedClock(NOON), Carrier()
        bus = EventBus(database, keys=KEYS, clock=clock)
        parts = Parts(Settings(data_dir=directory), database, bus, clock, KEYS)
        for service in (INTAKE.build(parts), TRIAGE.build(parts), build_with(parts, [carrier])):
            bus.handle_events(service.name, dict(service.events))
            bus.handle_tasks(service.name, dict(service.tasks))
        teams, people = organisation()
        named = [
            replace(team, institutions=("Trung tâm BVTE Võ Cường",)) if team.code == "social-9190" else team
            for team in teams
        ]
        async with database.transaction() as connection:
            await load_organisation(connection, named, people, NOON - timedelta(days=1))
        await bus.start()
        try:
            assert await tell_colleagues(parts) == len(TEAMS)

            async def known() -> bool:
                async with database.reading() as connection:
                    return await connection.scalar(select(func.count()).select_from(colleagues)) == len(TEAMS)

            await until(known)
            yield Product(parts, clock, carrier)
        finally:
            await bus.stop()


async def test_an_alleged_police_head_hears_nothing_and_the_province_leads(postgres: Postgres, tmp_path: Path) -> None:
    async with a_product(postgres, tmp_path) as product:
        alleged = [{"role": "known_person", "name": "anh P", "phone": PHONE["police"].replace("+84", "0")}]
        await product.report(facts={"danger_now": "yes"}, alleged=alleged)
        texted = product.texted()
        assert {"province", "province_head", "province_police"} <= texted
        assert "worker" in texted, "social work supports"
        for _ in range(4):
            await product.pass_time(10)
            texted |= product.texted()
        assert "committee" in texted
        assert "police" not in texted


async def test_an_alleged_institution_excludes_its_whole_team(postgres: Postgres, tmp_path: Path) -> None:
    async with a_product(postgres, tmp_path) as product:
        alleged = [{"role": "employer", "institution": "trung tam bvte vo cuong"}]
        await product.report(concerns=["neglect"], facts={"danger_now": "unknown"}, alleged=alleged)
        texted = product.texted()
        for minutes in (30, 30, 60, 10):
            await product.pass_time(minutes)
            texted |= product.texted()
        assert "province" in texted
        assert not texted & {"worker", "head"}


async def test_an_unsure_match_excludes_and_a_supervisor_widens_it_to_the_team(
    postgres: Postgres, tmp_path: Path
) -> None:
    async with a_product(postgres, tmp_path) as product:
        alleged = [{"role": "known_person", "name": "nguyen thi worker"}]
        created = await product.report(concerns=["neglect"], facts={"danger_now": "unknown"}, alleged=alleged)
        first = product.texted()
        assert "head" in first
        assert "worker" not in first
        await decide_conflict(product.parts, Decision(created.report_id, ID["worker"], same=True, actor=SUPERVISOR))
        await until(lambda: product.follows(created.report_id, 2))
        texted = product.texted()
        for minutes in (30, 30, 60, 10):
            await product.pass_time(minutes)
            texted |= product.texted()
        assert {"province", "province_head"} <= texted
        assert not texted & {"worker", "head"}


async def test_an_unsure_match_that_a_supervisor_lifts_gives_the_case_back_to_everybody(
    postgres: Postgres, tmp_path: Path
) -> None:
    async with a_product(postgres, tmp_path) as product:
        alleged = [{"role": "known_person", "name": "nguyen thi head"}]
        created = await product.report(concerns=["neglect"], facts={"danger_now": "unknown"}, alleged=alleged)
        assert "worker" in product.texted()
        await decide_conflict(product.parts, Decision(created.report_id, ID["head"], same=False, actor=SUPERVISOR))
        await until(lambda: product.follows(created.report_id, 2))
        product.carrier.new()
        await product.pass_time(30)
        assert product.texted() == {"head"}
