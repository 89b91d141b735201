"""A stored report opened again in the form: a revision of it, never over what somebody else has written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from services.intake.handlers.answer_request import Created, Submission
from services.intake.handlers.correct_report import correct_report
from services.intake.store import open_document
from tests.integration.intake.world import KEYS
from tests.integration.intake_pages.console import WHO, Console
from tests.support.html import parse
from tests.unit.intake.documents import a_personal_report, a_report


async def created(console: Console, document: dict[str, Any] | None = None) -> Created:
    return await console.world.create(document or a_personal_report(), actor=WHO["operator"])


def path(report: Created) -> str:
    return f"/console/reports/{report.report_id}/complete"


async def opened(console: Console, report: Created, who: str = "operator") -> dict[str, list[str]]:
    """Return what the form would send."""
    fields: dict[str, list[str]] = {}
    for name, value in parse((await console.get(path(report), who)).text).would_send():
        fields.setdefault(name, []).append(value)
    return fields


async def save(
    console: Console, report: Created, fields: dict[str, list[str]], who: str = "operator", **changed: str
) -> httpx.Response:
    data = {**fields, **{name.replace("__", "."): [value] for name, value in changed.items()}}
    return await console.client.post(path(report), data=data, headers={"X-Who": who, "Accept": "text/html"})


async def says(console: Console, report_id: UUID) -> dict[str, Any]:
    async with console.world.database.reading() as connection:
        return await open_document(connection, KEYS, report_id) or {}


async def test_what_is_added_is_a_revision_that_is_judged_again(console: Console) -> None:
    report = await created(console, a_report(concerns=["neglect"]))
    fields = await opened(console, report)
    answer = await save(console, report, fields, facts__danger_now="yes", subject__age_min="4")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/reports/{report.report_id}"
    first, second = console.world.told
    assert (second.report_id, second.revision, second.case_code) == (first.report_id, 2, first.case_code)
    assert (second.facts.danger_now, second.age_min, second.concerns) == ("yes", 4, first.concerns)
    assert second.received_at == first.received_at
    assert await console.world.count("reports") == 1
    row = await console.world.row(report.report_id)
    assert (row["written_by"], row["submitted_by"]) == (WHO["operator"].id, WHO["operator"].id)


async def test_saving_it_as_it_was_opened_changes_nothing_that_it_says(console: Console) -> None:
    report = await created(console)
    before = await says(console, report.report_id)
    await save(console, report, await opened(console, report))
    assert await says(console, report.report_id) == before


async def test_what_the_form_has_no_field_for_stays(console: Console) -> None:
    report = await created(console)
    before = await says(console, report.report_id)
    await save(console, report, await opened(console, report), facts__runaway="yes")
    after = await says(console, report.report_id)
    assert after == {**before, "facts": {**before["facts"], "runaway": "yes"}}
    assert after["notes"] == before["notes"]


async def test_opening_it_is_kept_as_a_read(console: Console) -> None:
    report = await created(console)
    await opened(console, report)
    assert await console.world.count("reads") == 1


async def test_the_same_form_twice_is_one_revision(console: Console) -> None:
    report = await created(console)
    fields = await opened(console, report)
    for _ in range(2):
        assert (await save(console, report, fields, facts__runaway="yes")).status_code == 303
    assert (await console.world.status(report.report_id)).revision == 2


async def test_an_operator_completes_their_own_reports_and_a_supervisor_all(console: Console) -> None:
    report = await created(console)
    assert (await console.get(path(report), "another operator")).status_code == 404
    fields = await opened(console, report, "supervisor")
    assert (await save(console, report, fields, "another operator", facts__runaway="yes")).status_code == 404
    assert (await save(console, report, fields, "supervisor", facts__runaway="yes")).status_code == 303
    assert (await console.world.row(report.report_id))["written_by"] == WHO["supervisor"].id


async def test_the_second_of_two_is_told_and_overwrites_nothing(console: Console) -> None:
    report = await created(console, a_report())
    mine, theirs = await opened(console, report), await opened(console, report, "supervisor")
    await save(console, report, theirs, "supervisor", narrative="Của giám sát", facts__runaway="yes")
    answer = await save(console, report, mine, narrative="Của nhân viên", subject__age_min="4")
    assert answer.status_code == 409
    assert "có người vừa sửa" in answer.text
    assert (await says(console, report.report_id))["narrative"] == "Của giám sát"
    page = parse(answer.text)
    shown: dict[str, list[str]] = {}
    for name, value in page.would_send():
        shown.setdefault(name, []).append(value)
    assert shown["narrative"] == ["Của nhân viên"]
    assert shown["facts.runaway"] == ["yes"]
    assert shown["subject.age_min"] == ["4"]
    assert shown["revision"] == ["2"]
    assert "Lời kể" in page.one("errors").text
    assert (await save(console, report, shown)).status_code == 303
    after = await says(console, report.report_id)
    assert (after["narrative"], after["facts"]["runaway"]) == ("Của nhân viên", "yes")
    assert (await console.world.status(report.report_id)).revision == 3


async def test_fields_that_only_one_changed_are_not_named(console: Console) -> None:
    report = await created(console, a_report())
    mine, theirs = await opened(console, report), await opened(console, report, "supervisor")
    await save(console, report, theirs, "supervisor", facts__runaway="yes")
    answer = await save(console, report, mine, subject__age_min="4")
    assert answer.status_code == 409
    assert "Hai người cùng sửa" not in answer.text


async def test_a_revision_that_says_the_same_stops_nobody(console: Console) -> None:
    report = await created(console, a_report())
    fields = await opened(console, report)
    again = Submission({**(await says(console, report.report_id)), "narrative": a_report()["narrative"] + " "}, "api")
    await correct_report(console.world.parts, report.report_id, again)
    back = Submission(await _without_space(console, report.report_id), "api 2")
    await correct_report(console.world.parts, report.report_id, back)
    assert (await console.world.status(report.report_id)).revision == 3
    assert (await save(console, report, fields, facts__runaway="yes")).status_code == 303


async def _without_space(console: Console, report_id: UUID) -> dict[str, Any]:
    document = await says(console, report_id)
    return {**document, "narrative": document["narrative"].strip()}


async def test_a_wrong_field_keeps_the_form_and_the_report(console: Console) -> None:
    report = await created(console, a_report())
    answer = await save(console, report, await opened(console, report), subject__age_min="-3", narrative="Thêm")
    page = parse(answer.text)
    assert answer.status_code == 422
    assert page.one("subject.age_min").get("aria-invalid") == "true"
    assert page.one("report").get("action") == path(report)
    assert (await console.world.status(report.report_id)).revision == 1


@pytest.mark.parametrize("revision", ["", "x", "0", "99", "1" * 30])
async def test_a_form_without_a_revision_overwrites_nothing(console: Console, revision: str) -> None:
    report = await created(console, a_report())
    answer = await save(console, report, await opened(console, report), revision=revision, narrative="Khác")
    assert answer.status_code == 409
    assert (await console.world.status(report.report_id)).revision == 1


async def test_the_page_has_whole_parts(console: Console) -> None:
    report = await created(console)
    page = parse((await console.get(path(report))).text)
    assert page.dangling() == []
    assert page.repeated_ids() == []
    assert page.inline() == []
    assert "call" not in {element.get("id") for element in page.having("id")}


async def test_the_report_page_leads_there(console: Console) -> None:
    report = await created(console)
    page = parse((await console.get(f"/console/reports/{report.report_id}")).text)
    assert page.one("complete").get("href") == path(report)
    assert page.dangling() == []
