"""A submission that the queue holds and nobody can read as an event goes to intake, which keeps it for a person."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import ReportSubmitted
from shared.contracts.vocabulary import ServiceName
from shared.events.seal import SEAL_CONTEXT
from shared.events.tables import QUEUE
from tests.integration.events.world import KEYS, World, until

pytestmark = pytest.mark.parametrize("transport", ["postgres"], indirect=True)


@pytest.mark.parametrize("content", [b"not JSON", json.dumps({"report": 7}).encode(), b""])
async def test_it_arrives_once_as_it_is(world: World, content: bytes) -> None:
    arrived: list[ReportSubmitted] = []

    async def receive(_session: AsyncConnection, event: ReportSubmitted) -> None:
        arrived.append(event)

    row = {
        "queue": "intake",
        "payload": KEYS.seal(content, SEAL_CONTEXT),
        "headers": {"topic": ReportSubmitted.TOPIC, "partition": "0", "offset": "7"},
    }
    async with world.database.transaction() as connection:
        await connection.execute(insert(QUEUE), [row, row])
    bus = world.new_bus()
    bus.handle_events(ServiceName.INTAKE, {ReportSubmitted: receive})
    await world.run(bus)
    await until(world.drained)
    (event,) = arrived
    assert base64.b64decode(event.unreadable or "") == content
    assert await world.letters() == []
