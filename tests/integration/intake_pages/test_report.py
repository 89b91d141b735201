"""A stored report: its level and its alert, live, and only for those who may see it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from services.intake.handlers.answer_request import Created
from tests.integration.intake.world import alert, assessed
from tests.integration.intake_pages.console import WHO, Console
from tests.support.html import parse
from tests.unit.intake.documents import NAME, a_personal_report, a_report

ACKNOWLEDGED_AT = datetime(2026, 11, 28, 7, 31, tzinfo=UTC)


async def taken(console: Console, who: str = "operator", key: str = "first") -> Created:
    return await console.world.create(a_personal_report(), key, WHO[who])


async def text_of(console: Console, path: str, identity: str, who: str = "operator") -> str:
    return (await console.page(path, who)).one(identity).words


async def test_an_unassessed_report_says_so(console: Console) -> None:
    created = await taken(console)
    page = await console.page(f"/console/reports/{created.report_id}")
    assert "Đang xếp mức" in page.one("state").text
    assert [element.text for element in page.having("aria-current", "step")] == ["Đã tiếp nhận"]
    assert page.having("href", "/console")[-1].text == "Tiếp nhận thông tin mới"


async def test_an_assessed_report_shows_level_deadlines_rules_with_source_and_route(console: Console) -> None:
    created = await taken(console)
    await console.world.assess(assessed(created))
    shown = await text_of(console, f"/console/reports/{created.report_id}", "state")
    for part in (
        "Gấp",
        "Có người nhận vụ 1 giờ 15:24",
        "Biện pháp can thiệp khẩn cấp (luật định) 12 giờ 02:24 29/11",
        "R16 Nghi xâm hại Nguồn: kinh nghiệm chuyên môn, cần xác nhận",
        "R26 Chưa rõ tuổi Nguồn: đề xuất của dự án",
        "Nhóm xã hội",
        "Đang báo người trực",
    ):
        assert part in shown


async def test_the_page_speaks_english_to_those_who_read_it(console: Console) -> None:
    created = await taken(console)
    await console.world.assess(assessed(created))
    shown = await text_of(console, f"/console/reports/{created.report_id}?lang=en", "state")
    for part in ("Urgent", "Young or disabled", "professional experience", "Social work", "Emergency measures"):
        assert part in shown


async def test_the_alerts_state_follows_its_changes(console: Console) -> None:
    created = await taken(console)
    path = f"/console/reports/{created.report_id}/state"
    await console.world.assess(assessed(created))
    await console.world.change_alert(alert(created, 1))
    assert "Chờ người nhận vụ Đang ở bậc 1." in await text_of(console, path, "alert-state")
    await console.world.change_alert(alert(created, 2, step=2))
    assert "Đang ở bậc 2." in await text_of(console, path, "alert-state")
    by = {"acknowledged_by": uuid4(), "acknowledged_at": ACKNOWLEDGED_AT}
    await console.world.change_alert(alert(created, 3, step=2, state="acknowledged", **by))
    shown = await text_of(console, path, "alert-state")
    assert "Đã có người nhận vụ Nhận lúc 14:31 28/11, ở bậc 2." in shown
    await console.world.change_alert(alert(created, 4, step=2, state="closed", **by))
    assert "Đã kết thúc" in await text_of(console, path, "alert-state")


async def test_what_the_reporter_told_is_not_shown_again(console: Console) -> None:
    created = await taken(console)
    await console.world.assess(assessed(created))
    for path in ("/console", f"/console/reports/{created.report_id}", f"/console/reports/{created.report_id}/state"):
        assert NAME not in (await console.get(path)).text


@pytest.mark.parametrize("tail", ["", "/state", "/live"])
async def test_a_report_of_somebody_else_is_not_there(console: Console, tail: str) -> None:
    created = await taken(console)
    other = await console.get(f"/console/reports/{created.report_id}{tail}", "another operator")
    none = await console.get(f"/console/reports/{UUID(int=7)}{tail}", "another operator")
    assert other.status_code == none.status_code == 404
    assert created.case_code not in other.text


async def test_an_operator_sees_own_reports_beside_the_form_and_a_supervisor_all(console: Console) -> None:
    own, other = await taken(console), await taken(console, "another operator", "second")
    await console.world.receive(a_report(), "third")
    seen = {who: await text_of(console, "/console", "recent", who) for who in WHO}
    assert own.case_code in seen["operator"]
    assert other.case_code not in seen["operator"]
    assert other.case_code in seen["another operator"]
    assert len((await console.page("/console/recent", "supervisor")).having("class", "code")) == 3
    assert (await console.get(f"/console/reports/{other.report_id}", "supervisor")).status_code == 200


async def test_reports_beside_the_form_show_their_level_and_state(console: Console) -> None:
    created = await taken(console)
    await console.world.assess(assessed(created))
    await console.world.change_alert(alert(created, 1))
    page = parse((await console.get("/console/recent")).text)
    assert page.having("href", f"/console/reports/{created.report_id}")[0].text == created.case_code
    assert (
        page.having("class", "recent")[0].words == f"{created.case_code} Phường Võ Cường Gấp Đã báo người trực, 14:24"
    )


async def test_a_stream_tells_when_the_report_changes(console: Console) -> None:
    created = await taken(console)
    async with console.follow(f"/console/reports/{created.report_id}/live") as stream:
        status, content_type = await stream.start()
        assert (status, content_type.split(";")[0]) == (200, "text/event-stream")
        await stream.hear("beat")
        await console.live.start()
        await stream.hear("changed")  # the listener is connected
        await console.world.assess(assessed(created))
        await stream.hear("changed")


async def test_the_stream_of_the_form_tells_when_any_report_changes(console: Console) -> None:
    async with console.follow("/console/live") as stream:
        assert (await stream.start())[0] == 200
        await console.live.start()
        await stream.hear("changed")
        await console.world.assess(assessed(await taken(console)))
        await stream.hear("changed")
