from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from shared import places
from shared.database import Database
from shared.places.tables import PLACES_SCHEMA
from tests.support.postgres import Postgres


@pytest.fixture
async def database(postgres: Postgres) -> AsyncIterator[Database]:
    async with postgres.database([PLACES_SCHEMA]) as database:
        yield database


@pytest.fixture(autouse=True)
def _own_changes() -> Iterator[None]:
    """Leave no change behind for other tests of this process."""
    yield
    places.use(())
