"""The public form: small, neutral, nothing left behind, and no report lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from services.intake.handlers.take_public_report import UNMARKED_IN_AN_HOUR
from services.intake.models import SCHEMA
from services.intake.rules.report import LARGEST_BODY
from tests.integration.intake.world import World
from tests.integration.intake_pages.public import STORY, Public, code_of, open_public, page_of
from tests.support.html import parse
from tests.support.postgres import Postgres

LARGEST_PAGE = 51_200
"""Bytes of a page with its own style, script and image, uncompressed."""
REFUSED = "heedline_public_forms_too_large_total"
PAGES = ["/report", "/receipt", "/report?lang=en", "/receipt?lang=en"]
ANSWERS = {
    "who": "child",
    "danger": "yes",
    "safe": "no",
    "place": "Phường Võ Cường, Bắc Ninh",
    "near": "sau chợ",
    "age": "khoảng 7",
    "back": "yes",
    "phone": "0912 345 678",
}


@pytest.fixture
async def public(postgres: Postgres) -> AsyncIterator[Public]:
    async with postgres.database([SCHEMA]) as database, open_public(World(database)) as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_small_with_all_it_needs(public: Public, path: str) -> None:
    answer = await public.get(path)
    own = re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text)
    sizes = [len((await public.get(file)).content) for file in own]
    assert len(own) == 3
    assert all(sizes)
    assert len(answer.content) + sum(sizes) <= LARGEST_PAGE


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_neutral_and_asks_nobody_else(public: Public, path: str) -> None:
    answer = await public.get(path)
    page = page_of(answer)
    (title,) = [element.text for element in page.elements if element.tag == "title"]
    assert title == ("Information" if "lang=en" in path else "Thông tin")
    assert "heedline" not in answer.text.lower()
    addresses = [element.get(name) for name in ("src", "href", "action") for element in page.having(name)]
    assert all(re.fullmatch(r"/(?!/).*|#.+|tel:11[135]", address) for address in addresses)
    assert "url(" not in (await public.get("/static/intake/public.css")).text
    assert page.inline() == page.dangling() == page.repeated_ids() == []


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_is_kept_in_the_browser(public: Public, path: str) -> None:
    answer = await public.get(path)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    page = page_of(answer)
    forms = [element for element in page.elements if element.tag == "form"]
    assert [(form.get("method"), form.get("autocomplete")) for form in forms] == [("post", "off")]
    typed = [each for each in page.having("name") if each.tag in {"input", "textarea"} and not each.get("type")]
    assert all(each.get("autocomplete") == "off" for each in typed)
    script = (await public.get("/static/intake/public.js")).text
    assert not re.search(r"storage|cookie|fetch|XMLHttp|indexedDB", script, re.IGNORECASE)


async def test_leaving_is_first_and_leaves_nothing(public: Public) -> None:
    page = page_of(await public.get("/report"))
    links = [element.get("href") for element in page.elements if element.tag == "a"]
    assert links[:2] == ["#main", "/exit"]
    answer = await public.get("/exit")
    assert answer.status_code == 303
    assert answer.headers["location"] == public.world.parts.settings.quick_exit_url
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


async def test_seven_questions_are_on_one_page_unanswered(public: Public) -> None:
    answer = await public.get("/report")
    assert re.findall(r"Câu (\d) / 7", answer.text) == list("1234567")
    assert {name for name, value in page_of(answer).would_send() if value} == {"once"}


async def test_the_answers_become_a_report(public: Public) -> None:
    answer = await public.tell(**ANSWERS)
    receipt = code_of(answer)
    row, said = await public.only()
    (told,) = public.world.told
    assert re.fullmatch(r"\d{16}", receipt or "")
    assert (told.channel, told.subject_kind, told.submitted_by) == ("web", "child", None)
    assert (told.facts.danger_now, told.facts.with_safe_adult) == ("yes", "no")
    assert (told.age_min, told.age_max, told.age_basis) == (6, 8, "estimated")
    assert told.incident_unit_code == row.incident_unit_code == 9190
    assert said["narrative"] == STORY
    assert said["place"]["incident"]["detail"] == "sau chợ"
    assert said["reporter"] == {"anonymous": True, "phone": "+84912345678", "safe_to_contact": "yes"}
    assert row.warnings == []
    assert row.case_code not in answer.text
    assert str(row.report_id) not in answer.text
    assert str(answer.url) == "http://public.test/report"


async def test_a_number_is_not_kept_against_a_no(public: Public) -> None:
    answer = await public.tell(back="no", phone="0912345678")
    _, said = await public.only()
    assert said["reporter"] == {"anonymous": True, "safe_to_contact": "no"}
    assert "Chúng tôi không gọi và không nhắn cho bạn." in answer.text


async def test_contact_is_not_denied_where_it_was_not(public: Public) -> None:
    assert "Chúng tôi không gọi" not in (await public.tell(**ANSWERS)).text


async def test_one_answer_is_enough(public: Public) -> None:
    await public.tell(text="", danger="unknown")
    assert len(public.world.told) == 1


async def test_an_age_in_other_words_goes_on_as_words(public: Public) -> None:
    await public.tell(age="lớp 3")
    _, said = await public.only()
    assert said["narrative"] == f"{STORY}\n\nTuổi: lớp 3"
    assert public.world.told[0].age_min is None


@pytest.mark.parametrize(("age", "kind"), [("12", "child"), ("40", "adult"), ("18", "unknown"), ("", "unknown")])
async def test_who_tells_of_themselves_is_as_old_as_they_say(public: Public, age: str, kind: str) -> None:
    await public.tell(who="self", age=age)
    assert public.world.told[0].subject_kind == kind


async def test_only_keyed_hashes_of_the_receipt_and_of_the_address_are_kept(public: Public) -> None:
    receipt = await public.receipt()
    async with public.world.database.reading() as connection:
        for table in ("reports", "requests", "public_tries"):
            rows = await connection.scalar(text(f"SELECT string_agg(t::text, '') FROM intake.{table} t"))  # noqa: S608
            assert rows
            assert receipt not in rows
            assert "127.0.0.1" not in rows


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one after the other"])
async def test_a_double_click_stores_one_report_and_shows_its_receipt(public: Public, *, at_once: bool) -> None:
    if at_once:
        answers = list(await asyncio.gather(public.tell(), public.tell()))
    else:
        answers = [await public.tell(), await public.tell()]
    first, second = map(code_of, answers)
    assert first == second
    assert first is not None
    assert len(await public.all_reports()) == len(public.world.told) == 1


async def test_the_receipt_is_not_shown_to_whoever_sends_the_form_again_later(public: Public) -> None:
    receipt = await public.receipt()
    async with public.world.database.transaction() as connection:
        await connection.execute(text("UPDATE intake.reports SET stored_at = stored_at - interval '3 minutes'"))
    answer = await public.tell()
    assert code_of(answer) is None
    assert receipt[:4] not in answer.text
    assert "Điều bạn kể đã được nhận trước đó" in answer.text
    assert len(await public.all_reports()) == 1


async def test_other_words_under_the_same_key_are_not_lost(public: Public) -> None:
    first = await public.receipt()
    second, again = [await public.receipt(text="Chuyện khác") for _ in range(2)]
    assert second == again != first
    assert len(await public.all_reports()) == 2


async def test_a_filled_trap_marks_the_report_which_goes_on_all_the_same(public: Public) -> None:
    await public.receipt(website="http://example.com")
    assert await public.warnings() == [["filled_by_program"]]
    assert len(public.world.told) == 1


async def test_the_thirty_first_report_within_an_hour_is_marked_and_told(public: Public) -> None:
    for number in range(UNMARKED_IN_AN_HOUR + 1):
        await public.receipt(str(number))
    assert sorted(await public.warnings()) == [[]] * UNMARKED_IN_AN_HOUR + [["many_from_one_address"]]
    assert len(public.world.told) == UNMARKED_IN_AN_HOUR + 1


async def test_the_longest_story_of_three_byte_letters_fits(public: Public) -> None:
    await public.receipt(text="ệ" * 20_000)
    assert len(public.world.told) == 1


async def test_a_text_that_is_too_long_is_named_beside_it_and_everything_stays(public: Public) -> None:
    sent = {**ANSWERS, "text": "a" * 20_001, "place": "x" * 2_001}
    answer = await public.tell(**sent)
    page = page_of(answer)
    assert answer.status_code == 422
    assert {(name, value) for name, value in page.would_send() if value} == {*sent.items(), ("once", "k")}
    assert {element.get("name") for element in page.having("aria-invalid")} == {"text", "place"}
    assert page.one("text-e").text == (
        "Chuyện gì đang xảy ra?: Viết tối đa 20000 chữ cái. Sửa ô này rồi gửi; phần khác vẫn giữ."
    )
    assert page.dangling() == page.inline() == []
    assert await public.all_reports() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("age", "500"),
        ("danger", "maybe"),
        ("who", "nobody"),
        ("back", "x"),
        ("phone", "0" * 2001),
        ("near", "x" * 2001),
    ],
)
async def test_any_wrong_field_is_named_where_it_is(public: Public, name: str, value: str) -> None:
    answer = await public.tell(**{name: value})
    assert answer.status_code == 422
    assert page_of(answer).one(f"{name}-e").text
    assert page_of(answer).dangling() == []


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/report", "Kể một câu ở đây, hoặc trả lời câu 3 hay câu 4, rồi gửi lại."),
        ("/report?lang=en", "Write a sentence here, or answer question 3 or 4, and send again."),
    ],
)
async def test_nothing_told_asks_for_a_sentence_in_the_readers_language(
    public: Public, path: str, sentence: str
) -> None:
    answer = await public.tell(path=path, text=" ", place="Tiên Du")
    page = page_of(answer)
    assert answer.status_code == 422
    assert page.one("text-e").text == sentence
    assert [form.get("action") for form in page.elements if form.tag == "form"] == [path]
    assert page.one("f-place").get("value") == "Tiên Du"


async def test_a_body_over_64_kb_is_refused_with_a_way_on_and_counted(public: Public) -> None:
    before = REGISTRY.get_sample_value(REFUSED) or 0
    answer = await public.tell(text="a" * LARGEST_BODY)
    page = parse(answer.text)
    assert answer.status_code == 413
    assert [link.get("href") for link in page.having("href") if link.tag == "a"][-4:] == [
        "/report",
        "tel:111",
        "tel:113",
        "tel:115",
    ]
    assert REGISTRY.get_sample_value(REFUSED) == before + 1
    assert await public.all_reports() == []


async def test_a_form_sent_the_old_way_is_taken_too(public: Public) -> None:
    answer = await public.client.post("/report", data={"once": "k", "text": STORY})
    assert code_of(answer)


async def test_the_form_is_not_sent_by_get(public: Public) -> None:
    await public.get("/report?text=abc&once=k")
    assert await public.all_reports() == []
