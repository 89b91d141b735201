"""A number is proved by a code; STOP and failing numbers are passed over, START brings back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.notify.handlers.change_person import WrongAddressError, add_contact, put_first, remove_contact
from services.notify.handlers.verify_contact import (
    CODES_AN_HOUR,
    TRIES,
    CannotBeSent,
    CodeSent,
    NoCode,
    TooManyCodes,
    Verified,
    WrongCode,
    enter_code,
    send_code,
)
from services.notify.models import CONTACTS, messages
from services.notify.people_changes import changes_of
from services.notify.rules.contact import ContactChannel
from shared.contracts.vocabulary import Level
from shared.crypto import Keys
from tests.integration.notify.world import ID, NOON, PHONE, World

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
REAL = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SECOND = "0912 345 678"
SECOND_E164 = "+84912345678"
ADMINISTRATOR = UUID(int=7)
contacts = CONTACTS.contacts


async def add(world: World, who: str, channel: ContactChannel = ContactChannel.SMS, address: str = SECOND) -> UUID:
    async with world.database.transaction() as connection:
        await add_contact(connection, ID[who], channel, address, by=ADMINISTRATOR, now=NOON)
        newest = select(contacts.c.id).where(contacts.c.person_id == ID[who]).order_by(contacts.c.rank.desc()).limit(1)
        return UUID(str(await connection.scalar(newest)))


async def ask(world: World, contact: UUID, real: datetime = REAL) -> object:
    async with world.database.transaction() as connection:
        return await send_code(connection, world.desk, KEYS, contact, by=ADMINISTRATOR, real=real)


async def enter(world: World, contact: UUID, code: str, real: datetime = REAL) -> object:
    async with world.database.transaction() as connection:
        return await enter_code(connection, world.desk, KEYS, contact, code, by=ADMINISTRATOR, real=real)


async def received(world: World) -> str:
    await world.work()
    (sms,) = world.expect(SECOND_E164, says="ma xac minh so may")
    found = re.search(r"\d{6}", sms.body)
    assert found is not None
    return found.group()


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_a_new_number_is_proved_by_the_code_sent_to_it_and_only_then_paged(world: World) -> None:
    contact = await add(world, "worker")
    async with world.database.transaction() as connection:
        await put_first(connection, contact, by=ADMINISTRATOR, now=NOON)
    await world.open()
    world.expect("worker")
    assert await ask(world, contact) == CodeSent()
    code = await received(world)
    assert await enter(world, contact, f"{code[:3]} {code[3:]}", REAL + timedelta(minutes=14)) == Verified()
    await world.open()
    world.expect(SECOND_E164)
    async with world.database.reading() as connection:
        story = [(row["what"], row["by"]) for row in await changes_of(connection, ID["worker"])]
    said = ("contact_verified", "code_sent", "contact_first", "contact_added")
    assert story == [(what, ADMINISTRATOR) for what in said]


async def test_the_text_of_a_code_is_not_kept_once_it_has_left(world: World) -> None:
    contact = await add(world, "worker")
    await ask(world, contact)
    code = await received(world)
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(messages))).mappings().all()
        kept = (await connection.execute(text("SELECT detail::text FROM notify.people_changes"))).scalars().all()
    assert [(row["kind"], row["report_id"]) for row in rows] == [("contact_code", None)]
    assert code not in str(rows) + str(kept)


async def test_a_code_that_has_run_out_before_the_gateway_is_back_is_not_sent(world: World) -> None:
    contact = await add(world, "worker")
    await ask(world, contact)
    world.clock.advance(timedelta(minutes=16))
    await world.work()
    world.silence()
    assert await world.message_states("contact_code") == ["cancelled"]


@pytest.mark.parametrize("minutes", [15, 60])
async def test_a_code_holds_for_a_quarter_of_an_hour(world: World, minutes: int) -> None:
    contact = await add(world, "worker")
    await ask(world, contact)
    code = await received(world)
    assert await enter(world, contact, code, REAL + timedelta(minutes=minutes)) == NoCode()


async def test_after_five_wrong_codes_the_right_one_is_void(world: World) -> None:
    contact = await add(world, "worker")
    await ask(world, contact)
    code = await received(world)
    wrong = [await enter(world, contact, other(code)) for _ in range(TRIES)]
    assert wrong == [WrongCode(left) for left in reversed(range(TRIES))]
    assert await enter(world, contact, code) == NoCode()


async def test_a_newer_code_voids_the_older(world: World) -> None:
    contact = await add(world, "worker")
    await ask(world, contact)
    old = await received(world)
    await ask(world, contact)
    new = await received(world)
    if old != new:
        assert isinstance(await enter(world, contact, old), WrongCode)
    assert await enter(world, contact, new) == Verified()


async def test_a_person_is_sent_five_codes_an_hour_whichever_contact_they_are_for(world: World) -> None:
    first, second = await add(world, "worker"), await add(world, "worker", address="0912345679")
    for number in range(CODES_AN_HOUR):
        assert await ask(world, (first, second)[number % 2]) == CodeSent()
    assert await ask(world, second) == TooManyCodes()
    assert await ask(world, second, REAL + timedelta(hours=1)) == CodeSent()


async def test_no_code_goes_where_nothing_may_or_can_be_sent(world: World) -> None:
    email = await add(world, "worker", ContactChannel.EMAIL, "Canbo@Example.VN ")
    assert await ask(world, email) == CannotBeSent()
    await world.change_contacts(["worker"], opted_out_at=NOON)
    number = await add(world, "worker")
    await world.reply(SECOND_E164, "STOP")
    assert await ask(world, number) == CannotBeSent()


async def test_a_verified_contact_of_a_channel_without_a_gateway_reaches_nobody(world: World) -> None:
    await world.change_contacts(["worker"], channel="email", address="canbo@example.vn")
    await world.open()
    world.expect("head")


async def test_the_next_contact_is_used_when_the_first_fails_for_ever(world: World) -> None:
    contact = await add(world, "worker")
    await ask(world, contact)
    await enter(world, contact, await received(world))
    world.carrier.refused[PHONE["worker"]] = 21614
    event = await world.open()
    await world.work()
    world.expect("head")
    assert "not_delivered" in await world.story(event.case_code)
    await world.open()
    world.expect(SECOND_E164)


async def test_the_carriers_refusal_of_a_number_that_opted_out_marks_it_until_start(world: World) -> None:
    world.carrier.refused[PHONE["worker"]] = 21610
    await world.open()
    await world.work()
    world.expect("head")
    del world.carrier.refused[PHONE["worker"]]
    await world.open()
    world.expect("head")
    await world.reply("worker", "Start")
    await world.open()
    world.expect("worker")
    async with world.database.reading() as connection:
        assert [row["what"] for row in await changes_of(connection, ID["worker"])] == ["opted_in", "opted_out"]


@pytest.mark.parametrize(
    "word", ["STOP", "stop.", "Stop all", "UNSUBSCRIBE", "cancel", "END", "quit!", "OPT-OUT", "Revoke"]
)
async def test_stop_in_any_spelling_moves_an_open_page_to_the_next_step_at_once(world: World, word: str) -> None:
    event = await world.open()
    world.expect("worker")
    assert await world.reply("worker", word) is None
    world.expect("head")
    assert "opted_out" in await world.story(event.case_code)


async def test_a_number_nobody_proved_answers_for_nobody(world: World) -> None:
    await add(world, "worker")
    event = await world.open()
    world.expect("worker")
    await world.reply(SECOND_E164, f"OK {event.case_code}")
    assert (await world.alert(event.case_code))["state"] == "open"


async def test_a_removed_number_is_paged_no_more(world: World) -> None:
    async with world.database.transaction() as connection:
        contact = await connection.scalar(select(contacts.c.id).where(contacts.c.person_id == ID["worker"]))
        assert contact is not None
        await remove_contact(connection, contact, by=ADMINISTRATOR, now=NOON)
    await world.open(Level.IMMEDIATE)
    world.expect("head", "police")


async def test_the_same_number_in_another_spelling_is_not_added_twice(world: World) -> None:
    for spelling in (SECOND, "+84912345678", "84-912-345-678"):
        await add(world, "worker", address=spelling)
    async with world.database.reading() as connection:
        mine = select(contacts.c.address).where(contacts.c.person_id == ID["worker"])
        assert sorted((await connection.execute(mine)).scalars()) == sorted([PHONE["worker"], SECOND_E164])


@pytest.mark.parametrize(
    ("channel", "address"),
    [(ContactChannel.SMS, "12"), (ContactChannel.VOICE, "x@y.vn"), (ContactChannel.EMAIL, "0912345678")],
)
async def test_what_is_no_address_is_refused(world: World, channel: ContactChannel, address: str) -> None:
    with pytest.raises(WrongAddressError):
        await add(world, "worker", channel, address)


async def test_what_was_changed_about_people_cannot_be_rewritten(world: World) -> None:
    await add(world, "worker")
    for statement in ("UPDATE notify.people_changes SET what = 'x'", "DELETE FROM notify.people_changes"):
        with pytest.raises(DBAPIError, match="stays as it was kept"):
            async with world.database.transaction() as connection:
                await connection.execute(text(statement))
