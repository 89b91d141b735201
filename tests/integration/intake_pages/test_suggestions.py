"""Suggestions beside the narrative: for those who may use the console, from their own page, and with nothing kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import pytest
from structlog.testing import capture_logs

from services.intake import pages
from services.intake.app import RECIPE
from services.intake.models import LIVE_CHANNEL
from services.intake.suggestion_pages import LARGEST_NARRATIVE
from services.intake.suggestions import concern_anchor
from shared.contracts.vocabulary import Concern, Role
from shared.identity.actor import Actor
from shared.identity.directory import Directory
from shared.identity.enforce import CSRF_HEADER, enforcer, undecided_routes
from shared.identity.sessions import COOKIE, Session, Sessions, real_now
from shared.web import words
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from tests.integration.intake_pages.console import WHO, Console
from tests.support.html import Page, parse

STORY = "Cháu bị bố đánh bằng <dây điện>, hôm qua bị nhốt. Cháu sợ về nhà."
HINTS = "/console/hints"


async def ask(console: Console, body: str | bytes, **headers: str) -> httpx.Response:
    sent = {"X-Who": "operator", "Accept": "text/html", "Content-Type": "text/plain; charset=utf-8", **headers}
    return await console.client.post(HINTS, content=body, headers=sent)


def offered(page: Page) -> dict[str, str]:
    """Return the answers that the page suggests, by the id of their field; empty when it only asks."""
    return {item.get("data-anchor"): item.get("data-value") for item in page.having("data-anchor")}


async def test_a_narrative_is_answered_with_questions_their_words_and_an_answer_to_take_over(console: Console) -> None:
    answer = await ask(console, STORY)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    page = parse(answer.text)
    assert offered(page)["facts.locked_in_or_dangerous_place_now"] == "yes"
    assert offered(page)["facts.when"] == "within_30_days"
    assert offered(page)["concerns"] == "physical"
    (home,) = page.having("data-anchor", "facts.afraid_to_go_home")
    assert words.FACTS["afraid_to_go_home"].vi in home.text
    assert "sợ về nhà" in home.text


async def test_questions_are_in_the_readers_language(console: Console) -> None:
    answer = await ask(console, STORY, Cookie="heedline_lang=en")
    assert words.FACTS["afraid_to_go_home"].en in answer.text


async def test_words_of_the_narrative_are_text_and_never_markup(console: Console) -> None:
    answer = await ask(console, 'Cháu bị bố đánh bằng gậy <script>"x"</script> bị nhốt trong <b>phòng')
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("body", ["", " ", b"\xff\xfe\x00", "không có gì"])
async def test_what_hints_at_nothing_is_answered_with_nothing(console: Console, body: str | bytes) -> None:
    answer = await ask(console, body)
    assert answer.status_code == 200
    assert offered(parse(answer.text)) == {}


async def test_a_body_beyond_a_narrative_is_refused(console: Console) -> None:
    assert (await ask(console, b"x" * LARGEST_NARRATIVE)).status_code == 200
    refused = await ask(console, b"x" * (LARGEST_NARRATIVE + 1))
    assert refused.status_code == 413
    assert "Rút ngắn" in refused.text


async def test_nothing_of_a_narrative_is_stored_or_logged(console: Console) -> None:
    with capture_logs() as logs:
        await ask(console, STORY)
        await console.client.post("/console/form", data={"narrative": STORY}, headers={"X-Who": "operator"})
    assert "dây điện" not in json.dumps(logs, ensure_ascii=False, default=str)
    assert await console.world.count("reports") == 0
    assert console.world.told == []


async def test_without_script_the_form_comes_back_with_suggestions_for_what_is_open(console: Console) -> None:
    fields = {"key": "5f0c", "narrative": STORY, "facts.when": "unknown", "concerns": "physical"}
    answer = await console.client.post("/console/form", data=fields, headers={"X-Who": "operator"})
    page = parse(answer.text)
    assert answer.status_code == 200
    sent = dict(page.would_send())
    assert (sent["key"], sent["narrative"], sent["facts.when"]) == ("5f0c", STORY, "unknown")
    found = offered(page)
    assert {"facts.when", "concerns"}.isdisjoint(found)
    assert found["facts.afraid_to_go_home"] == "yes"
    assert [name for name, value in page.would_send() if name.startswith("facts.") and value] == ["facts.when"]


async def test_a_form_with_a_wrong_field_comes_back_with_suggestions_too(console: Console) -> None:
    answer = await console.post({"narrative": STORY, "subject.age_min": "-3"})
    assert answer.status_code == 422
    assert "facts.afraid_to_go_home" in offered(parse(answer.text))


async def test_every_suggestion_leads_to_a_field_of_the_form(console: Console) -> None:
    page = await console.page("/console")
    ids = {element.get("id") for element in page.elements}
    assert {concern_anchor(concern) for concern in Concern} <= ids
    assert offered(parse((await ask(console, STORY)).text)).keys() <= ids


async def test_a_stored_report_names_what_is_to_be_asked_again_without_its_words(console: Console) -> None:
    document = {
        "channel": "hotline",
        "narrative": STORY,
        "facts": {"when": "within_30_days", "implement_used": "unknown"},
    }
    created = await console.world.create(document, "one", WHO["operator"])
    page = await console.page(f"/console/reports/{created.report_id}")
    (section,) = page.having("aria-labelledby", "again-h")
    assert words.FACTS["afraid_to_go_home"].vi in section.text
    assert words.FACTS["locked_in_or_dangerous_place_now"].vi in section.text
    assert words.FACTS["when"].vi not in section.text
    assert "dây điện" not in (await console.get(f"/console/reports/{created.report_id}")).text


async def test_a_stored_report_that_leaves_nothing_open_has_no_such_part(console: Console) -> None:
    created = await console.world.create({"channel": "hotline", "narrative": "Cháu khỏe."}, "one", WHO["operator"])
    assert (await console.page(f"/console/reports/{created.report_id}")).having("aria-labelledby", "again-h") == []


class People(Directory):
    """Signed-in people, each of one role, without a database of people."""

    def __init__(self, roles: dict[UUID, Role]) -> None:
        self._roles = roles

    async def session(self, session: Session) -> Actor | None:
        role = self._roles[session.person_id]
        return Actor(id=session.person_id, roles=frozenset({role}), session=session.id)


@asynccontextmanager
async def signed_in(console: Console, role: Role) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """Give a browser in which a person of `role` is signed in, and the token of their own forms."""
    parts, person = console.world.parts, UUID(int=41)
    live = LiveUpdates(console.world.database.url, [LIVE_CHANNEL], console.world.clock)

    async def readiness() -> dict[str, bool]:
        return {}

    app = create_app(
        [pages.router(parts)],
        enforce=enforcer(People({person: role}), parts.keys, parts.settings),
        pages=Pages([RECIPE.folder], clock=console.world.clock, default_locale="vi"),
        live=live,
        readiness=readiness,
        static={},
        version="0",
    )
    assert undecided_routes(app) == []
    sessions = Sessions(parts.keys, parts.settings)
    session, cookie = sessions.begin(person, real_now(), "Người thử")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://console.test") as client:
        client.cookies.set(COOKIE, cookie)
        yield client, sessions.csrf_token(session.id)


@pytest.mark.parametrize("role", Role)
async def test_only_those_who_take_reports_are_answered(console: Console, role: Role) -> None:
    allowed = role in {Role.OPERATOR, Role.SUPERVISOR}
    async with signed_in(console, role) as (client, token):
        answer = await client.post(HINTS, content=STORY, headers={CSRF_HEADER: token})
        again = await client.post("/console/form", data={"csrf": token, "narrative": STORY})
    assert answer.status_code == again.status_code == (200 if allowed else 403)
    assert ("sợ về nhà" in answer.text) == allowed


@pytest.mark.parametrize("headers", [{}, {CSRF_HEADER: "forged"}])
async def test_a_request_that_is_not_the_persons_own_is_refused(console: Console, headers: dict[str, str]) -> None:
    async with signed_in(console, Role.OPERATOR) as (client, _token):
        assert (await client.post(HINTS, content=STORY, headers=headers)).status_code == 403
        assert (await client.post("/console/form", data={"narrative": STORY}, headers=headers)).status_code == 403


async def test_without_a_session_a_script_is_told_so(console: Console) -> None:
    async with signed_in(console, Role.OPERATOR) as (client, token):
        client.cookies.clear()
        answer = await client.post(HINTS, content=STORY, headers={CSRF_HEADER: token})
    assert answer.status_code == 401


async def test_a_narrative_is_not_taken_from_an_address(console: Console) -> None:
    async with signed_in(console, Role.OPERATOR) as (client, _token):
        assert (await client.get(f"{HINTS}?narrative=x")).status_code == 405
