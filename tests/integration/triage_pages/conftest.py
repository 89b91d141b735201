from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.triage.models import SCHEMA
from shared.clock import MovedClock
from tests.integration.triage.office import CaseOffice
from tests.integration.triage.world import World
from tests.integration.triage_pages.site import Site, open_site
from tests.support.postgres import Postgres
from tests.unit.triage.reports import RECEIVED


@pytest.fixture
async def office(postgres: Postgres) -> AsyncIterator[CaseOffice]:
    async with postgres.database([SCHEMA]) as database:
        yield CaseOffice(World(database, MovedClock(RECEIVED)))


@pytest.fixture
async def site(office: CaseOffice) -> AsyncIterator[Site]:
    async with open_site(office.world) as opened:
        yield opened
