"""What comes over Kafka and is no JSON waits for a person in intake, sealed, as other unreadable reports do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy import func, select

from services.intake.consumers import handlers
from services.intake.handlers.receive_submitted import dead_letter_context
from services.intake.models import SCHEMA, dead_letters, reports
from shared.contracts.events import ReportSubmitted
from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events import EVENTS_SCHEMA, EventBus
from tests.integration.events.world import until
from tests.integration.intake.world import World
from tests.support.kafka import Kafka, running_kafka
from tests.support.postgres import Postgres
from tests.unit.intake.documents import a_report

pytestmark = pytest.mark.kafka

CONTENT = "Cháu bé ở ngõ Hoa Sữa <b>bị đánh</b>".encode()


@pytest.fixture(scope="module")
def kafka() -> Iterator[Kafka]:
    with running_kafka() as broker:
        yield broker


@pytest.fixture
async def listening(postgres: Postgres, kafka: Kafka) -> AsyncIterator[tuple[World, str]]:
    """Intake that hears reports from Kafka, and the topic to send them to."""
    prefix = kafka.new_prefix()
    topic = prefix + ReportSubmitted.TOPIC
    await kafka.make_topics(topic)
    async with postgres.database([EVENTS_SCHEMA, SCHEMA]) as database:
        world = World(database)
        bus = EventBus(database, kafka=kafka.servers, topic_prefix=prefix, keys=world.keys)
        receive = handlers(world.parts)[ReportSubmitted]
        bus.handle_events(ServiceName.INTAKE, {ReportSubmitted: receive})
        await bus.start()
        try:
            yield world, topic
        finally:
            await bus.stop()


async def test_a_record_that_is_no_json_waits_sealed_and_the_next_report_is_taken(
    listening: tuple[World, str], kafka: Kafka
) -> None:
    world, topic = listening
    async with AIOKafkaProducer(bootstrap_servers=kafka.servers) as producer:
        for value in (CONTENT, json.dumps(a_report()).encode()):
            await producer.send_and_wait(topic, value, key=b"any")

    async def both() -> bool:
        return await _count(world.database) == (1, 1)

    await until(both)
    async with world.database.reading() as connection:
        row = (await connection.execute(select(dead_letters))).mappings().one()
    assert row["reasons"] == [{"field": "", "why": "not_json"}]
    assert b"Hoa" not in row["document"]
    assert world.keys.open(row["document"], dead_letter_context(row["event_id"])) == CONTENT


async def _count(database: Database) -> tuple[int, int]:
    async with database.reading() as connection:
        found = [await connection.scalar(select(func.count()).select_from(table)) for table in (dead_letters, reports)]
    return int(found[0] or 0), int(found[1] or 0)
