"""One suite over both transports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text

from shared.contracts.events import ReportSubmitted
from shared.events import EVENTS_SCHEMA
from tests.integration.events.samples import Bell, Ping
from tests.integration.events.world import World
from tests.support.kafka import Kafka, running_kafka
from tests.support.postgres import Postgres


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    with running_kafka() as broker:
        yield broker


@pytest.fixture(params=["postgres", pytest.param("kafka", marks=pytest.mark.kafka)])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def world(transport: str, postgres: Postgres, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    broker: Kafka | None = request.getfixturevalue("kafka") if transport == "kafka" else None
    prefix = broker.new_prefix() if broker else ""
    if broker:
        await broker.make_topics(*(prefix + event.TOPIC for event in (Ping, Bell, ReportSubmitted)))
    async with postgres.database([EVENTS_SCHEMA]) as database:
        async with database.transaction() as connection:
            await connection.execute(text("CREATE TABLE effects (consumer text NOT NULL, number integer NOT NULL)"))
        made = World(database, broker, prefix)
        try:
            yield made
        finally:
            await made.stop()
