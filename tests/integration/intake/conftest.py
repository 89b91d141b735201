from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.intake.models import SCHEMA
from tests.integration.intake.world import World
from tests.support.postgres import Postgres


@pytest.fixture
async def world(postgres: Postgres) -> AsyncIterator[World]:
    async with postgres.database([SCHEMA]) as database:
        yield World(database)
