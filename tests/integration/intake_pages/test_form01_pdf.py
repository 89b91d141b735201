"""Mẫu số 01 as a file: the page's own lines, for those who may see the report, and each making of it is kept."""

from __future__ import annotations

import html
import re

from services.intake.models import reads
from tests.integration.intake_pages.console import WHO, Console
from tests.integration.intake_pages.test_form01 import FIELDS, REPORTER
from tests.support import pdf_text
from tests.unit.intake.documents import NAME, a_report


async def test_the_file_says_what_the_page_says(console: Console) -> None:
    reporter = {**REPORTER, "share_identity": "yes", "anonymous": False}
    created = await console.world.create(a_report(**FIELDS, reporter=reporter), "first", WHO["operator"])
    address = f"/console/reports/{created.report_id}/form01"
    page, file = await console.get(address), await console.get(f"{address}.pdf")
    text = "".join("".join(pdf_text.pages(file.content)).split())
    shown = re.findall(r"<d[td]>(.*?)</d[td]>", page.text, re.DOTALL)
    assert len(shown) > 40
    for entry in shown:
        words = html.unescape(re.sub(r"<[^>]+>|[☐☑]", "", entry))
        assert "".join(words.split()) in text
    assert "".join(NAME.split()) in text


async def test_the_file_is_not_kept_by_browsers_and_bears_the_code_alone(console: Console) -> None:
    created = await console.world.create(a_report(**FIELDS), "first", WHO["operator"])
    file = await console.get(f"/console/reports/{created.report_id}/form01.pdf")
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["content-disposition"] == f'attachment; filename="mau-so-01-{created.case_code}.pdf"'


async def test_only_those_who_may_see_the_report_get_the_file_and_each_is_kept(console: Console) -> None:
    created = await console.world.create(a_report(), "first", WHO["operator"])
    address = f"/console/reports/{created.report_id}/form01.pdf"
    answers = [(await console.get(address, who)).status_code for who in ("operator", "another operator", "supervisor")]
    assert answers == [200, 404, 200]
    async with console.world.database.reading() as connection:
        kept = [row.person_id for row in await connection.execute(reads.select().order_by(reads.c.id))]
    assert kept == [WHO["operator"].id, WHO["supervisor"].id]
