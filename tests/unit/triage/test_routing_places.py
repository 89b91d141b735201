"""Three places of a report: where it happened leads, where the child is now is told, where it lives leads the plan."""

from __future__ import annotations

from typing import Any

import pytest

from services.triage.rules.routing import Surroundings, route
from services.triage.rules.urgency import assess
from shared.contracts.events import Route
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Level, Where
from tests.unit.triage.reports import WARD, a_situation

ELSEWHERE, HOME = 9193, 9187
NAMES = {ELSEWHERE: "Phường Vũ Ninh", HOME: "Phường Kinh Bắc"}
AROUND = Surroundings(unit_names=NAMES)


def routed(level: Level = Level.URGENT, around: Surroundings = AROUND, **said: Any) -> Route:
    situation = a_situation(**said)
    return route(situation, assess(situation).ids, level, around)


@pytest.mark.parametrize("level", Level)
def test_the_social_work_team_nearest_to_the_child_is_told_at_once_and_the_incident_leads(level: Level) -> None:
    got = routed(level, concerns=["neglect"], current_unit_code=ELSEWHERE)
    assert (got.lead, got.unit_code, got.where) == (f"social-{WARD}", WARD, Where.COMMUNE)
    assert got.told_at_once[0] == f"social-{ELSEWHERE}"
    assert "Trẻ đang ở nơi khác nơi xảy ra (Phường Vũ Ninh)" in got.text_vi
    assert "The child is now elsewhere than the incident (Phường Vũ Ninh)" in got.text_en


@pytest.mark.parametrize("current", [WARD, None])
def test_nobody_more_is_told_where_the_child_is_at_the_place_of_the_incident_or_nobody_knows(
    current: int | None,
) -> None:
    got = routed(concerns=["neglect"], current_unit_code=current)
    assert got.told_at_once == ()
    assert "Trẻ đang ở" not in got.text_vi


def test_the_province_is_told_of_danger_beside_the_team_nearest_to_the_child() -> None:
    got = routed(Level.IMMEDIATE, facts={"danger_now": "yes"}, current_unit_code=ELSEWHERE)
    assert got.told_at_once == (f"social-{ELSEWHERE}", "province-duty")


def test_the_team_nearest_to_the_child_is_told_even_where_the_incident_happened_nowhere_known() -> None:
    got = routed(concerns=["neglect"], incident_unit_code=None, current_unit_code=ELSEWHERE)
    assert (got.lead, got.told_at_once) == ("province-duty", (f"social-{ELSEWHERE}",))


@pytest.mark.parametrize("role", ["official", "institution_staff"])
def test_no_commune_hears_of_an_alleged_official_or_institution(role: str) -> None:
    got = routed(concerns=["neglect"], alleged_roles=[role], current_unit_code=ELSEWHERE)
    assert not any(str(ELSEWHERE) in team for team in (got.lead, *got.support, *got.told_at_once))


def test_an_excluded_team_near_the_child_is_replaced_by_the_province() -> None:
    around = Surroundings(excluded=frozenset({team_id(f"social-{ELSEWHERE}")}), unit_names=NAMES)
    got = routed(around=around, concerns=["neglect"], current_unit_code=ELSEWHERE)
    assert got.told_at_once == ("province-social",)


def test_the_commune_of_residence_leads_the_plan_and_the_words_say_so() -> None:
    got = routed(concerns=["neglect"], residence_unit_code=HOME)
    assert (got.lead, got.told_at_once) == (f"social-{WARD}", ())
    assert "(Phường Kinh Bắc): nơi cư trú chủ trì kế hoạch" in got.text_vi
    assert "the commune of residence leads the plan" in got.text_en


@pytest.mark.parametrize("residence", [WARD, None])
def test_residence_at_the_place_of_the_incident_needs_no_words(residence: int | None) -> None:
    assert "cư trú" not in routed(concerns=["neglect"], residence_unit_code=residence).text_vi


def test_a_commune_without_a_name_leaves_the_sentence_general() -> None:
    got = routed(around=Surroundings(), concerns=["neglect"], residence_unit_code=HOME)
    assert "nơi xảy ra: nơi cư trú" in got.text_vi
