"""Two gateways and more ways to a person: a page does not wait for one that fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.notify.gateways.pool import Pool
from services.notify.handlers.miss_silent import miss_silent
from services.notify.handlers.send_message import send_message
from services.notify.rules.breaker import FAILURES
from services.notify.rules.contact import ContactChannel
from shared.contracts.vocabulary import Level
from tests.integration.notify.carrier import Carrier, KilledError
from tests.integration.notify.world import PHONE, World


@pytest.fixture
async def second(world: World) -> Carrier:
    made = Carrier(name="smpp")
    world.pool = Pool([world.carrier, made], now=lambda: 0.0)
    return made


async def test_when_the_first_takes_none_the_page_goes_by_the_second_at_once(world: World, second: Carrier) -> None:
    world.carrier.busy = True
    event = await world.open(Level.IMMEDIATE)
    await world.work()
    assert len(second.new()) == 3
    alert = await world.alert(event.case_code)
    assert {page["gateway"] for page in alert["paged"]} == {"smpp"}
    assert (await world.story(event.case_code)).count("other_gateway") == 3


async def test_what_a_dying_gateway_may_have_taken_goes_by_the_other_once_it_cannot_be_asked(
    world: World, second: Carrier
) -> None:
    world.carrier.away = True
    await world.open()
    await world.work()
    assert second.new() == []
    await world.work()
    assert len(second.new()) == 1


async def test_a_gateway_that_keeps_failing_is_left_alone(world: World, second: Carrier) -> None:
    world.carrier.busy = True
    for _ in range(FAILURES):
        await world.open()
        await world.work()
    second.new()
    world.carrier.busy = False
    await world.open()
    assert len(second.new()) == 1
    world.silence()


async def test_what_may_have_been_taken_is_looked_up_before_it_goes_by_the_other(world: World, second: Carrier) -> None:
    world.carrier.silent_after_taking = True
    await world.open()
    await world.work()
    world.expect("worker")
    assert second.new() == []


async def test_what_was_not_taken_goes_by_the_other_after_the_look_up(world: World, second: Carrier) -> None:
    await world.hear_urgent()
    world.carrier.dies_before_taking = True
    (body,) = await world.take_work()
    with pytest.raises(KilledError):
        await send_message(world.database, world.desk, world.pool, body)
    await world.claims_run_out()
    await send_message(world.database, world.desk, world.pool, body)
    assert world.carrier.looked_up[PHONE["worker"]] == 1
    assert len(second.new()) == 1


async def test_a_number_that_one_gateway_cannot_serve_goes_by_the_other(world: World, second: Carrier) -> None:
    world.carrier.elsewhere = {PHONE["worker"]: 21612}
    event = await world.open()
    await world.work()
    assert len(second.new()) == 1
    assert (await world.alert(event.case_code))["step"] == 1


async def test_without_a_receipt_from_the_phone_the_next_people_are_paged_and_a_late_one_still_counts(
    world: World,
) -> None:
    event = await world.open(Level.URGENT)
    (sms,) = world.expect("worker")
    await world.pass_time(minutes=2, seconds=59)
    assert await miss_silent(world.database, world.desk, ["twilio"]) == 0
    await world.pass_time(seconds=1)
    assert await miss_silent(world.database, world.desk, ["twilio"]) == 1
    assert await miss_silent(world.database, world.desk, ["twilio"]) == 0
    await world.work()
    world.expect("head")
    assert "not_delivered" in await world.story(event.case_code)
    await world.report(sms, "delivered")
    assert (await world.alert(event.case_code))["paged"][0]["delivery"] == "delivered"


@pytest.mark.parametrize("level", [Level.URGENT, Level.PRIORITY])
async def test_silence_proves_nothing_where_receipts_are_the_operators_or_the_case_can_wait(
    world: World, level: Level
) -> None:
    await world.open(level)
    world.expect("worker")
    await world.pass_time(minutes=4)
    assert await miss_silent(world.database, world.desk, ["twilio"] if level is Level.PRIORITY else ["smpp"]) == 0
    assert await miss_silent(world.database, world.desk, []) == 0


async def test_a_delivered_page_is_not_missed(world: World) -> None:
    await world.open()
    (sms,) = world.expect("worker")
    await world.report(sms, "delivered")
    await world.pass_time(minutes=4)
    assert await miss_silent(world.database, world.desk, ["twilio"]) == 0


async def test_a_failed_page_goes_by_the_persons_next_channel_before_the_next_people(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = Carrier(name="email", channel=ContactChannel.EMAIL)
    world.pool = Pool([world.carrier, mail])
    monkeypatch.setattr("services.notify.contacts._sendable", ["sms", "email"])
    await world.add_contact("worker", ContactChannel.EMAIL, "worker@example.vn")
    event = await world.open()
    (sms,) = world.expect("worker")
    await world.report(sms, "undelivered", 30003)
    (letter,) = mail.new()
    assert letter.to == "worker@example.vn"
    assert "Mo trang BVTE de nhan" in letter.body
    world.silence()
    await world.report(replace(letter), "failed")
    world.expect("head")
    assert (await world.story(event.case_code)).count("not_delivered") == 2
