"""Message templates: proposed by one, put into force by another, said in the reader's language, never changed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.notify.handlers.change_template import (
    GONE,
    NO_REFERENCE,
    NOT_CONFIRMED,
    SAME_PERSON,
    WRONG_SENDER,
    Sending,
    TemplateRefusedError,
    activate_template,
    propose_template,
    withdraw_template,
)
from services.notify.rules.encoding import Encoding
from services.notify.rules.template import Template
from services.notify.template_view import load_lines
from shared.contracts.vocabulary import Level
from tests.integration.notify.world import NOON, World

PAGE = "BVTE: ma {code}, MUC {level}, nhan viec truoc {time}. Tra loi OK {code}, hoac goi {duty}."
REGISTERED = Sending("BVTE", "HS-17/2026", NOON)
UNREGISTERED = Sending("BVTE", "", None)
SUPERVISOR, ADMINISTRATOR = uuid4(), uuid4()


async def propose(
    world: World,
    words: str = PAGE,
    *,
    name: str = "page_reply_sender",
    language: str = "vi",
    sending: Sending = REGISTERED,
) -> UUID:
    template = Template.written(name, language, words, Encoding.GSM_7)
    async with world.database.transaction() as connection:
        return await propose_template(connection, template, sending, by=SUPERVISOR, now=NOON, reply=11)


async def activate(world: World, version: UUID, *, by: UUID = ADMINISTRATOR, known: bool = False) -> None:
    async with world.database.transaction() as connection:
        await activate_template(connection, version, by=by, now=NOON, unregistered_known=known, reply=11)


async def test_a_text_in_force_is_what_the_next_page_says(world: World) -> None:
    version = await propose(world)
    await world.open()
    world.expect("worker", says="Khong chuyen tiep.")
    await activate(world, version)
    event = await world.open()
    (sms,) = world.expect("worker", says="nhan viec truoc")
    assert sms.body.startswith(f"BVTE: ma {event.case_code}, MUC GAP, nhan viec truoc 15:10 28/11. Tra loi OK")


async def test_a_person_reads_their_own_language(world: World) -> None:
    await world.change_people(["worker"], language="en")
    event = await world.open()
    world.expect("worker", says=f"level URGENT, code {event.case_code}. Take it before 15:10 28/11.")
    assert "you took code" in str(await world.reply("worker", f"OK {event.case_code}"))
    assert "NOT UNDERSTOOD" in str(await world.reply("worker", "hello"))


async def test_who_proposed_it_cannot_decide_it(world: World) -> None:
    version = await propose(world)
    with pytest.raises(TemplateRefusedError) as refused:
        await activate(world, version, by=SUPERVISOR)
    assert refused.value.remarks == (SAME_PERSON,)


async def test_an_unregistered_one_warns_before_it_is_used(world: World) -> None:
    version = await propose(world, sending=UNREGISTERED)
    with pytest.raises(TemplateRefusedError) as refused:
        await activate(world, version)
    assert refused.value.remarks == (NOT_CONFIRMED,)
    await activate(world, version, known=True)


async def test_every_reason_against_a_proposal_is_named_and_nothing_is_kept(world: World) -> None:
    with pytest.raises(TemplateRefusedError) as refused:
        await propose(
            world, PAGE + " {name} bvte.vn", sending=replace(REGISTERED, sender_name="x" * 12, registration="")
        )
    said = " ".join(remark.en for remark in refused.value.remarks)
    assert "no personal data" in said
    assert "link" in said
    assert {WRONG_SENDER, NO_REFERENCE} <= set(refused.value.remarks)
    async with world.database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM notify.message_templates")) == 0


async def test_one_version_is_in_force_and_those_before_are_kept(world: World) -> None:
    for words in (PAGE, PAGE + " Gap thi goi.", PAGE + " Xin cam on."):
        await activate(world, await propose(world, words))
    async with world.database.reading() as connection:
        rows = await connection.execute(text("SELECT version, state FROM notify.message_templates ORDER BY version"))
        lines = await load_lines(connection, 11)
    assert [tuple(row) for row in rows] == [(1, "retired"), (2, "retired"), (3, "in_force")]
    assert lines[0].template.text.endswith("Xin cam on.")
    assert len(lines) == 42


async def test_a_decided_or_withdrawn_proposal_cannot_be_decided_again(world: World) -> None:
    version = await propose(world)
    async with world.database.transaction() as connection:
        await withdraw_template(connection, version, now=NOON)
    with pytest.raises(TemplateRefusedError) as refused:
        await activate(world, version)
    assert refused.value.remarks == (GONE,)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE notify.message_templates SET text = 'x'",
        "UPDATE notify.message_templates SET registered_at = NULL",
        "UPDATE notify.message_templates SET state = 'proposed'",
        "DELETE FROM notify.message_templates",
    ],
)
async def test_the_database_refuses_to_change_what_was_said(world: World, change: str) -> None:
    await activate(world, await propose(world))
    with pytest.raises(DBAPIError):
        async with world.database.transaction() as connection:
            await connection.execute(text(change))


async def test_a_level_word_of_the_reader_fits_one_segment(world: World) -> None:
    await world.change_people(["worker", "head", "police"], language="en")
    await world.open(Level.IMMEDIATE)
    assert all(len(sms.body) <= 160 for sms in world.carrier.new())
