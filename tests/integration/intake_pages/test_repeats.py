"""Possible repeats on the console: shown with their reasons, merged or refused by a person, found while one types."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete

from services.intake.handlers.answer_request import Created
from services.intake.handlers.decide_link import Verdict, decide_link
from services.intake.models import links
from services.intake.rules.repeats import LinkState
from services.intake.rules.report import TEXT_LIMIT
from tests.integration.intake.world import alert, assessed
from tests.integration.intake_pages.console import WHO, Console
from tests.support.html import Page, parse
from tests.unit.intake.documents import NAME, PHONE, a_personal_report, a_report

Fields = Mapping[str, str | Sequence[str]]


async def send(console: Console, path: str, fields: Fields, who: str = "operator") -> httpx.Response:
    return await console.client.post(path, data=dict(fields), headers={"X-Who": who, "Accept": "text/html"})


async def decide(
    console: Console, one: Created, other: Created, decision: str, who: str = "operator", note: str = ""
) -> httpx.Response:
    path = f"/console/reports/{one.report_id}/repeats/{other.report_id}"
    return await send(console, path, {"decision": decision, "note": note}, who)


async def two_alike(console: Console) -> tuple[Created, Created]:
    """A report of another operator, assessed and paged, and one's own, with the same phone and name."""
    first = await console.world.create(a_personal_report(), "first", WHO["another operator"])
    await console.world.assess(assessed(first))
    await console.world.change_alert(alert(first, 1))
    return first, await console.world.create(a_personal_report(), "second", WHO["operator"])


async def repeats(console: Console, created: Created, who: str = "operator", lang: str = "vi") -> Page:
    return await console.page(f"/console/reports/{created.report_id}?lang={lang}", who)


async def test_page_of_a_report_shows_what_it_may_repeat_and_why(console: Console) -> None:
    first, second = await two_alike(console)
    page = await repeats(console, second)
    shown = page.one("repeats").words
    assert "Có thể trùng: 1" in shown
    assert f"{first.case_code} Gấp Đã báo người trực, nhận 14:24 28/11" in shown
    assert "Cùng số điện thoại, cùng tên, tuổi và xã, cùng địa chỉ." in shown
    assert [element.get("aria-label") for element in page.having("name", "decision")] == [
        f"Gộp với {first.case_code}",
        f"Không phải {first.case_code}",
    ]
    assert [element.get("value") for element in page.having("name", "csrf")][-1] == "token"
    english = (await repeats(console, second, lang="en")).one("repeats").words
    assert "Possible repeats: 1" in english
    assert "Same phone number, same name, age and commune, same address." in english


async def test_page_of_the_earlier_report_shows_the_later_one(console: Console) -> None:
    first, second = await two_alike(console)
    assert second.case_code in (await repeats(console, first, "another operator")).one("repeats").words


async def test_reports_that_came_at_the_same_moment_are_found_when_the_page_is_opened(console: Console) -> None:
    first, second = await two_alike(console)
    async with console.world.database.transaction() as connection:
        await connection.execute(delete(links))
    page = await repeats(console, second)
    assert first.case_code in page.one("repeats").words
    assert (await decide(console, second, first, "confirm")).status_code == 303


async def test_report_that_repeats_nothing_shows_no_such_part(console: Console) -> None:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    assert (await repeats(console, created)).one("repeats").words == ""


async def test_only_who_may_see_the_other_report_gets_a_way_to_it(console: Console) -> None:
    first, second = await two_alike(console)
    link = f"/console/reports/{first.report_id}"
    assert (await repeats(console, second)).having("href", link) == []
    assert len((await repeats(console, second, "supervisor")).having("href", link)) == 1


@pytest.mark.parametrize("who", ["operator", "supervisor"])
async def test_merging_goes_back_to_the_page_which_shows_it_with_the_note(console: Console, who: str) -> None:
    first, second = await two_alike(console)
    answer = await decide(console, second, first, "confirm", who, note="Mẹ cháu gọi lại")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/reports/{second.report_id}#repeats")
    shown = (await repeats(console, second)).one("repeats").words
    assert "Có thể trùng" not in shown
    assert f"Đã gộp: 1 cùng một trẻ, mức theo thông tin nặng nhất {first.case_code} Gấp" in shown
    assert "Mẹ cháu gọi lại" in shown
    assert f"Đã gộp: 1 cùng một trẻ, mức theo thông tin nặng nhất {second.case_code}" in (
        (await repeats(console, first, "supervisor")).one("repeats").words
    )


async def test_refusing_takes_it_from_both_pages_for_good(console: Console) -> None:
    first, second = await two_alike(console)
    assert (await decide(console, second, first, "reject")).status_code == 303
    assert (await repeats(console, second)).one("repeats").words == ""
    assert (await repeats(console, first, "supervisor")).one("repeats").words == ""


async def test_buttons_pressed_twice_and_at_once_are_safe(console: Console) -> None:
    first, second = await two_alike(console)
    answers = await asyncio.gather(
        *(decide(console, second, first, "confirm", who) for who in ("operator", "supervisor") * 3)
    )
    assert {answer.status_code for answer in answers} == {303}
    assert (await console.world.status(second.report_id)).revision == 2
    late = await decide(console, second, first, "reject")
    assert late.status_code == 409
    assert "không tách ra được" in late.text


