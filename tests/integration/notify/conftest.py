from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.notify.models import SCHEMA
from shared.events import EVENTS_SCHEMA
from tests.integration.notify.world import World
from tests.support.postgres import Postgres


@pytest.fixture
async def world(postgres: Postgres) -> AsyncIterator[World]:
    async with postgres.database([EVENTS_SCHEMA, SCHEMA]) as database:
        made = World(database)
        await made.load()
        yield made
