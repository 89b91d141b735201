"""The supervisor's list of conflicts of interest: what was told, why, and an answer that counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.intake import conflict_pages
from services.intake.handlers.record_colleague import record_colleague
from services.intake.rules.conflict import Why
from tests.integration.intake.test_conflicts import HEAD, NAME, PHONE, WARD, changed, exclusions
from tests.integration.intake_pages.console import WHO, Console
from tests.unit.intake.documents import a_report


async def a_question(console: Console, **alleged: str) -> str:
    """Store a report that alleges somebody like the head of police; return where its question is answered."""
    world = console.world
    async with world.database.transaction() as connection:
        await record_colleague(connection, changed())
    report = a_report(alleged=[{"role": "known_person", "name": NAME, **alleged}], place=WARD)
    created = await world.create(report)
    return f"/conflicts/{created.report_id}/{HEAD}"


async def test_a_supervisor_sees_what_was_told_and_why_and_answers(console: Console) -> None:
    address = await a_question(console)
    shown = (await console.get("/conflicts", "supervisor")).text
    assert NAME in shown
    assert conflict_pages.REASONS[Why.NAME] in shown
    assert "Chưa trả lời, đang loại trừ" in shown
    headers = {"X-Who": "supervisor", "Accept": "text/html"}
    answered = await console.client.post(address, data={"same": "false"}, headers=headers)
    assert (answered.status_code, answered.headers["location"]) == (303, "/conflicts")
    assert exclusions(console.world.told[-1]) == (set(), set())
    assert "Người hoặc nơi khác, không loại trừ" in (await console.get("/conflicts", "supervisor")).text


async def test_the_console_points_a_supervisor_to_open_questions_and_nobody_else(console: Console) -> None:
    await a_question(console)
    assert "1 câu hỏi về xung đột lợi ích" in (await console.get("/console", "supervisor")).text
    assert "xung đột lợi ích" not in (await console.get("/console", "operator")).text


async def test_the_page_in_english(console: Console) -> None:
    await a_question(console)
    shown = (await console.get("/conflicts?lang=en", "supervisor")).text
    assert "Same full name only" in shown
    assert "It is this person" in shown


async def test_an_empty_list_says_so(console: Console) -> None:
    assert "Chưa có xung đột lợi ích nào." in (await console.get("/conflicts", "supervisor")).text


async def test_an_excluded_supervisor_sees_and_answers_nothing(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await a_question(console, phone=PHONE)
    report = address.split("/")[2]
    monkeypatch.setitem(WHO, "alleged", replace(WHO["supervisor"], id=HEAD, session="x"))
    assert NAME not in (await console.get("/conflicts", "alleged")).text
    assert (await console.get(f"/console/reports/{report}", "alleged")).status_code == 404
    assert (await console.get(f"/console/reports/{report}/state", "alleged")).status_code == 404
    assert report not in (await console.get("/console", "alleged")).text
    headers = {"X-Who": "alleged", "Accept": "text/html"}
    assert (await console.client.post(address, data={"same": "false"}, headers=headers)).status_code == 404
    assert (await console.get(f"/console/reports/{report}", "supervisor")).status_code == 200


async def test_an_operator_who_typed_a_report_that_may_allege_them_is_told_that_it_is_saved_and_no_more(
    console: Console,
) -> None:
    operator = WHO["operator"]
    async with console.world.database.transaction() as connection:
        await record_colleague(connection, changed(operator.id or HEAD, team=""))
    created = await console.world.create(a_report(alleged=[{"role": "known_person", "phone": PHONE}]), actor=operator)
    answer = await console.get(f"/console/reports/{created.report_id}", "operator")
    assert answer.status_code == 403
    assert "đã được lưu" in answer.text
