from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.notify.models import SCHEMA
from shared.clock import SystemClock
from shared.crypto import Keys
from shared.database import Database
from shared.events import EVENTS_SCHEMA, EventBus
from shared.service import Parts
from shared.settings import Settings
from tests.support.postgres import Postgres


@pytest.fixture
async def database(postgres: Postgres) -> AsyncIterator[Database]:
    async with postgres.database([EVENTS_SCHEMA, SCHEMA]) as database:
        yield database


@pytest.fixture
def parts(database: Database) -> Parts:
    return Parts(
        settings=Settings(),
        database=database,
        bus=EventBus(database),
        clock=SystemClock(),
        keys=Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32),
    )
