"""The history of a report: who changed what and when, before and after, for those who may see it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from sqlalchemy import insert, update

from services.intake.handlers.add_to_report import Addition, add_to_report
from services.intake.handlers.answer_request import Created, Submission
from services.intake.handlers.correct_report import correct_report
from services.intake.models import IDENTITY, reads, revisions
from tests.integration.intake.world import PARTNER
from tests.integration.intake_pages.console import WHO, Console
from tests.unit.intake.documents import ARRIVAL, STORY, a_report


async def told(console: Console, created: Created, who: str = "supervisor", language: str = "vi") -> list[str]:
    answer = await console.get(f"/console/reports/{created.report_id}/history?lang={language}", who)
    assert answer.status_code == 200
    entries = re.findall(r'<li class="panel".*?</li>', answer.text, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", entry)).split()) for entry in entries]


async def corrected_by(console: Console, created: Created, who: str, **said: object) -> None:
    console.world.clock.advance(timedelta(minutes=5))
    await correct_report(console.world.parts, created.report_id, Submission(a_report(**said), str(said), WHO[who]))


async def test_a_correction_names_who_when_field_before_and_after_in_both_languages(console: Console) -> None:
    person = WHO["operator"].id
    row = {"person_id": person, "sequence": 1, "roles": ["operator"], "team_codes": [], "unit_codes": []}
    async with console.world.database.transaction() as connection:
        await connection.execute(insert(IDENTITY.people).values(**row, disabled=False, sessions_valid_from=ARRIVAL))
    first: dict[str, object] = {
        "subject": {"name": "An", "birth_date": "2019-06-15"},
        "facts": {"danger_now": "no"},
        "concerns": ["physical"],
    }
    created = await console.world.create(a_report(**first), "first", WHO["operator"])
    second = {"subject": {"name": "Ân"}, "facts": {"danger_now": "yes"}, "concerns": ["physical", "neglect"]}
    await corrected_by(console, created, "operator", **second)
    entries = await told(console, created)
    assert len(entries) == 2
    assert "Nhân viên tiếp nhận …001f · 14:29 28/11/2026" in entries[1]
    assert "Tên, đặc điểm để nhận ra Trước An Sau Ân" in entries[1]
    assert "có gặp nguy hiểm không? Trước Không Sau Có" in entries[1]
    assert "Loại vụ việc Trước Bạo lực thể chất Sau Bạo lực thể chất; Bỏ mặc" in entries[1]
    assert "Ngày sinh Trước 15/06/2019 Sau chưa rõ" in entries[1]
    assert STORY in entries[0]
    assert STORY not in entries[1]
    english = await told(console, created, language="en")
    assert "Danger now? Before No After Yes" in english[1]
    assert "Operator …001f" in english[1]
    assert "Bạn ·" in (await told(console, created, "operator"))[1]


async def test_what_the_reporter_tells_later_is_shown_as_added_with_its_time(console: Console) -> None:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    console.world.clock.advance(timedelta(hours=1))
    status = await console.world.status(created.report_id)
    await add_to_report(console.world.parts, status, Addition("Cháu đã về nhà.", "yes", "once"), "127.0.0.1")
    entry = (await told(console, created))[1]
    assert "Người báo · 15:24 28/11/2026" in entry
    assert "Lời kể Thêm [Kể thêm 15:24 28/11/2026] Bây giờ có nguy hiểm: Có. Cháu đã về nhà." in entry
    assert "có gặp nguy hiểm không? Trước chưa rõ Sau Có" in entry
    assert STORY not in entry


async def test_a_partners_correction_by_its_own_id_is_a_revision(console: Console) -> None:
    created = await console.world.create(a_report(external_id="A1", family={"carer": "bà"}), "first", PARTNER)
    await console.world.receive(a_report(external_id="A1", family={"carer": "cô"}), "second", PARTNER)
    entries = await told(console, created)
    assert "Cơ quan phối hợp …0015" in entries[1]
    assert "Ai đang chăm sóc Trước bà Sau cô" in entries[1]


async def test_nothing_that_was_said_is_lost_after_many_corrections(console: Console) -> None:
    created = await console.world.create(a_report(family={"carer": "người 0"}), "first", WHO["operator"])
    for number in range(1, 6):
        await corrected_by(console, created, "operator", family={"carer": f"người {number}"})
    entries = await told(console, created)
    assert len(entries) == 6
    for number in range(1, 6):
        assert f"Trước người {number - 1} Sau người {number}" in entries[number]


async def test_a_revision_that_no_key_opens_is_said_and_the_others_are_shown(console: Console) -> None:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    await corrected_by(console, created, "operator", family={"carer": "bà"})
    await corrected_by(console, created, "operator", family={"carer": "cô"})
    async with console.world.database.transaction() as connection:
        await connection.execute(update(revisions).where(revisions.c.revision == 1).values(document=b"altered"))
    entries = await told(console, created)
    assert "khóa mã hóa không có" in entries[0]
    assert "khóa mã hóa không có" in entries[1]
    assert "Trước bà Sau cô" in entries[2]


async def test_only_those_who_may_see_the_report_read_its_history_and_each_reading_is_kept(console: Console) -> None:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    address = f"/console/reports/{created.report_id}/history"
    for who in WHO:
        may = who in {"operator", "supervisor"}
        assert (await console.get(address, who)).status_code == (200 if may else 404), who
    async with console.world.database.reading() as connection:
        kept = [row.person_id for row in await connection.execute(reads.select().order_by(reads.c.id))]
    assert kept == [WHO["operator"].id, WHO["supervisor"].id]
