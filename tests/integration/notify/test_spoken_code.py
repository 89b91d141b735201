"""A number that takes no SMS is proved by a call that speaks the code, and then called when its person is paged."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from services.notify.handlers.verify_contact import Verified
from services.notify.models import CONTACTS, messages
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import DeliveryState
from tests.integration.notify.carrier import Carrier
from tests.integration.notify.test_calls import calls, client, ends, pick_up
from tests.integration.notify.test_contacts import ask, enter
from tests.integration.notify.world import World

LANDLINE = "+842223800001"
__all__ = ["calls", "client"]  # fixtures of the calls' own tests


@pytest.fixture
async def landline(world: World, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A contact by voice, first in its person's order, and not proved yet."""
    monkeypatch.setattr("services.notify.contacts._sendable", ["sms", "voice"])
    await world.add_contact("worker", ContactChannel.VOICE, LANDLINE, rank=0)
    contacts = CONTACTS.contacts
    async with world.database.transaction() as connection:
        await connection.execute(contacts.update().where(contacts.c.address == LANDLINE).values(verified_at=None))
        found = await connection.scalar(select(contacts.c.id).where(contacts.c.address == LANDLINE))
    assert found is not None
    return UUID(str(found))


async def test_the_code_is_spoken_and_not_kept_and_then_pages_ring_there(
    world: World, calls: Carrier, client: httpx.AsyncClient, landline: UUID
) -> None:
    await ask(world, landline)
    await world.work()
    (call,) = calls.new()
    assert call.to == LANDLINE
    assert "Hangup" in await pick_up(client, call, by="machine_start")
    said = await pick_up(client, call)
    assert "vi-VN" in said
    spoken = re.search(r": ([0-9](?:, [0-9]){5})\.", said)
    assert spoken is not None, said
    await ends(client, call, "completed")
    async with world.database.reading() as connection:
        kept = (await connection.execute(select(messages.c.state, messages.c.body))).all()
    assert [tuple(row) for row in kept] == [(DeliveryState.DELIVERED.value, "")]
    assert await enter(world, landline, spoken[1].replace(", ", "")) == Verified()
    await world.open()
    world.expect()
    assert [page.to for page in calls.new()] == [LANDLINE]
