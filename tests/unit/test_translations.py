"""Every text of a page has its English."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.intake import console_form
from shared.web import pages, words
from tests.support.translations import texts, translated

ROOT = Path(__file__).parents[2]
FRAME = ROOT / "shared" / "web"
INTAKE = ROOT / "services" / "intake"
NOTIFY = ROOT / "services" / "notify"
TRIAGE = ROOT / "services" / "triage"


@pytest.mark.parametrize("folder", [ROOT / "shared", INTAKE, NOTIFY, TRIAGE], ids=lambda f: f.name)
def test_every_text_has_english(folder: Path) -> None:
    found = texts([folder])
    assert found
    assert found - translated([FRAME, folder]) == set()


def test_the_names_in_the_frame_have_english() -> None:
    named = {*pages.WEEKDAYS, *(label for _, label, _ in pages.NAVIGATION)}
    assert named - translated([FRAME]) == set()


def test_labels_headings_and_hints_of_the_operators_form_have_english() -> None:
    headings = {title for title, _ in console_form.FACT_GROUPS}
    hints = {phrase.hint for phrase in words.FACTS.values() if phrase.hint}
    assert {*console_form.LABELS.values(), *headings, *hints} - translated([FRAME, INTAKE]) == set()


def test_a_text_without_english_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("""{{ _("Chưa dịch") }}{{ _('Một' if x else "Hai", n=1) }}{{ _(biến) }}""")
    (tmp_path / "page.py").write_text('raise Problem(409, "Lỗi", "In English already")\n_("Ba")')
    assert texts([tmp_path]) - translated([tmp_path]) == {"Chưa dịch", "Một", "Hai", "Lỗi", "Ba"}
