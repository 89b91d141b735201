"""The page of a case: who sees what, what a form does, and that nothing typed is lost."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

import pytest

from services.triage.rules.casework import CLOSING_QUESTIONS
from shared.contracts.vocabulary import Level
from shared.web.siblings import Sibling, SiblingAwayError, SiblingRefusedError
from tests.integration.triage.office import REASON, WORKER, CaseOffice
from tests.integration.triage_pages.site import WHO, Site
from tests.unit.triage.reports import WARD

EMPTY_REPORT: dict[str, Any] = {
    "narrative": "",
    "subject": {"name": "", "birth_date": None, "age_min": None, "age_max": None},
    "family": {"father": "", "mother": "", "carer": ""},
    "alleged": [],
    "places": {name: {"text": "", "detail": ""} for name in ("incident", "residence", "current")},
    "reporter": {"shared": False, "name": "", "phone": "", "safe_to_contact": "unknown"},
}


@pytest.mark.parametrize("who", ["supervisor", "worker", "police"])
async def test_those_who_work_on_a_case_see_why_it_has_its_level_and_what_is_due(
    office: CaseOffice, site: Site, who: str
) -> None:
    report = await office.case(Level.IMMEDIATE)
    page = await site.get(f"/cases/{report.case_code.lower()}", who)
    assert page.status_code == 200
    for said in (report.case_code, "Khẩn cấp", "Nguy hiểm ngay hoặc trong vài giờ", "R02", "S5", "Gặp trẻ trực tiếp"):
        assert said in page.text


async def test_the_page_is_there_in_english(office: CaseOffice, site: Site) -> None:
    report = await office.case(Level.IMMEDIATE)
    page = await site.get(f"/cases/{report.case_code}", lang="en")
    for said in ("Immediate", "Danger now or within hours", "Child seen face to face", "Lower"):
        assert said in page.text
    assert "Gặp trẻ" not in page.text


async def test_whoever_has_nothing_to_do_with_a_case_does_not_learn_that_it_exists(
    office: CaseOffice, site: Site
) -> None:
    report = await office.case(Level.IMMEDIATE)
    unknown = await site.get("/cases/Z9Z999", "stranger")
    theirs = await site.get(f"/cases/{report.case_code}", "stranger")
    assert (unknown.status_code, theirs.status_code) == (404, 404)
    assert unknown.text.replace("Z9Z999", "") == theirs.text.replace(report.case_code, "")


@pytest.mark.parametrize("who", ["supervisor", "worker"])
async def test_the_alleged_never_sees_the_case_whatever_their_role(office: CaseOffice, site: Site, who: str) -> None:
    report = await office.case(Level.IMMEDIATE, excluded_person_ids=[WHO[who].id])
    assert (await site.get(f"/cases/{report.case_code}", who)).status_code == 404
    sent = await site.post(f"/cases/{report.case_code}/notes", {"text": REASON}, who)
    assert sent.status_code == 404


async def test_an_operator_sees_level_and_state_of_their_own_reports_only(office: CaseOffice, site: Site) -> None:
    own = await office.case(Level.URGENT, submitted_by=WHO["operator"].id)
    other = await office.case(Level.URGENT)
    page = await site.get(f"/cases/{own.case_code}", "operator")
    assert page.status_code == 200
    assert "Gấp" in page.text
    assert "R22" not in page.text
    assert "Ghi việc đã làm" not in page.text
    assert (await site.get(f"/cases/{other.case_code}", "operator")).status_code == 404
    assert (await site.post(f"/cases/{own.case_code}/notes", {"text": REASON}, "operator")).status_code == 403


async def test_an_administrator_sees_no_details_and_an_auditor_nothing(office: CaseOffice, site: Site) -> None:
    report = await office.case(Level.URGENT)
    await office.note(report)
    page = await site.get(f"/cases/{report.case_code}", "administrator")
    assert page.status_code == 200
    assert "R22" not in page.text
    assert REASON not in page.text
    assert (await site.get(f"/cases/{report.case_code}", "auditor")).status_code == 403


async def test_lowering_from_immediate_takes_two_on_the_page_as_well(office: CaseOffice, site: Site) -> None:
    report = await office.case(Level.IMMEDIATE)
    address = f"/cases/{report.case_code}"
    asked = await site.post(f"{address}/lower", {"level": "URGENT", "reason": REASON})
    assert asked.headers["location"] == f"{address}?said=lower_waits"
    own = await site.get(address)
    assert "Rút lại" in own.text
    assert "Đồng ý hạ mức" not in own.text
    assert "Đồng ý hạ mức" in (await site.get(address, "other supervisor")).text
    assert "Đồng ý hạ mức" not in (await site.get(address, "worker")).text
    refused = await site.post(f"{address}/lower-confirm", {})
    assert refused.status_code == 422
    assert "Người thứ hai phải là giám sát ca khác" in refused.text
    done = await site.post(f"{address}/lower-confirm", {}, "other supervisor")
    assert done.headers["location"] == f"{address}?said=lowered"
    shown = (await site.get(address)).text
    for said in ("Mức do người hạ", REASON, "Vũ Minh Quân", "Đỗ Thị Hà"):
        assert said in shown


@pytest.mark.parametrize(
    ("action", "fields", "says"),
    [
        ("lower", {"level": "ROUTINE", "reason": "ngắn"}, "Ghi lý do đầy đủ hơn"),
        ("lower", {"level": "", "reason": "một lý do đủ dài"}, "Chọn mức."),
        ("lower", {"level": "IMMEDIATE", "reason": "một lý do đủ dài"}, "thấp hơn mức hiện tại"),
        ("handover", {"team": "", "reason": "một lý do đủ dài"}, "Chọn nhóm nhận bàn giao"),
        ("handover", {"team": "social-1", "reason": "một lý do đủ dài"}, "Chọn nhóm nhận bàn giao"),
        ("handover", {"team": "province-duty", "reason": ""}, "Ô này còn trống"),
        ("milestones", {"milestone": "seen", "at": "2030-01-01T00:00", "text": "đoạn đã gõ"}, "Giờ này chưa tới"),
        ("milestones", {"milestone": "seen", "at": "hôm qua", "text": "đoạn đã gõ"}, "Ghi ngày và giờ"),
        ("milestones", {"milestone": "x", "at": "", "text": "đoạn đã gõ"}, "Chọn việc đã làm"),
        ("facts", {"fact_danger_now": "no"}, "Chưa có dữ kiện nào được trả lời khác đi"),
        ("close", {"harm": "low", "text": "đoạn đã gõ"}, "Chọn Cao, Trung bình hoặc Thấp"),
        ("notes", {"text": "  "}, "Ô này còn trống"),
        ("notes", {"text": "x" * 4001}, "Dài quá 4000 ký tự"),
    ],
)
async def test_a_wrong_field_is_named_beside_it_and_what_was_typed_stays(
    office: CaseOffice, site: Site, action: str, fields: dict[str, str], says: str
) -> None:
    report = await office.case(Level.URGENT)
    page = await site.post(f"/cases/{report.case_code}/{action}", fields)
    assert page.status_code == 422
    assert says in page.text
    assert 'aria-invalid="true"' in page.text
    for typed in ("đoạn đã gõ", "một lý do đủ dài"):
        assert (typed in page.text) == (typed in fields.values())
    assert len(await office.world.history(report.report_id)) == 1


async def test_a_hand_over_is_answered_by_the_team_that_is_asked(office: CaseOffice, site: Site) -> None:
    report = await office.case(Level.URGENT)
    address = f"/cases/{report.case_code}"
    await site.post(f"{address}/handover", {"team": f"police-{WARD}", "reason": REASON}, "worker")
    assert "Nhận bàn giao" not in (await site.get(address, "worker")).text
    assert "Nhận bàn giao" in (await site.get(address, "police")).text
    done = await site.post(f"{address}/handover-accept", {}, "police")
    assert done.headers["location"] == f"{address}?said=taken_over"
    assert "Trần Văn Bình nhận bàn giao" in (await site.get(address, "worker")).text


async def test_facts_answered_raise_the_level_on_the_page(office: CaseOffice, site: Site) -> None:
    report = await office.case(Level.PRIORITY)
    address = f"/cases/{report.case_code}"
    done = await site.post(f"{address}/facts", {"fact_danger_now": "yes"}, "worker")
    assert done.headers["location"] == f"{address}?said=answered"
    page = (await site.get(address)).text
    assert "Dữ kiện được trả lời: mức lên Khẩn cấp" in page
    assert "Ngô Thị Hạnh trả lời dữ kiện" in page


async def test_a_closed_case_says_so_and_takes_notes(office: CaseOffice, site: Site) -> None:
    report = await office.case(Level.URGENT)
    address = f"/cases/{report.case_code}"
    answers = dict.fromkeys(CLOSING_QUESTIONS, "low")
    await site.post(f"{address}/close", {**answers, "text": REASON}, "worker")
    page = (await site.get(address)).text
    assert "Mức tổn hại của trẻ" in page
    assert "Hạ mức" not in page
    late = await site.post(f"{address}/lower", {"level": "ROUTINE", "reason": REASON})
    assert late.status_code == 409
    noted = await site.post(f"{address}/notes", {"text": "Ghi thêm sau khi kết thúc."}, "worker")
    assert noted.status_code == 303


async def test_what_a_person_wrote_is_shown_as_text(office: CaseOffice, site: Site) -> None:
    report = await office.case(Level.URGENT)
    await site.post(f"/cases/{report.case_code}/notes", {"text": "<script>alert(1)</script>"})
    page = (await site.get(f"/cases/{report.case_code}")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


async def test_how_often_people_lower_the_level_of_a_rule_is_shown(office: CaseOffice, site: Site) -> None:
    reports = [await office.case(Level.URGENT) for _ in range(10)]
    await office.case(Level.IMMEDIATE)
    for report in reports[:6]:
        await office.lower(report, Level.ROUTINE)
    await office.lower(reports[6], Level.ROUTINE, WORKER)
    page = (await site.get("/rules/lowered")).text
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "R22 Dưới 16 có thai, như vợ chồng; bỏ nhà; sợ về nhà 10 6 60 %" in shown
    assert "R02 Nguy hiểm ngay hoặc trong vài giờ <5 0 –" in shown
    assert (await site.get("/rules/lowered", "worker")).status_code == 403


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        ({"narrative": "Cháu kể là bị đánh.", "reporter": {"shared": False}}, 200, "Cháu kể là bị đánh."),
        (SiblingRefusedError(), 403, "sau khi nhóm của bạn nhận vụ"),
        (SiblingAwayError(), 503, "gọi số trực để được đọc"),
    ],
)
async def test_the_report_itself_comes_from_intake_and_its_absence_is_said(
    office: CaseOffice, site: Site, monkeypatch: pytest.MonkeyPatch, answer: Any, status: int, says: str
) -> None:
    async def get(_self: Sibling, path: str, person_id: UUID) -> dict[str, Any]:
        assert (path, person_id) == (f"/internal/reports/{report.report_id}", WHO["worker"].id)
        if isinstance(answer, Exception):
            raise answer
        return {**EMPTY_REPORT, **answer, "reporter": {**EMPTY_REPORT["reporter"], **answer["reporter"]}}

    monkeypatch.setattr(Sibling, "get", get)
    report = await office.case(Level.URGENT)
    page = await site.get(f"/cases/{report.case_code}/details", "worker")
    assert page.status_code == status
    assert says in page.text
    assert (await site.get(f"/cases/{report.case_code}/details", "stranger")).status_code == 404


async def test_cases_of_the_same_child_are_named_to_those_who_may_see_them(office: CaseOffice, site: Site) -> None:
    first = await office.case(Level.URGENT)
    kept = await office.case(Level.URGENT, excluded_person_ids=[WHO["supervisor"].id])
    later = await office.case(Level.PRIORITY)
    linked = {"revision": 2, "linked_report_ids": (first.report_id, kept.report_id)}
    await office.world.assess(later.model_copy(update=linked))
    page = (await site.get(f"/cases/{later.case_code}")).text
    assert f'href="/cases/{first.case_code}"' in page
    assert kept.case_code not in page
    assert "Gộp với vụ khác" in page or "Có thông tin mới: mức lên Gấp" in page
