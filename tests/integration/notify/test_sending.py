"""A page reaches the carrier once, or more than once rather than never, and what became of it is known."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from services.notify.gateways.gateway import Outgoing
from services.notify.handlers.send_message import SendingElsewhereError, send_message
from shared.contracts.vocabulary import Level
from tests.integration.notify.carrier import KilledError
from tests.integration.notify.world import PHONE, World, assessed


async def killed_while_sending(world: World) -> None:
    """Let the process die at the gateway, and the queue hand the work out again when the claim is over."""
    work = await world.take_work()
    for body in work:
        with pytest.raises(KilledError):
            await send_message(world.database, world.desk, world.pool, body)
    world.carrier.dies_after_taking = world.carrier.dies_before_taking = False
    await world.claims_run_out()
    for body in work:
        await send_message(world.database, world.desk, world.pool, body)


async def flags(world: World) -> tuple[str, bool]:
    async with world.database.reading() as connection:
        row = (await connection.execute(text("SELECT state, possible_duplicate FROM notify.messages"))).one()
    return row.state, row.possible_duplicate


async def test_killed_after_the_carrier_took_it_finds_it_there_and_sends_nothing_again(world: World) -> None:
    await world.hear_urgent()
    world.carrier.dies_after_taking = True
    await killed_while_sending(world)
    world.expect("worker")
    assert await flags(world) == ("accepted", False)


async def test_killed_before_the_carrier_took_it_sends_it_after_all(world: World) -> None:
    await world.hear_urgent()
    world.carrier.dies_before_taking = True
    await killed_while_sending(world)
    world.expect("worker")
    assert world.carrier.looked_up[PHONE["worker"]] == 1
    assert await flags(world) == ("accepted", False)


async def test_while_the_look_up_fails_it_is_asked_again_and_then_sent_as_a_possible_duplicate(world: World) -> None:
    event = await world.hear_urgent()
    world.carrier.dies_after_taking = world.carrier.forgetful = True
    await killed_while_sending(world)
    assert world.carrier.looked_up[PHONE["worker"]] == 1
    world.expect("worker")
    await world.work()
    world.expect("worker")
    assert world.carrier.looked_up[PHONE["worker"]] == 2
    assert await flags(world) == ("accepted", True)
    assert "sent_late" in await world.story(event.case_code)


async def test_a_look_up_that_works_the_second_time_sends_nothing_again(world: World) -> None:
    await world.hear_urgent()
    world.carrier.dies_after_taking = world.carrier.forgetful = True
    await killed_while_sending(world)
    world.carrier.forgetful = False
    await world.work()
    world.expect("worker")
    assert await flags(world) == ("accepted", False)


async def test_an_answer_that_never_comes_is_looked_up_before_sending_again(world: World) -> None:
    world.carrier.silent_after_taking = True
    await world.open()
    world.carrier.silent_after_taking = False
    await world.work()
    world.expect("worker")
    assert await flags(world) == ("accepted", False)


async def test_two_workers_with_the_same_message_send_it_once(world: World) -> None:
    await world.hear_urgent()
    (body,) = await world.take_work()
    sends = (send_message(world.database, world.desk, world.pool, body) for _ in range(8))
    outcomes = await asyncio.gather(*sends, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} <= {type(None), SendingElsewhereError}
    world.expect("worker")


async def test_carrier_away_for_ten_minutes_every_page_goes_out_late_and_said_so(world: World) -> None:
    world.carrier.away = True
    events = [await world.open(Level.IMMEDIATE) for _ in range(3)]
    for _ in range(10):
        await world.pass_time(minutes=1)
    world.silence()
    assert [(await world.alert(event.case_code))["step"] for event in events] == [2, 2, 2]
    world.carrier.away = False
    await world.work()
    world.expect(*["worker", "head", "police", "chair", "province"] * 3)
    for event in events:
        assert (await world.story(event.case_code)).count("sent_late") >= 3
    await world.work()
    world.silence()


async def test_a_page_that_waits_is_dropped_when_the_case_is_taken_meanwhile(world: World) -> None:
    world.carrier.refused = {}
    event = await world.open(Level.IMMEDIATE)
    world.expect("worker", "head", "police")
    world.carrier.away = True
    await world.pass_time(minutes=10)
    await world.reply("worker", f"OK {event.case_code}")
    world.carrier.away = False
    await world.work()
    world.expect("head", "police", says="da co nguoi nhan")
    assert (await world.message_states()).count("cancelled") == 2


async def test_a_page_of_a_case_taken_between_queueing_and_sending_is_not_sent(world: World) -> None:
    event = await world.hear_urgent()
    work = await world.take_work()
    await world.acknowledge(event.case_code, "head")
    for body in work:
        await send_message(world.database, world.desk, world.pool, body)
    world.silence()
    assert await world.message_states() == ["cancelled"]


async def test_a_page_left_behind_by_a_dead_process_is_not_sent_when_the_case_is_taken_meanwhile(world: World) -> None:
    event = await world.hear_urgent()
    (body,) = await world.take_work()
    world.carrier.dies_before_taking = True
    with pytest.raises(KilledError):
        await send_message(world.database, world.desk, world.pool, body)
    world.carrier.dies_before_taking = False
    await world.acknowledge(event.case_code, "worker")
    await world.claims_run_out()
    await send_message(world.database, world.desk, world.pool, body)
    world.silence()
    assert await world.message_states() == ["cancelled"]


async def test_a_page_of_the_level_before_is_not_sent_after_the_level_rose(world: World) -> None:
    event = assessed(Level.PRIORITY)
    await world.hear(event)
    await world.hear(world.graver(event))
    await world.work()
    world.expect("worker", says="MUC GAP")


@pytest.mark.parametrize("code", [21211, 21610, 21614])
async def test_a_number_that_can_never_be_reached_is_not_tried_again_and_the_next_step_fires(
    world: World, code: int
) -> None:
    world.carrier.refused = {PHONE["worker"]: code}
    event = await world.open()
    await world.work()
    world.expect("head")
    assert "not_delivered" in await world.story(event.case_code)
    paged = (await world.alert(event.case_code))["paged"]
    assert [page["delivery"] for page in paged] == ["failed", "accepted"]
    await world.open()
    world.expect("head")


async def test_one_unreachable_of_three_does_not_move_the_step(world: World) -> None:
    world.carrier.refused = {PHONE["head"]: 21614}
    event = await world.open(Level.IMMEDIATE)
    world.expect("worker", "police")
    assert (await world.alert(event.case_code))["step"] == 1
    await world.reply("worker", f"KHONG {event.case_code}")
    world.silence()
    await world.reply("police", f"KHONG {event.case_code}")
    world.expect("chair", "province")


async def test_delivered_is_kept_over_a_late_sent_and_a_repeated_report(world: World) -> None:
    await world.open()
    (sms,) = world.expect("worker")
    for status in ("delivered", "sent", "queued", "delivered"):
        await world.report(sms, status)
    assert await world.message_states() == ["delivered"]


@pytest.mark.parametrize("silent", [False, True])
async def test_a_report_that_overtakes_the_carriers_own_answer_is_kept(world: World, *, silent: bool) -> None:
    world.carrier.silent_after_taking = silent
    await world.hear_urgent()
    (body,) = await world.take_work()

    async def report_first(message: Outgoing) -> object:
        outcome = await type(world.carrier).send(world.carrier, message)
        await world.report(world.carrier.sent[-1], "delivered")
        return outcome

    world.carrier.send = report_first  # type: ignore[method-assign, assignment] # reports before it answers
    await send_message(world.database, world.desk, world.pool, body)
    await world.work()
    world.expect("worker")
    assert await world.message_states() == ["delivered"]


async def test_a_receipt_never_ends_escalation(world: World) -> None:
    await world.open()
    (sms,) = world.expect("worker")
    await world.report(sms, "delivered")
    await world.pass_time(minutes=30)
    world.expect("head")


async def test_undelivered_later_fires_the_next_step_at_once_and_keeps_a_number_that_may_work_again(
    world: World,
) -> None:
    event = await world.open()
    (sms,) = world.expect("worker")
    await world.report(sms, "sent")
    await world.report(sms, "undelivered", 30003)
    world.expect("head")
    await world.report(sms, "undelivered", 30003)
    world.silence()
    assert (await world.alert(event.case_code))["paged"][0]["delivery"] == "undelivered"
    await world.open()
    world.expect("worker")


async def test_a_late_failure_of_an_earlier_page_does_not_count_against_a_newer_one(world: World) -> None:
    event = await world.open(Level.PRIORITY)
    (first,) = world.expect("worker")
    await world.hear(world.graver(event))
    await world.work()
    world.expect("worker")
    await world.report(first, "undelivered", 30003)
    world.silence()


async def test_a_report_on_a_message_nobody_knows_changes_nothing(world: World) -> None:
    await world.open()
    (sms,) = world.expect("worker")
    sms.message_id, sms.sid = None, "SMunknown"
    await world.report(sms, "undelivered", 30003)
    world.silence()
