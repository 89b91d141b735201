"""The search on the console: a form, what it found and why, and nothing of what was searched for in an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake.handlers.answer_request import Created
from services.intake.handlers.search_reports import PAGE
from services.intake.rules.search import REFUSALS, Refusal
from tests.integration.intake.test_conflicts import HEAD, changed, hear
from tests.integration.intake.world import alert, assessed
from tests.integration.intake_pages.console import WHO, Console
from tests.support.html import Page, parse
from tests.unit.intake.documents import NAME, PHONE, STORY, a_personal_report, a_report

ADDRESS = "/console/search"


async def ask(console: Console, who: str = "supervisor", lang: str = "vi", **typed: str) -> httpx.Response:
    headers = {"X-Who": who, "Accept": "text/html", "Cookie": f"heedline_lang={lang}"}
    return await console.client.post(ADDRESS, data=typed, headers=headers)


async def found(console: Console, who: str = "supervisor", **typed: str) -> Page:
    answer = await ask(console, who, **typed)
    assert answer.status_code == 200
    return parse(answer.text)


async def create(console: Console, who: str = "operator", **said: Any) -> Created:
    return await console.world.create(a_report(**said), uuid4().hex, WHO[who])


def links(page: Page) -> list[str]:
    return [element.words for element in page.having("class", "code")]


async def test_the_form_sends_what_is_typed_in_a_body_and_points_nowhere_else(console: Console) -> None:
    page = await console.page(ADDRESS)
    (form,) = page.having("role", "search")
    assert (form.get("method"), form.get("action")) == ("post", ADDRESS)
    assert page.names() >= {"csrf", "q", "place"}
    assert "autofocus" in page.one("q").attributes
    assert [page.dangling(), page.repeated_ids(), page.inline()] == [[], [], []]
    assert await console.world.count("searches") == 0


async def test_words_in_the_address_are_not_searched_for(console: Console) -> None:
    created = await create(console, subject={"name": NAME})
    assert created.case_code not in (await console.get(f"{ADDRESS}?q={created.case_code}")).text


async def test_a_report_is_shown_with_level_state_place_and_reason(console: Console) -> None:
    created = await console.world.create(a_personal_report(), actor=WHO["operator"])
    await console.world.assess(assessed(created))
    await console.world.change_alert(alert(created, 1))
    page = await found(console, q="nguyen thi anh dao", place="vo cuong")
    assert page.one("found-h").words == "Tìm thấy 1 thông tin"
    (row,) = [element for element in page.elements if element.tag == "tr"][1:]
    assert row.words == f"{created.case_code} 14:24 28/11/2026 Gấp Đã báo người trực Phường Võ Cường cả họ tên, nơi"
    assert page.having("href", f"/console/reports/{created.report_id}")
    assert [page.dangling(), page.repeated_ids(), page.inline()] == [[], [], []]


@pytest.mark.parametrize(
    ("typed", "reason"), [(PHONE, "số điện thoại"), ("đào", "có đủ các tiếng của tên"), ("", "mã vụ")]
)
async def test_each_kind_says_why(console: Console, typed: str, reason: str) -> None:
    created = await create(console, subject={"name": NAME}, reporter={"phone": PHONE})
    page = await found(console, q=typed or created.case_code)
    assert links(page) == [created.case_code]
    assert [element for element in page.elements if element.tag == "td"][-1].words == reason


async def test_nothing_of_what_the_report_tells_is_shown(console: Console) -> None:
    await console.world.create(a_personal_report(), actor=WHO["operator"])
    answer = await ask(console, q="anh dao")
    assert "Tìm thấy 1" in answer.text
    for told in (NAME, "912", STORY, "hàng xóm"):
        assert told not in answer.text


async def test_an_operator_finds_their_own_reports(console: Console) -> None:
    own = await create(console, subject={"name": NAME})
    await create(console, "another operator", subject={"name": NAME})
    assert links(await found(console, "operator", q=NAME)) == [own.case_code]
    assert len(links(await found(console, "supervisor", q=NAME))) == 2


async def test_an_excluded_supervisor_finds_nothing(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    await hear(console.world, changed())
    created = await create(console, subject={"name": NAME}, alleged=[{"role": "stranger", "phone": PHONE}])
    monkeypatch.setitem(WHO, "alleged", replace(WHO["supervisor"], id=HEAD, session="x"))
    for typed in (created.case_code, NAME, PHONE):
        answer = await ask(console, "alleged", q=typed)
        assert "Không tìm thấy thông tin nào" in answer.text
        assert str(created.report_id) not in answer.text
        assert links(await found(console, q=typed)) == [created.case_code]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({}, Refusal.EMPTY),
        ({"q": " "}, Refusal.EMPTY),
        ({"q": "y"}, Refusal.NAME_TOO_SHORT),
        ({"q": "0912"}, Refusal.NO_PHONE),
        ({"q": NAME, "place": "Xyzzy"}, Refusal.PLACE_UNKNOWN),
    ],
)
async def test_what_cannot_be_searched_for_is_said_beside_its_field_and_not_kept(
    console: Console, typed: dict[str, str], refusal: Refusal
) -> None:
    answer = await ask(console, **typed)
    assert answer.status_code == 422
    page = parse(answer.text)
    assert page.one("wrong").words == REFUSALS[refusal][0]
    (field,) = page.having("aria-describedby", "wrong")
    assert field.get("name") == ("place" if refusal.of_place else "q")
    assert page.one("q").get("value") == typed.get("q", "")
    assert await console.world.count("searches") == 0


async def test_pages_are_turned_with_what_was_typed_in_the_body(console: Console) -> None:
    for _ in range(PAGE + 1):
        await create(console, subject={"name": NAME})
    first = await found(console, q=NAME)
    (older,) = [button for button in first.having("name", "page") if button.tag == "button"]
    assert (older.words, older.get("value")) == ("Cũ hơn", "2")
    assert [field.get("value") for field in first.having("name", "q")] == [NAME, NAME]
    second = await found(console, q=NAME, page="2")
    assert len(links(second)) == 1
    assert [button.words for button in second.having("name", "page")] == ["Mới hơn"]
    assert len(links(await found(console, q=NAME, page="x"))) == PAGE


async def test_the_page_in_english(console: Console) -> None:
    created = await create(console, subject={"name": NAME})
    text = (await ask(console, lang="en", q="Đào")).text
    assert "Reports found: 1" in text
    assert "has every part of the name" in text
    assert created.case_code in text
    assert REFUSALS[Refusal.EMPTY][1] in (await ask(console, lang="en")).text


async def test_the_console_leads_to_the_search_in_a_tab_of_its_own(console: Console) -> None:
    (link,) = (await console.page("/console")).having("href", ADDRESS)
    assert (link.get("target"), link.get("id")) == ("_blank", "find")
