from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.intake.models import SCHEMA
from tests.integration.intake.world import World
from tests.integration.intake_pages.console import Console, open_console
from tests.support.postgres import Postgres


@pytest.fixture
async def console(postgres: Postgres) -> AsyncIterator[Console]:
    async with postgres.database([SCHEMA]) as database, open_console(World(database)) as opened:
        yield opened
