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


def test_resolved_place_is_not_copied_to_another() -> None:
    found = read(a_report(place={"incident": {"text": "Xã Gia Bình"}})).report.place
    assert (found.incident.unit_code, found.residence.unit_code, found.current.unit_code) == (9454, None, None)
    found = read(a_report(place={"incident": {"text": "không rõ"}, "residence": {"text": "Xã Gia Bình"}})).report.place
    assert (found.incident.unit_code, found.residence.unit_code, found.current.unit_code) == (None, 9454, None)


def test_place_of_the_incident_is_read_with_the_names_of_its_day() -> None:
    name = {"text": "Phường Hồng Hà"}
    places = {"incident": name, "residence": name}
    then = read(a_report(place=places, incident_date="2025-06-30")).report.place
    now = read(a_report(place=places, incident_date="2025-07-01")).report.place
    assert (then.incident.unit_code, then.residence.unit_code) == (None, 97)
    assert (now.incident.unit_code, now.residence.unit_code) == (97, 97)


@pytest.mark.parametrize("text", ["Yên Phong", "huyện Yên Phong", "Thị trấn Chờ"])
def test_text_that_may_mean_a_former_unit_does_not_contradict_a_code(text: str) -> None:
    assert read(at(text=text, unit_code=9202)).warnings == ()
