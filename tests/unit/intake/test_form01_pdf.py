"""Mẫu số 01 as a PDF: every field, over as many pages as it needs, and nothing personal but in the text itself."""

from __future__ import annotations

import logging
import re
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake import form01_pdf
from services.intake.rules.form01 import fill
from services.intake.rules.form01_sheet import Receipt, Sheet, lay_out
from services.intake.rules.report import Report
from shared.clock import VIETNAM
from tests.support import pdf_text
from tests.unit.intake.documents import ARRIVAL, NAME, a_personal_report, a_report

CODE = "K7Q281"
AGREED = {"name": "Lê Văn Báo", "phone": "0912345678", "share_identity": "yes", "anonymous": False}


def sheet_of(document: dict[str, Any]) -> Sheet:
    receipt = Receipt(CODE, ["Điện thoại", "Web"], "Web", ARRIVAL.astimezone(VIETNAM), "Phường Võ Cường")
    concerns, facts = ["Bạo lực thể chất"], ["Cháu có đau, bị thương ở đâu không?"]
    return lay_out(fill(Report.model_validate(document)), receipt, concerns=concerns, facts=facts)


def drawn(document: dict[str, Any]) -> bytes:
    return form01_pdf.draw(sheet_of(document), CODE, ARRIVAL)


def everything_on(sheet: Sheet) -> list[str]:
    lines = [*sheet.head, *(line for part in sheet.parts for line in part.lines)]
    words = [text for line in lines for text in (f"{line.label}:", line.said, *(box.label for box in line.boxes))]
    return [*words, *(part.heading for part in sheet.parts)]


def squeezed(text: str) -> str:
    """Return a text without spaces, which lines may break at."""
    return "".join(text.split())


def test_every_field_stands_in_the_file_in_the_order_of_the_form() -> None:
    document = {**a_personal_report(), "reporter": AGREED}
    sheet = sheet_of(document)
    text = squeezed(" ".join(pdf_text.pages(drawn(document))))
    for words in everything_on(sheet):
        assert squeezed(words) in text
    labels = [f"{line.label}:" for part in sheet.parts for line in part.lines]
    places = [text.index(squeezed(label)) for label in labels if labels.count(label) == 1]
    assert places == sorted(places)
    assert "14giờ24,ngày28/11/2026" in text


def test_a_long_narrative_goes_on_over_numbered_pages_and_nothing_of_it_is_lost() -> None:
    sentences = [f"Câu số {number} kể rằng cháu bị đánh." for number in range(500)]
    pages = pdf_text.pages(drawn(a_report(narrative="\n".join(sentences))))
    assert len(pages) > 8
    for number, page in enumerate(pages, 1):
        assert f"Mẫu số 01 · {CODE} · Trang {number}/{len(pages)}" in page
    text = squeezed(re.sub(r"Mẫu số 01 · \S+ · Trang \d+/\d+", "", " ".join(pages)))
    assert squeezed(" ".join(sentences)) in text


def test_what_the_file_says_of_itself_names_the_case_and_its_moment_only() -> None:
    document = {**a_personal_report(), "reporter": AGREED}
    file = drawn(document)
    assert b"/CreationDate (D:20261128072400Z" in file
    for field in (b"Author", b"Subject", b"Keywords"):
        assert b"/" + field not in file
    title = re.search(rb"/Title <feff([0-9a-f]+)>", file)
    assert title
    assert bytes.fromhex(title[1].decode()).decode("utf-16-be") == f"Mẫu số 01 {CODE}"
    assert drawn(document) == file
    assert form01_pdf.draw(sheet_of(document), CODE, ARRIVAL + timedelta(seconds=1)) != file


def test_signs_that_the_typeface_lacks_are_shown_as_missing_and_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        text = " ".join(pdf_text.pages(drawn(a_report(narrative="Cháu \U0001f622 中 khóc\x00\t\u200bto"))))
    assert "Cháu � � khóc to" in text
    assert "\U0001f622" not in caplog.text
    assert "中" not in caplog.text


def test_a_decomposed_name_is_drawn_composed() -> None:
    document = a_report(subject={"kind": "child", "name": unicodedata.normalize("NFD", NAME)})
    assert NAME in " ".join(pdf_text.pages(drawn(document)))


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_drawn(said: str) -> None:
    assert drawn(a_report(narrative=said)).startswith(b"%PDF-")
