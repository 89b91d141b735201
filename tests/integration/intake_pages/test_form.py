"""The operator's form: it holds the report format, keeps what was typed, and stores a report once."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from services.intake import console_form
from shared.contracts.facts import YES_NO_FACTS, Facts
from shared.contracts.vocabulary import AllegedRole, Channel, Concern
from tests.integration.intake_pages.console import Console
from tests.support.html import Page, parse

STORY = 'Nghe tiếng đập đồ & tiếng "con bé" khóc.\nHình như cầm <thắt lưng>.'

FILLED: list[tuple[str, str]] = [
    ("key", "5f0c"),
    ("narrative", STORY),
    ("concerns", "physical"),
    ("concerns", "neglect"),
    ("channel", "walk_in"),
    ("incident_date", "2026-11-27"),
    ("prior_reports_12_months", "1"),
    *((f"facts.{name}", "no" if name == "danger_now" else "yes") for name in YES_NO_FACTS),
    ("facts.suicide", "thoughts"),
    ("facts.when", "within_30_days"),
    ("facts.hours_since_sexual_contact", "3,5"),
    ("subject.kind", "child"),
    ("subject.age_min", "3,5"),
    ("subject.age_max", "4"),
    ("subject.age_basis", "school_grade"),
    ("subject.birth_date", "2022-05-01"),
    ("subject.sex", "female"),
    ("subject.disabled", "no"),
    ("subject.name", "Bé Na"),
    ("family.carer", "bà ngoại"),
    ("place.incident.text", "Phường Võ Cường"),
    ("place.incident.unit_code", "9190"),
    ("place.incident.detail", "ngõ sau chợ"),
    ("place.residence.text", "Xã Tam Giang"),
    ("place.residence.unit_code", "9202"),
    ("place.current.text", "Trong nhà đó"),
    ("place.current.unit_code", ""),
    ("children_in_home.0.age_min", "5"),
    ("children_in_home.0.age_max", "6"),
    ("children_in_home.0.disabled", "unknown"),
    ("reporter.anonymous", "false"),
    ("reporter.safe_to_contact", "yes"),
    ("reporter.share_identity", "unknown"),
    ("reporter.relation", "hàng xóm"),
    ("reporter.name", "Nguyễn Thị Hoa"),
    ("reporter.phone", "0912 345 678"),
    ("alleged.0.role", "caregiver"),
    ("alleged.0.name", "Tên"),
    ("alleged.0.institution", "Trường"),
]
"""Every field of the form, each with an answer that it does not have by itself."""


def changed(**fields: str) -> list[tuple[str, str]]:
    """Return the filled form with other answers; `__` stands for a dot."""
    others = {name.replace("__", "."): value for name, value in fields.items()}
    return [(name, value) for name, value in FILLED if name not in others] + list(others.items())


def filled(page: Page) -> set[tuple[str, str]]:
    return {(name, value) for name, value in page.would_send() if value}


async def stored(console: Console) -> int:
    return await console.world.count("reports")


async def test_the_form_has_every_field_of_the_report_format_and_no_other(console: Console) -> None:
    page = await console.page("/console")
    numbered = {name.replace("*", "0") for name in console_form.LABELS}
    facts = {f"facts.{name}" for name in Facts.model_fields}
    own = {name for name in page.names() if ".1." not in name and ".2." not in name}
    assert own - {"referrer", "robots", "viewport"} == numbered | facts | {"csrf", "key"}
    assert {name for name, _ in FILLED} == numbered | facts | {"key"}


async def test_every_answer_of_the_report_format_can_be_chosen(console: Console) -> None:
    page = await console.page("/console")
    for name in YES_NO_FACTS:
        assert [element.get("value") for element in page.having("name", f"facts.{name}")] == ["yes", "no", "unknown"]
    offered = {element.get("value") for element in page.elements if element.tag in {"option", "input"}}
    assert {
        *Channel,
        *Concern,
        *AllegedRole,
        "plan",
        "thoughts",
        "none",
        "within_30_days",
        "over_30_days_ago",
    } <= offered


async def test_a_new_form_starts_unanswered_with_a_key_of_its_own(console: Console) -> None:
    one, other = await console.page("/console"), await console.page("/console")
    assert filled(one) - filled(other) == {("key", one.having("name", "key")[0].get("value"))}
    assert {name for name, _ in filled(one)} == {"csrf", "key", "channel"}
    assert ("channel", "hotline") in filled(one)


@pytest.mark.parametrize("path", ["/console", "/console?lang=en"])
async def test_every_field_has_its_label_and_nothing_is_inline(console: Console, path: str) -> None:
    for page in (await console.page(path), parse((await console.post(changed(subject__age_min="-3"))).text)):
        assert page.repeated_ids() == []
        assert page.dangling() == []
        assert page.inline() == []


async def test_what_was_typed_is_stored_and_the_reports_page_opened(console: Console) -> None:
    answer = await console.post(FILLED)
    assert answer.status_code == 303
    report_id = UUID(answer.headers["location"].removeprefix("/console/reports/"))
    (told,) = console.world.told
    assert told.report_id == report_id
    assert told.submitted_by == UUID(int=31)
    assert told.incident_unit_code == 9190
    assert told.residence_unit_code == 9202
    assert told.earlier_reports_12_months == 1
    assert told.age_min == 3.5
    assert (told.facts.danger_now, told.facts.alone_now, told.facts.suicide) == ("no", "yes", "thoughts")
    assert told.facts.hours_since_sexual_contact == 3.5


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "one after the other"])
async def test_the_same_form_twice_stores_one_report(console: Console, *, at_once: bool) -> None:
    if at_once:
        answers = list(await asyncio.gather(console.post(FILLED), console.post(FILLED)))
    else:
        answers = [await console.post(FILLED), await console.post(FILLED)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert await stored(console) == 1
    assert len(console.world.told) == 1


async def test_two_forms_that_say_the_same_store_two_reports(console: Console) -> None:
    locations = {(await console.post(changed(key=key))).headers["location"] for key in ("one", "two")}
    assert len(locations) == 2
    assert await stored(console) == 2


async def test_a_saved_form_sent_again_with_other_words_changes_nothing(console: Console) -> None:
    await console.post(FILLED)
    answer = await console.post(changed(narrative="khác"))
    assert answer.status_code == 409
    assert "đã được lưu" in answer.text
    assert await stored(console) == 1


async def test_a_wrong_field_is_named_beside_it_and_everything_typed_stays(console: Console) -> None:
    wrong = changed(subject__age_min="-3", reporter__phone="0" * 2001)
    answer = await console.post(wrong)
    page = parse(answer.text)
    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-store"
    assert filled(page) == {(name, value) for name, value in wrong if value} | {("csrf", "token")}
    assert await stored(console) == 0


async def test_the_message_says_which_field_why_and_what_to_do(console: Console) -> None:
    page = parse((await console.post(changed(subject__age_min="-3"))).text)
    field = page.one("subject.age_min")
    assert field.get("aria-invalid") == "true"
    message = page.one(field.get("aria-describedby")).text
    assert message == "Tuổi từ: Viết số từ 0 trở lên. Sửa ô này rồi lưu; phần khác vẫn giữ."
    assert [link.text for link in page.having("href", "#subject.age_min")] == ["Tuổi từ"]
    assert {element.get("name") for element in page.having("aria-invalid")} == {"subject.age_min"}


async def test_the_message_is_in_the_readers_language(console: Console) -> None:
    page = parse((await console.post(changed(subject__age_min="-3"), cookies="heedline_lang=en")).text)
    message = page.one(page.one("subject.age_min").get("aria-describedby")).text
    assert message == "Age from: Write a number of at least 0. Fix and save; the rest is kept."


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("narrative", "x" * 20_001, "narrative"),
        ("incident_date", "hôm kia", "incident_date"),
        ("facts.danger_now", "maybe", ""),
        ("facts.hours_since_sexual_contact", "-1", "facts.hours_since_sexual_contact"),
        ("place.incident.unit_code", "7330000", "place.incident.text"),
        ("place.incident.unit_code", "9" * 5000, "place.incident.text"),
        ("subject.age_max", "3", "subject.age_max"),
        ("children_in_home.0.age_max", "400", "children_in_home.0.age_max"),
        ("alleged.0.name", "x" * 2001, "alleged.0.name"),
        ("channel", "pigeon", "channel"),
    ],
)
async def test_any_wrong_field_is_named_where_it_is(console: Console, name: str, value: str, at: str) -> None:
    answer = await console.post(changed(**{name.replace(".", "__"): value}))
    page = parse(answer.text)
    assert answer.status_code == 422
    invalid = page.having("aria-invalid")
    assert at in {element.get("id") for element in invalid}
    assert page.dangling() == []


async def test_a_wrong_row_is_named_in_the_row_where_it_is_shown_again(console: Console) -> None:
    answer = await console.post({"key": "k", "narrative": "x", "alleged.4.name": "Tên", "alleged.7.name": "y" * 2001})
    page = parse(answer.text)
    assert page.one("alleged.0.name").get("value") == "Tên"
    assert page.one("alleged.1.name").get("aria-invalid") == "true"


async def test_nothing_said_asks_for_a_narrative(console: Console) -> None:
    answer = await console.post({"key": "k", "channel": "hotline", "subject.age_min": "4"})
    page = parse(answer.text)
    assert answer.status_code == 422
    assert page.one("narrative").get("aria-invalid") == "true"
    assert page.one("subject.age_min").get("value") == "4"


async def test_a_wrong_form_can_be_corrected_and_saved_with_its_own_key(console: Console) -> None:
    page = parse((await console.post(changed(subject__age_min="-3"))).text)
    again = [(name, "3" if name == "subject.age_min" else value) for name, value in page.would_send()]
    assert (await console.post(again)).status_code == 303
    assert await stored(console) == 1


async def test_without_script_the_place_is_found_by_its_text(console: Console) -> None:
    answer = await console.post(
        {"channel": "hotline", "key": "k", "narrative": "x", "place.incident.text": "phường Võ Cường, Bắc Ninh"}
    )
    assert answer.status_code == 303
    assert console.world.told[0].incident_unit_code == 9190


async def test_a_form_with_names_that_it_does_not_have_is_stored_without_them(console: Console) -> None:
    answer = await console.post(
        {"channel": "sms", "key": "k", "narrative": "x", "subject": "y", "alleged.x.role": "z", "facts.no": "yes"}
    )
    assert answer.status_code == 303
    assert console.world.told[0].alleged_roles == ()
    assert console.world.told[0].facts == Facts()
