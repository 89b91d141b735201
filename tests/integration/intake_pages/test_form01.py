"""Form Mẫu số 01, filled from a report, for those who may see it; every filling is kept."""

from __future__ import annotations

import html
import re

import pytest

from services.intake.models import reads
from tests.integration.intake_pages.console import WHO, Console
from tests.unit.intake.documents import a_report

FIELDS = {
    "narrative": "Cháu bị đánh, tay sưng.",
    "subject": {"kind": "child", "name": "Nguyễn Thị Ánh Đào", "sex": "female", "birth_date": "2019-06-15"},
    "family": {"father": {"name": "Nguyễn Văn Tư", "age": 41, "job": "thợ xây"}, "carer": "bà ngoại"},
    "concerns": ["physical"],
    "facts": {"injured": "yes", "danger_now": "no"},
    "place": {"incident": {"text": "Phường Võ Cường", "detail": "ngõ 5"}},
}
REPORTER = {"name": "Lê Văn Báo", "phone": "0912345678", "relation": "hàng xóm"}


async def printed(console: Console, who: str = "operator", **said: object) -> str:
    created = await console.world.create(a_report(**{**FIELDS, **said}), "first", WHO["operator"])
    answer = await console.get(f"/console/reports/{created.report_id}/form01", who)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


async def test_every_field_that_is_known_is_filled_in(console: Console) -> None:
    page = await printed(console)
    for said in (
        "Họ và tên Nguyễn Thị Ánh Đào",
        "Ngày sinh 15/06/2019",
        "Giới tính ☐ Nam ☑ Nữ ☐ Không biết",
        "Địa điểm xảy ra vụ việc ngõ 5, Phường Võ Cường",
        "Tình trạng hiện tại của trẻ em Cháu bị đánh, tay sưng.",
        "Bạo lực thể chất",
        "Cháu có đau, bị thương ở đâu không?",
        "Tuổi, nghề nghiệp của cha 41, thợ xây",
        "Hiện tại ai là người chăm sóc trẻ em bà ngoại",
        "Nhận thông tin qua ☑ Điện thoại ☐ Web",
    ):
        assert said in page
    assert "nguy hiểm" not in page


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"share_identity": "yes", "anonymous": False}, True),
        ({"share_identity": "unknown"}, False),
        ({"share_identity": "yes", "anonymous": True}, False),
    ],
)
async def test_who_told_is_printed_only_where_they_agreed(
    console: Console, said: dict[str, object], *, shown: bool
) -> None:
    page = await printed(console, reporter={**REPORTER, **said})
    assert ("Lê Văn Báo" in page) is shown
    assert ("912345678" in page) is shown
    assert ("không đồng ý cung cấp, hoặc ẩn danh" in page) is not shown


async def test_what_is_unknown_is_a_line_to_fill_in_by_hand(console: Console) -> None:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    page = (await console.get(f"/console/reports/{created.report_id}/form01")).text
    assert page.count('class="blank"') > 20
    assert "None" not in page


async def test_only_those_who_may_see_the_report_print_it_and_each_printing_is_kept(console: Console) -> None:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    address = f"/console/reports/{created.report_id}/form01"
    answers = [(await console.get(address, who)).status_code for who in ("operator", "another operator", "supervisor")]
    assert answers == [200, 404, 200]
    async with console.world.database.reading() as connection:
        kept = [row.person_id for row in await connection.execute(reads.select().order_by(reads.c.id))]
    assert kept == [WHO["operator"].id, WHO["supervisor"].id]
