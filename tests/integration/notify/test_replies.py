"""What people answer by SMS, and what they are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from structlog.contextvars import bind_contextvars, merge_contextvars
from structlog.testing import capture_logs

from services.notify.handlers.escalate_due import escalate_due
from services.notify.models import replies
from shared.contracts.teams import Function, commune_team
from shared.contracts.vocabulary import Level
from shared.events.tables import QUEUE
from tests.integration.notify.world import FAILING, ID, PHONE, UNIT, World

STRANGER = "+84990000001"


@pytest.mark.parametrize("reply", ["OK {}", "  ok   {} ", "Nhận {}", "1 {}", "ok{}!", "OK, {} nhé"])
async def test_a_reply_with_the_code_takes_the_case(world: World, reply: str) -> None:
    event = await world.open()
    answer = await world.reply("worker", reply.format(event.case_code.lower()))
    assert answer == (
        f"BVTE: anh/chi da nhan ma {event.case_code} luc 14:10 28/11. Lien he dau tien truoc 18:10 28/11. "
        "Xem chi tiet tren trang BVTE hoac goi 02223800000."
    )
    alert = await world.alert(event.case_code)
    assert (alert["state"], alert["acknowledged_by"]) == ("acknowledged", str(ID["worker"]))
    assert alert["paged"][0]["reply"] == "acknowledged"
    last = (await world.told())[-1]
    assert (last.state, last.acknowledged_by, last.acknowledged_at) == ("acknowledged", ID["worker"], world.clock.now())


async def test_the_others_who_were_paged_are_told_that_it_is_taken(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    world.expect("worker", "head", "police")
    await world.reply("police", f"KHONG {event.case_code}")
    await world.reply("worker", f"OK {event.case_code}")
    world.expect("head", says=f"ma {event.case_code} da co nguoi nhan luc 14:10 28/11")


async def test_a_second_acknowledgement_changes_nothing(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.reply("worker", f"OK {event.case_code}")
    before = await world.told()
    await world.pass_time(minutes=1)
    answer = await world.reply("head", f"OK {event.case_code}")
    assert (
        answer
        == f"BVTE: ma {event.case_code} da co nguoi nhan luc 14:10 28/11. Anh/chi khong can nhan nua. Khong can tra loi."
    )
    again = await world.reply("worker", f"OK {event.case_code}")
    assert again is not None
    assert "anh/chi da nhan" in again
    assert await world.told() == before
    assert (await world.alert(event.case_code))["acknowledged_by"] == str(ID["worker"])


async def test_a_bare_ok_takes_nothing_and_lists_what_waits_gravest_first(world: World) -> None:
    routine = await world.open(Level.ROUTINE)
    grave = await world.open(Level.IMMEDIATE)
    urgent = await world.open(Level.URGENT)
    priority = await world.open(Level.PRIORITY)
    answer = await world.reply("worker", "ok")
    assert answer is not None
    assert f"Ma dang cho: {grave.case_code}, {urgent.case_code}, {priority.case_code}." in answer
    for event in (routine, grave, urgent, priority):
        assert (await world.alert(event.case_code))["state"] == "open"
    assert "replied_without_code" in await world.story(grave.case_code)
    assert (await world.alert(grave.case_code))["paged"][0]["reply"] == "bare"


async def test_the_same_explanation_is_given_once(world: World) -> None:
    await world.open()
    assert await world.reply("worker", "OK") is not None
    assert await world.reply("worker", "OK") is None
    await world.pass_time(minutes=10)
    assert await world.reply("worker", "OK") is not None


async def test_a_bare_ok_to_a_new_page_is_answered_although_one_just_was(world: World) -> None:
    await world.open()
    await world.reply("worker", "OK")
    event = await world.open()
    assert event.case_code in str(await world.reply("worker", "OK"))


async def test_two_machines_do_not_talk_for_ever(world: World) -> None:
    answers = []
    for number in range(12):
        await world.open()
        answers.append(await world.reply("worker", "OK" if number % 2 else "Xin chào"))
    assert sum(answer is not None for answer in answers) == 3


@pytest.mark.parametrize("body", ["OK", "OK {}", "KHONG {}", "? {}", "CHUYEN {}", "hello"])
async def test_a_stranger_changes_nothing_and_learns_no_code(world: World, body: str) -> None:
    event = await world.open()
    world.expect("worker")
    answer = await world.reply(STRANGER, body.format(event.case_code))
    assert answer is not None
    assert event.case_code not in answer
    world.silence()
    assert (await world.alert(event.case_code))["state"] == "open"
    assert (await world.story(event.case_code)) == ["opened", "step_fired"]


async def test_a_code_that_exists_is_answered_to_strangers_as_one_that_does_not(world: World) -> None:
    event = await world.open()
    assert await world.reply(STRANGER, f"OK {event.case_code}") == await world.reply("+84990000002", "OK Z9Z999")


async def test_a_team_that_only_supports_cannot_take_the_case(world: World) -> None:
    event = await world.open(support=(commune_team(Function.HEALTH, UNIT),))
    await world.reply("health", f"OK {event.case_code}")
    assert (await world.alert(event.case_code))["state"] == "open"


async def test_somebody_paged_for_another_case_cannot_take_this_one(world: World) -> None:
    await world.open(Level.IMMEDIATE)
    event = await world.open(Level.URGENT)
    await world.reply("police", f"OK {event.case_code}")
    assert (await world.alert(event.case_code))["state"] == "open"


async def test_a_repeated_callback_gets_the_same_answer_and_has_no_second_effect(world: World) -> None:
    event = await world.open()
    first = await world.reply("worker", f"OK {event.case_code}", sid="SM-one")
    before = await world.story(event.case_code)
    assert await world.reply("worker", f"OK {event.case_code}", sid="SM-one") == first
    assert await world.story(event.case_code) == before


async def test_a_question_is_answered_with_how_the_case_stands(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    assert "CHUA CO nguoi nhan, han 14:20 28/11" in str(await world.reply("worker", f"? {event.case_code}"))
    await world.reply("head", f"OK {event.case_code}")
    assert "da co nguoi nhan luc" in str(await world.reply("worker", f"hỏi {event.case_code}"))
    await world.close(event.case_code, "head")
    assert "da ket thuc luc" in str(await world.reply("worker", f"? {event.case_code}"))


async def test_a_reply_to_a_closed_case_changes_nothing_and_is_recorded(world: World) -> None:
    event = await world.open()
    await world.close(event.case_code, "head")
    assert "da ket thuc luc 14:10 28/11" in str(await world.reply("worker", f"OK {event.case_code}"))
    assert "da ket thuc luc" in str(await world.reply("worker", f"KHONG {event.case_code}"))
    assert (await world.alert(event.case_code))["state"] == "closed"
    assert (await world.story(event.case_code))[-2:] == ["tried_when_closed", "tried_when_closed"]


async def test_whoever_took_a_case_can_give_it_back_and_the_others_are_asked_anew(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.reply("worker", f"OK {event.case_code}")
    world.carrier.new()
    assert "dang bao nguoi khac" in str(await world.reply("worker", f"KHONG {event.case_code}"))
    world.expect("head", "police")
    last = (await world.told())[-1]
    assert (last.state, last.acknowledged_by) == ("open", None)
    await world.pass_time(minutes=10)
    world.expect("chair", "province")


async def test_declining_a_case_that_somebody_has_taken_pages_nobody(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.reply("worker", f"OK {event.case_code}")
    world.carrier.new()
    assert "da co nguoi nhan" in str(await world.reply("head", f"KHONG {event.case_code}"))
    world.silence()


async def test_stop_ends_messages_to_a_phone_and_the_case_goes_on_without_it(world: World) -> None:
    await world.open()
    world.expect("worker")
    assert await world.reply("worker", "STOP") is None
    world.expect("head")
    await world.open()
    world.expect("head")
    assert await world.reply("worker", "START") is None
    await world.open()
    world.expect("worker")


async def test_start_does_not_bring_back_a_number_that_fails_for_another_reason(world: World) -> None:
    await world.change_contacts(["worker"], **FAILING)
    await world.reply("worker", "START")
    await world.open()
    world.expect("head")


async def test_colleagues_who_share_a_phone_answer_for_the_one_who_was_paged(world: World) -> None:
    await world.change_contacts(["health", "police"], address=PHONE["health"])
    event = await world.open(Level.IMMEDIATE)
    await world.reply("health", f"OK {event.case_code}")
    assert (await world.alert(event.case_code))["acknowledged_by"] == str(ID["police"])


async def test_a_reply_text_is_not_kept(world: World) -> None:
    event = await world.open()
    await world.reply("worker", f"KHONG {event.case_code} vì bận ở nhà bà Canary")
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(replies))).mappings().all()
        story = (await connection.execute(text("SELECT detail::text FROM notify.timeline"))).scalars().all()
    assert "Canary" not in str(rows) + str(story)


async def test_later_steps_and_replies_are_logged_under_the_correlation_id_of_the_report(world: World) -> None:
    event = await world.open()
    world.clock.advance(timedelta(hours=1))
    await escalate_due(world.database, world.desk)
    async with world.database.transaction() as connection:
        queued = (await connection.execute(select(QUEUE.c.headers).where(QUEUE.c.queue == "notify.tasks"))).scalars()
        assert {headers["correlation_id"] for headers in queued} == {event.correlation_id}
    bind_contextvars(correlation_id="of-the-callback")
    with capture_logs([merge_contextvars]) as entries:
        await world.reply("worker", f"OK {event.case_code}")
    assert {(entry["event"], entry["correlation_id"]) for entry in entries} == {
        ("alert_acknowledged", event.correlation_id),
        ("reply_recorded", event.correlation_id),
    }
