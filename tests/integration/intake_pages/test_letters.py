"""A partner's report that could not be read ends at a person."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from services.intake.handlers import settle_letter
from services.intake.handlers.read_report import read_report
from services.intake.models import letter_acts
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.identity.policy import Allow, decide
from tests.integration.intake.world import submitted
from tests.integration.intake_pages.console import Console
from tests.unit.intake.documents import a_report

PAGE = "/system/intake/submitted"
WRONG = {**a_report(), "facts": {"runaway": "maybe"}, "narrative": "Cháu bé ở ngõ Hoa Sữa"}


async def send_wrong(console: Console, document: dict[str, Any] | None = None) -> str:
    event = submitted(document or WRONG)
    await console.world.submit(event)
    return str(event.event_id)


async def act(console: Console, event_id: str, what: str, who: str = "supervisor", **fields: str) -> httpx.Response:
    headers = {"X-Who": who, "Accept": "text/html"}
    return await console.client.post(f"{PAGE}/{event_id}/{what}", data=fields, headers=headers)


async def acts(console: Console) -> list[tuple[str, str, str]]:
    async with console.world.database.reading() as connection:
        rows = (await connection.execute(select(letter_acts).order_by(letter_acts.c.id))).all()
    return [(row.act, str(row.person_id)[-2:], row.note) for row in rows]


@pytest.mark.parametrize(("lang", "words"), [("vi", "1 tin đang chờ một người"), ("en", "1 waiting for a person")])
async def test_the_page_names_the_wrong_fields_and_shows_no_content(console: Console, lang: str, words: str) -> None:
    await send_wrong(console)
    for who in ("supervisor", "administrator"):
        html = (await console.get(f"{PAGE}?lang={lang}", who)).text
        assert words in html
        assert "facts.runaway" in html
        assert "Hoa Sữa" not in html


async def test_the_supervisors_console_counts_them_and_leads_there(console: Console) -> None:
    assert "chưa đọc được, chờ người nhập" not in (await console.get("/console", "supervisor")).text
    await send_wrong(console)
    page = await console.page("/console", "supervisor")
    (note,) = [link for link in page.having("href", PAGE) if "1 tin" in link.words]
    assert "chờ người nhập" in note.words
    assert "chờ người nhập" not in (await console.get("/console")).text


async def test_opening_shows_the_content_once_it_is_recorded(console: Console) -> None:
    event_id = await send_wrong(console)
    answer = await act(console, event_id, "open")
    assert "Cháu bé ở ngõ Hoa Sữa" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert await acts(console) == [("opened", "21", "")]
    assert "Hoa Sữa" not in (await console.get(PAGE, "supervisor")).text


async def test_a_report_typed_in_by_hand_settles_it_under_its_case(console: Console) -> None:
    event_id = await send_wrong(console)
    refused = await act(console, event_id, "entered", case_code="ZZZZZZ")
    assert refused.status_code == 409
    assert "trang Tiếp nhận" in refused.text
    created = await console.world.create(a_report())
    assert (await act(console, event_id, "entered", case_code=created.case_code.lower())).status_code == 303
    assert await acts(console) == [("entered", "21", created.case_code)]
    assert "Không có tin nào đang chờ" in (await console.get(PAGE, "supervisor")).text


async def test_reading_again_keeps_what_is_still_wrong(console: Console) -> None:
    event_id = await send_wrong(console)
    assert (await act(console, event_id, "replay")).status_code == 409
    assert (await console.world.count("reports"), await acts(console)) == (0, [])
    assert event_id in (await console.get(PAGE, "supervisor")).text


async def test_reading_again_stores_what_has_become_readable_once(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id = await send_wrong(console)
    monkeypatch.setattr(settle_letter, "read_report", lambda document, at: read_report({**document, "facts": {}}, at))
    assert (await act(console, event_id, "replay", "administrator")).status_code == 303
    assert (await act(console, event_id, "replay", "administrator")).status_code == 409
    assert await console.world.count("reports") == 1
    assert len(console.world.told) == 1


async def test_only_what_a_supervisor_has_read_is_discarded_and_only_with_a_reason(console: Console) -> None:
    event_id = await send_wrong(console)
    assert (await act(console, event_id, "discard", "administrator", reason="thử")).status_code == 409
    await act(console, event_id, "open")
    assert (await act(console, event_id, "discard", "administrator", reason=" ")).status_code == 409
    assert (await act(console, event_id, "discard", "administrator", reason="Tin thử của đối tác")).status_code == 303
    assert (await acts(console))[-1] == ("discarded", "22", "Tin thử của đối tác")
    async with console.world.database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM intake.dead_letters")) == 1


@pytest.mark.parametrize("statement", ["DELETE FROM intake.letter_acts", "UPDATE intake.letter_acts SET note = 'x'"])
async def test_what_people_did_is_never_rewritten(console: Console, statement: str) -> None:
    await act(console, await send_wrong(console), "open")
    with pytest.raises(DBAPIError, match="never changed"):
        async with console.world.database.transaction() as connection:
            await connection.execute(text(statement))


@pytest.mark.parametrize(
    ("what", "roles"),
    [
        ("open", {Role.SUPERVISOR}),
        ("entered", {Role.SUPERVISOR}),
        ("replay", {Role.SUPERVISOR, Role.ADMINISTRATOR}),
        ("discard", {Role.ADMINISTRATOR}),
    ],
)
def test_who_may_do_what(what: str, roles: set[Role]) -> None:
    route = PAGE + "/{event_id}/" + what
    actors = {role: Actor(roles=frozenset({role}), id=submitted({}).event_id) for role in Role}
    assert {role for role, actor in actors.items() if isinstance(decide(route, "POST", actor), Allow)} == roles