@pytest.mark.parametrize(
    ("decision", "who", "status"),
    [("confirm", "another operator", 404), ("perhaps", "operator", 422)],
    ids=["report of somebody else", "no decision"],
)
async def test_decisions_that_cannot_be_are_refused(console: Console, decision: str, who: str, status: int) -> None:
    first, second = await two_alike(console)
    assert (await decide(console, second, first, decision, who)).status_code == status
    assert (await console.world.status(second.report_id)).revision == 1


async def test_report_that_nothing_suggests_is_not_there_to_be_merged(console: Console) -> None:
    first, second = await two_alike(console)
    stranger = await console.world.create(a_report(), "stranger", WHO["another operator"])
    for other in (stranger, Created(uuid4(), "", ""), second):
        assert (await decide(console, second, other, "confirm")).status_code == 404
    assert first.case_code in (await repeats(console, second)).one("repeats").words


async def test_members_of_one_group_are_shown_as_merged_whoever_linked_them(console: Console) -> None:
    first, second = await two_alike(console)
    third = await console.world.create(a_personal_report(), "third", WHO["operator"])
    for one, other in ((first, second), (second, third)):
        verdict = Verdict(LinkState.CONFIRMED, WHO["supervisor"])
        await decide_link(console.world.parts, one.report_id, other.report_id, verdict)
    shown = (await repeats(console, first, "supervisor")).one("repeats").words
    assert "Có thể trùng" not in shown
    assert "Đã gộp: 2" in shown
    assert third.case_code in shown


async def test_nothing_of_what_the_other_report_tells_is_shown(console: Console) -> None:
    _, second = await two_alike(console)
    for answer in (
        await console.get(f"/console/reports/{second.report_id}"),
        await console.get(f"/console/reports/{second.report_id}/repeats"),
        await send(console, "/console/repeats", {"reporter.phone": PHONE}),
    ):
        assert answer.status_code == 200
        assert NAME not in answer.text
        assert "912" not in answer.text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reporter.phone": "84-912-345-678"}, "Cùng số điện thoại."),
        ({"subject.name": "bé Đào", "subject.age_min": "4", "place.incident.unit_code": "9190"}, "Cùng tên, tuổi và xã."),
        ({"subject.name": NAME, "subject.age_min": "-3", "place.incident.unit_code": "9190"}, "Cùng tên và xã, chưa rõ tuổi."),
        ({"narrative": "hỏi về vụ {code}"}, "Nêu mã vụ."),
    ],
    ids=["phone", "name", "wrong age", "code"],
)  # fmt: skip
async def test_repeats_are_found_while_one_types(console: Console, fields: dict[str, str], reason: str) -> None:
    first, _ = await two_alike(console)
    typed = {name: value.format(code=first.case_code.lower()) for name, value in fields.items()}
    page = parse((await send(console, "/console/repeats", typed)).text)
    assert reason in " ".join(" ".join(element.pieces) for element in page.elements)
    assert "Có thể trùng" in page.one("typed-h").words
    assert [element.get("form") for element in page.having("value", str(first.report_id))] == ["report"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"reporter.phone": "0987 654 321"},
        {"narrative": "x" * 30_000, "subject.name": "y" * (TEXT_LIMIT + 1)},
        {"repeats_of": ["no id", str(uuid4())], "reporter.phone": "0987 654 321"},
    ],
    ids=["nothing", "other phone", "too long", "marks of nothing"],
)
async def test_nothing_is_shown_where_nothing_is_found(console: Console, fields: Fields) -> None:
    await two_alike(console)
    answer = await send(console, "/console/repeats", fields)
    assert (answer.status_code, answer.text.strip()) == (200, "")


async def test_marked_report_is_linked_as_the_form_is_saved(console: Console) -> None:
    first, second = await two_alike(console)
    fields = [
        ("key", "k"),
        ("channel", "hotline"),
        ("narrative", "Gọi lại"),
        ("repeats_of", str(first.report_id)),
        ("repeats_of", "x"),
    ]
    answers = [await console.post(fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    page = await console.page(answers[0].headers["location"])
    assert "Đã gộp: 1" in page.one("repeats").words
    assert first.case_code in page.one("repeats").words
    assert (await console.world.status(first.report_id)).revision == 2
    assert (await console.world.status(second.report_id)).revision == 1


async def test_mark_stays_when_a_field_is_wrong(console: Console) -> None:
    first, _ = await two_alike(console)
    fields = [
        ("key", "k"),
        ("channel", "hotline"),
        ("narrative", "x"),
        ("subject.age_min", "-3"),
        ("repeats_of", str(first.report_id)),
    ]
    answer = await console.post(fields)
    assert answer.status_code == 422
    (box,) = parse(answer.text).having("value", str(first.report_id))
    assert "checked" in box.attributes
    assert box.get("form") == "report"


async def test_new_form_shows_no_repeats(console: Console) -> None:
    await two_alike(console)
    assert (await console.page("/console")).one("typed-repeats").words == ""


async def test_repeats_of_a_report_of_somebody_else_are_not_there(console: Console) -> None:
    _, second = await two_alike(console)
    answer = await console.get(f"/console/reports/{second.report_id}/repeats", "another operator")
    assert answer.status_code == 404
