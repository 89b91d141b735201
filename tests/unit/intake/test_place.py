"""Codes count, texts alone are resolved, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.rules.plausibility import Warn
from tests.unit.intake.documents import a_report, read


def at(**incident: Any) -> dict[str, Any]:
    return a_report(place={"incident": incident})


def test_text_alone_is_resolved() -> None:
    assert read(at(text="phuong vo cuong")).report.place.incident.unit_code == 9190


def test_ambiguous_text_stays_unresolved_without_a_warning() -> None:
    found = read(at(text="xã Tân Sơn"))
    assert found.report.place.incident.unit_code is None
    assert found.warnings == ()


def test_code_settles_an_ambiguous_text() -> None:
    found = read(at(text="xã Tân Sơn", unit_code=7531))
    assert found.report.place.incident.unit_code == 7531
    assert found.warnings == ()


@pytest.mark.parametrize("text", ["Phường Nếnh", "xã Tân Sơn"])
def test_code_counts_against_another_text_with_a_warning(text: str) -> None:
    found = read(at(text=text, unit_code=9190))
    assert found.report.place.incident.unit_code == 9190
    assert found.report.place.incident.text == text
    assert found.warnings == (Warn.PLACE_CODE_AGAINST_TEXT,)


def test_text_that_names_no_commune_does_not_contradict_a_code() -> None:
    assert read(at(text="gần chợ cũ", unit_code=9190)).warnings == ()


def test_three_places_are_kept_apart() -> None:
    place = {
        "incident": {"unit_code": 9190},
        "residence": {"text": "Xã Gia Bình"},
        "current": {"text": "ở nhà bà ngoại"},
    }
    found = read(a_report(place=place)).report.place
    assert (found.incident.unit_code, found.residence.unit_code, found.current.unit_code) == (9190, 9454, None)
