"""Whoever takes a case stops the phones that still ring for it; nothing else is cut off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from services.notify.gateways.pool import Pool
from services.notify.handlers import change_alert
from services.notify.handlers.change_alert import Act
from services.notify.handlers.end_calls import BeingPlacedError, end_call
from services.notify.handlers.record_delivery import record_delivery
from services.notify.models import messages
from services.notify.rules.contact import ContactChannel
from shared.contracts.events import CaseAssessed
from shared.contracts.vocabulary import Level
from tests.integration.notify.carrier import Carrier, Sms
from tests.integration.notify.world import ID, World


@dataclass
class Telephone(Carrier):
    ended: list[str] = field(default_factory=list)

    async def end(self, sid: str) -> None:
        self.ended.append(sid)


@pytest.fixture
def calls(world: World) -> Telephone:
    made = Telephone(name="voice", channel=ContactChannel.VOICE, receipts_from_phone=True)
    world.pool = Pool([world.carrier, made])
    world.desk = replace(world.desk, calls=True)
    return made


async def called(world: World, calls: Telephone) -> tuple[CaseAssessed, Sms]:
    event = await world.open(Level.IMMEDIATE)
    for _ in range(3):
        await world.pass_time(minutes=10)
    (call,) = calls.new()
    return event, call


async def tasks_for(world: World, call: Sms) -> list[dict[str, Any]]:
    return [body for body in await world.take_work() if body["message_id"] == str(call.message_id)]


async def status(world: World, call: Sms, said: str, result: str | None = None) -> None:
    await record_delivery(
        world.database,
        world.desk,
        message_id=call.message_id,
        sid=call.sid,
        reported=said,
        error_code=None,
        result=result,
    )


async def test_a_ringing_phone_stops_when_another_takes_the_case(world: World, calls: Telephone) -> None:
    event, call = await called(world, calls)
    await world.acknowledge(event.case_code, "head")
    (body,) = await tasks_for(world, call)
    await end_call(world.database, world.desk, world.pool, body)
    assert calls.ended == [call.sid]
    await status(world, call, "failed", "failed")
    alert = await world.alert(event.case_code)
    assert alert["paged"][-1]["delivery"] == "cancelled"
    assert "not_delivered" not in await world.story(event.case_code)
    await end_call(world.database, world.desk, world.pool, body)
    assert calls.ended == [call.sid], "a repeated task ends nothing again"


async def test_a_ringing_phone_stops_when_the_case_is_closed(world: World, calls: Telephone) -> None:
    event, call = await called(world, calls)
    async with world.database.transaction() as connection:
        await change_alert.close(connection, world.desk, Act(event.case_code, ID["head"], "page"))
    (body,) = await tasks_for(world, call)
    await end_call(world.database, world.desk, world.pool, body)
    assert calls.ended == [call.sid]


async def test_a_call_that_somebody_listens_to_goes_on(world: World, calls: Telephone) -> None:
    event, call = await called(world, calls)
    await status(world, call, "sent")
    await world.acknowledge(event.case_code, "head")
    assert await tasks_for(world, call) == []


async def test_a_call_picked_up_between_the_taking_and_the_ending_goes_on(world: World, calls: Telephone) -> None:
    event, call = await called(world, calls)
    await world.acknowledge(event.case_code, "head")
    (body,) = await tasks_for(world, call)
    await status(world, call, "sent")
    await end_call(world.database, world.desk, world.pool, body)
    assert calls.ended == []


async def test_a_call_that_is_being_placed_is_ended_once_its_id_is_known(world: World, calls: Telephone) -> None:
    event, call = await called(world, calls)
    await put(world, call.message_id, "sending")
    await world.acknowledge(event.case_code, "head")
    (body,) = await tasks_for(world, call)
    with pytest.raises(BeingPlacedError):
        await end_call(world.database, world.desk, world.pool, body)
    await put(world, call.message_id, "accepted")
    await end_call(world.database, world.desk, world.pool, body)
    assert calls.ended == [call.sid]


async def put(world: World, message_id: UUID | None, state: str) -> None:
    async with world.database.transaction() as connection:
        await connection.execute(update(messages).where(messages.c.id == message_id).values(state=state))


async def test_a_call_of_a_round_that_has_passed_is_not_placed(world: World, calls: Telephone) -> None:
    """After an outage of calls nobody's phone rings once for every round that it lasted."""
    await world.open(Level.IMMEDIATE)
    for _ in range(2):
        await world.pass_time(minutes=10)
    calls.busy = True
    for _ in range(3):
        await world.pass_time(minutes=10)
    calls.busy = False
    await world.work()
    assert len(calls.new()) == 1
