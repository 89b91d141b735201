"""Calls that are no report: counted by kind and day, undone within a minute, and nothing of the caller kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake.handlers.record_contact import count_today
from services.intake.models import contacts
from services.intake.rules.contact import WORDS, ContactKind
from tests.integration.intake_pages.console import Console
from tests.support.html import parse
from tests.unit.intake.documents import ARRIVAL, NAME

QUESTION = {"kind": "question"}


async def record(
    console: Console, fields: dict[str, str], contact_id: UUID | None = None, who: str = "operator"
) -> httpx.Response:
    headers = {"X-Who": who, "X-Fragment": "1", "Accept": "text/html"}
    return await console.client.post(f"/console/contacts/{contact_id or uuid4()}", data=fields, headers=headers)


async def undo(console: Console, contact_id: UUID, who: str = "operator") -> httpx.Response:
    headers = {"X-Who": who, "X-Fragment": "1", "Accept": "text/html"}
    return await console.client.post(f"/console/contacts/{contact_id}/undo", headers=headers)


async def today(console: Console) -> dict[ContactKind, int]:
    async with console.world.database.reading() as connection:
        return {kind: n for kind, n in (await count_today(connection, console.world.clock.now())).items() if n}


@pytest.mark.parametrize("kind", list(ContactKind))
async def test_each_kind_is_counted_and_makes_no_report(console: Console, kind: ContactKind) -> None:
    answer = await record(console, {"kind": kind.value})
    assert f"Đã ghi cuộc gọi: {WORDS[kind][0].lower()}." in answer.text
    assert await today(console) == {kind: 1}
    assert await console.world.count("reports") == 0
    assert console.world.bus.published == []


async def test_the_confirmation_always_leads_to_the_form(console: Console) -> None:
    answer = await record(console, QUESTION)
    assert "Mở biểu mẫu" in answer.text
    assert "Hoàn tác" in answer.text
    assert "Có ai cần giúp" in answer.text


async def test_the_same_click_twice_counts_one_call(console: Console) -> None:
    contact_id = uuid4()
    await record(console, QUESTION, contact_id)
    await record(console, QUESTION, contact_id)
    assert await today(console) == {ContactKind.QUESTION: 1}


async def test_within_a_minute_it_is_undone(console: Console) -> None:
    contact_id = uuid4()
    await record(console, QUESTION, contact_id)
    console.world.clock.advance(timedelta(seconds=59))
    assert "Đã bỏ" in (await undo(console, contact_id)).text
    assert await today(console) == {}


async def test_after_a_minute_it_stays_and_that_is_said(console: Console) -> None:
    contact_id = uuid4()
    await record(console, QUESTION, contact_id)
    console.world.clock.advance(timedelta(seconds=61))
    assert "Quá một phút" in (await undo(console, contact_id)).text
    assert await today(console) == {ContactKind.QUESTION: 1}
    assert "Hoàn tác" not in (await record(console, QUESTION, contact_id)).text


async def test_nobody_undoes_or_repeats_what_somebody_else_recorded(console: Console) -> None:
    contact_id = uuid4()
    await record(console, QUESTION, contact_id)
    await undo(console, contact_id, "another operator")
    assert (await record(console, {"kind": "silent"}, contact_id, "another operator")).status_code == 409
    assert await today(console) == {ContactKind.QUESTION: 1}


async def test_an_unknown_kind_is_refused(console: Console) -> None:
    assert (await record(console, {"kind": "nuisance"})).status_code == 422
    assert await today(console) == {}


async def test_a_day_is_one_in_vietnam(console: Console) -> None:
    await record(console, QUESTION)
    midnight = ARRIVAL.replace(hour=17, minute=0)
    console.world.clock.advance(midnight - ARRIVAL - timedelta(seconds=1))
    assert await today(console) == {ContactKind.QUESTION: 1}
    console.world.clock.advance(timedelta(seconds=1))
    assert await today(console) == {}


async def test_the_counts_stand_beside_the_form(console: Console) -> None:
    await record(console, QUESTION)
    await record(console, QUESTION, who="another operator")
    page = parse((await console.get("/console")).text)
    assert "Hỏi thông tin 2" in " ".join(page.one("main").text.split())


async def test_without_script_it_is_a_page_with_the_way_back(console: Console) -> None:
    headers = {"X-Who": "operator", "Accept": "text/html"}
    answer = await console.client.post(f"/console/contacts/{uuid4()}", data=QUESTION, headers=headers)
    assert "<main" in answer.text
    assert 'href="/console"' in answer.text


async def test_nothing_of_who_called_is_kept(console: Console) -> None:
    await record(console, {**QUESTION, "narrative": NAME, "reporter.name": NAME})
    async with console.world.database.reading() as connection:
        row = (await connection.execute(contacts.select())).one()
    assert set(row._mapping) == {"id", "kind", "at", "operator"}
    assert NAME not in str(row)
