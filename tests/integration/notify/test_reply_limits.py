"""Two machines cannot talk for ever, and a phone that is nobody's hears from us once."""

from __future__ import annotations

from datetime import timedelta

from services.notify.handlers.record_reply import ANSWERED_AT_MOST
from tests.integration.notify.world import World

STRANGER = "+84990999999"


async def test_a_machine_that_asks_for_ever_is_answered_only_so_often_and_what_it_does_still_counts(
    world: World,
) -> None:
    event = await world.open()
    answers = [await world.reply("worker", f"? {event.case_code}") for _ in range(ANSWERED_AT_MOST + 10)]
    assert sum(answer is not None for answer in answers) == ANSWERED_AT_MOST
    assert answers[-1] is None
    assert "anh/chi da nhan" in str(await world.reply("worker", f"OK {event.case_code}"))
    assert (await world.alert(event.case_code))["state"] == "acknowledged"


async def test_after_a_pause_a_phone_is_answered_again(world: World) -> None:
    event = await world.open()
    for _ in range(ANSWERED_AT_MOST + 1):
        await world.reply("worker", f"? {event.case_code}")
    world.clock.advance(timedelta(minutes=11))
    assert await world.reply("worker", f"? {event.case_code}") is not None


async def test_a_phone_that_is_nobodys_is_answered_once_whatever_it_sends_and_however_late(world: World) -> None:
    assert await world.reply(STRANGER, "OK K7Q281") is not None
    for body in ("alo", "OK", "OK M3P512"):
        world.clock.advance(timedelta(hours=1))
        assert await world.reply(STRANGER, body) is None


async def test_an_escalation_is_answered_with_what_it_did(world: World) -> None:
    event = await world.open()
    world.carrier.new()
    answer = await world.reply("worker", f"chuyển {event.case_code}")
    assert answer is not None
    assert answer.startswith(f"BVTE: da chuyen cap ma {event.case_code}. He thong dang bao nguoi tiep theo.")
    world.expect("head")
