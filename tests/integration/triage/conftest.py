from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.triage.models import SCHEMA
from shared.clock import MovedClock
from tests.integration.triage.world import World
from tests.support.postgres import Postgres
from tests.unit.triage.reports import RECEIVED


@pytest.fixture
async def world(postgres: Postgres) -> AsyncIterator[World]:
    async with postgres.database([SCHEMA]) as database:
        yield World(database, MovedClock(RECEIVED))
