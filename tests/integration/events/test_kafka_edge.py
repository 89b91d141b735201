"""What only the Kafka transport meets: reports from outside, foreign records, a broker that is not there."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import ReportSubmitted
from shared.contracts.vocabulary import ServiceName
from shared.events import EventBus, KafkaUnreachableError
from shared.events.seal import SEAL_CONTEXT
from tests.integration.events.samples import Ping
from tests.integration.events.world import KEYS, World, until

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.parametrize("transport", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True),
]

REPORT = {"channel": "partner", "external_id": "p-1", "narrative": "canary narrative"}


async def send(world: World, topic: str, *values: bytes | None, headers: Any = ()) -> None:
    """Send records as an outside system does."""
    assert world.kafka is not None
    async with AIOKafkaProducer(bootstrap_servers=world.kafka.servers) as producer:
        for value in values:
            await producer.send_and_wait(world.prefix + topic, value, key=b"any", headers=list(headers))


async def intake(world: World, arrived: list[ReportSubmitted]) -> EventBus:
    async def receive(_session: AsyncConnection, event: ReportSubmitted) -> None:
        arrived.append(event)

    bus = world.new_bus()
    bus.handle_events(ServiceName.INTAKE, {ReportSubmitted: receive})
    return await world.run(bus)


async def test_bare_report_document_arrives_as_an_event(world: World) -> None:
    arrived: list[ReportSubmitted] = []
    await intake(world, arrived)
    await send(
        world, ReportSubmitted.TOPIC, json.dumps(REPORT).encode(), headers=[("source", b"\xff"), ("empty", None)]
    )
    await until(lambda: _arrived(arrived, 1))
    (event,) = arrived
    assert event.report == REPORT
    assert event.correlation_id == str(event.event_id)


async def test_report_waits_in_the_queue_only_sealed(world: World) -> None:
    await world.change(
        "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.next_attempt_at = now() + interval '1 hour'; RETURN NEW; END $$"
    )
    await world.change("CREATE TRIGGER hold BEFORE INSERT ON events.queue FOR EACH ROW EXECUTE FUNCTION hold()")
    await intake(world, [])
    await send(world, ReportSubmitted.TOPIC, json.dumps(REPORT).encode())
    await until(lambda: _waits(world))
    (row,) = await world.rows("SELECT payload, headers FROM events.queue")
    assert b"canary" not in row.payload
    assert "canary" not in json.dumps(row.headers)
    assert json.loads(KEYS.open(row.payload, SEAL_CONTEXT))["report"] == REPORT


@pytest.mark.parametrize("content", [b"canary, not JSON", b"\xff\x00", b"[1]", None])
async def test_submission_that_is_no_document_arrives_as_it_is(world: World, content: bytes | None) -> None:
    arrived: list[ReportSubmitted] = []
    await intake(world, arrived)
    await send(world, ReportSubmitted.TOPIC, content)
    await until(lambda: _arrived(arrived, 1))
    (event,) = arrived
    assert event.report == {}
    assert base64.b64decode(event.unreadable or "") == (content or b"")
    assert await world.letters() == []


async def test_foreign_records_are_set_aside_and_the_rest_flows(world: World) -> None:
    bus = await world.triage()
    strange = {"event_id": "0" * 32, "correlation_id": "a\u0000b"}
    await send(world, Ping.TOPIC, b"\xff\x00", None, b"{}", json.dumps(strange).encode())
    await world.publish(bus, Ping(number=1))
    await world.has_effects(1)
    await until(lambda: _letters(world, 4))
    assert {letter.last_exception for letter in await world.letters()} == {"UnreadableEventError"}
    assert await world.effects() == [1]


async def test_start_without_a_broker_stops_with_one_sentence(world: World) -> None:
    bus = EventBus(world.database, kafka="127.0.0.1:1")
    with pytest.raises(KafkaUnreachableError, match=r"^No Kafka broker answers at 127\.0\.0\.1:1: "):
        await bus.start()


async def _arrived(arrived: list[ReportSubmitted], count: int) -> bool:
    return len(arrived) >= count


async def _waits(world: World) -> bool:
    return await world.waiting() == 1


async def _letters(world: World, count: int) -> bool:
    return len(await world.letters()) == count
