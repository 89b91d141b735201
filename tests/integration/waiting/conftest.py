from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.intake.models import SCHEMA as INTAKE
from services.notify.models import SCHEMA as NOTIFY
from shared.database import Database
from shared.events import EVENTS_SCHEMA
from shared.settings import Settings
from tests.integration.waiting.office import NOBODY_THERE, Office, intake_process, open_office
from tests.support.postgres import Postgres


@pytest.fixture
async def database(postgres: Postgres) -> AsyncIterator[Database]:
    async with postgres.database([EVENTS_SCHEMA, NOTIFY]) as database:
        yield database


@pytest.fixture
async def intake_database(postgres: Postgres) -> AsyncIterator[Database]:
    async with postgres.database([EVENTS_SCHEMA, INTAKE]) as database:
        yield database


@pytest.fixture
async def office(database: Database, intake_database: Database) -> AsyncIterator[Office]:
    """Notify whose intake runs elsewhere, and whose triage is away."""
    async with (
        intake_process(intake_database) as url,
        open_office(database, Settings(intake_url=url, triage_url=NOBODY_THERE)) as opened,
    ):
        yield opened


@pytest.fixture
async def lone_office(database: Database) -> AsyncIterator[Office]:
    """Notify whose siblings are all away."""
    async with open_office(database, Settings(intake_url=NOBODY_THERE, triage_url=NOBODY_THERE)) as opened:
        yield opened
