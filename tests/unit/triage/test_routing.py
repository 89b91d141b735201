"""The matrix row by row, the place, and who must not be told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.triage.rules.matrix import CONCERN_ROWS
from services.triage.rules.routing import Surroundings, route
from services.triage.rules.urgency import assess
from shared.contracts.events import Route
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Level, Where
from tests.unit.triage.reports import WARD, a_situation, child_at_home

HERE = Surroundings()
ADULT: dict[str, Any] = {"subject_kind": "adult", "age_min": 70, "age_max": 70}
DANGER: dict[str, Any] = {"facts": {"danger_now": "yes"}}


def routed(level: Level | None = None, around: Surroundings = HERE, **said: Any) -> Route:
    situation = a_situation(**said)
    assessment = assess(situation)
    return route(situation, assessment.ids, level or assessment.level, around)


def ids(*codes: str) -> frozenset[UUID]:
    return frozenset(team_id(code) for code in codes)


def here(*functions: str) -> tuple[str, ...]:
    return tuple(function if function.startswith("province") else f"{function}-{WARD}" for function in functions)


@pytest.mark.parametrize("level", Level)
def test_sexual_and_institution_rows_apply_at_every_level(level: Level) -> None:
    assert routed(level=level, concerns=["sexual"]).lead == "province-police"
    assert routed(level=level, alleged_roles=["institution_staff"]).lead == "province-child-protection"


def test_first_matching_row_leads_and_the_leads_of_others_support() -> None:
    got = routed(concerns=["sexual", "physical", "self_harm", "labour_exploitation"])
    assert got.lead == "province-police"
    assert got.support == here("social", "province-hospital", "province-legal-aid", "health")


@pytest.mark.parametrize("children", [[], [child_at_home(7)]])
def test_adult_victim_is_one_reason_with_or_without_children(children: list[Any]) -> None:
    assert routed(**ADULT, children_in_home=children).text_vi.count("nạn nhân người lớn") == 1


def test_no_team_is_named_twice() -> None:
    got = routed(
        concerns=["physical", "neglect", "child_law_breaking", "sexual", "trafficking"],
        facts={"danger_now": "yes", "suicide": "plan"},
    )
    named = [got.lead, *got.support, *got.told_at_once]
    assert len(named) == len(set(named))


def test_province_is_told_at_once_of_danger_and_of_immediate_physical_harm() -> None:
    assert routed(**DANGER).told_at_once == ("province-duty",)
    assert routed(level=Level.IMMEDIATE, concerns=["physical"]).told_at_once == ("province-duty",)
    assert routed(level=Level.URGENT, concerns=["physical"]).told_at_once == ()
    assert routed(level=Level.IMMEDIATE, concerns=["neglect"]).told_at_once == ()


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("concern", ["sexual", "physical", "self_harm", "other"])
def test_unresolved_place_belongs_to_the_province_duty_at_every_level(level: Level, concern: str) -> None:
    got = routed(level=level, concerns=[concern], incident_unit_code=None)
    assert (got.lead, got.where, got.unit_code) == ("province-duty", Where.PROVINCE, None)
    assert all(team.startswith("province-") for team in got.support)
    assert "Chưa rõ xã, phường" in got.text_vi


def test_uncovered_commune_is_transferred_by_the_province_duty() -> None:
    got = routed(around=Surroundings(covered=False), concerns=["physical"], **DANGER)
    assert (got.lead, got.where, got.unit_code) == ("province-duty", Where.PROVINCE, WARD)
    assert got.told_at_once == ()
    assert "ngoài địa bàn" in got.text_vi
    assert "transfers the case by hand" in got.text_en


def test_institution_is_told_nothing_at_the_commune() -> None:
    got = routed(concerns=["physical", "self_harm"], alleged_roles=["institution_staff"])
    assert got.where is Where.PROVINCE
    assert all(team.startswith("province-") for team in (got.lead, *got.support))


def test_danger_at_an_institution_goes_to_commune_police_past_schools_and_clinics() -> None:
    got = routed(alleged_roles=["institution_staff"], concerns=["self_harm"], **DANGER)
    assert (got.lead, got.told_at_once) == (here("police")[0], ("province-duty",))
    assert "province-child-protection" in got.support
    assert not {f"health-{WARD}", f"education-{WARD}"} & set(got.support)
    assert "Không báo" in got.text_vi


@pytest.mark.parametrize("said", [DANGER, {"concerns": ["neglect"]}, {"concerns": ["sexual"]}, {}])
@pytest.mark.parametrize("level", [Level.ROUTINE, Level.IMMEDIATE])
def test_alleged_official_starts_at_the_province(level: Level, said: dict[str, Any]) -> None:
    got = routed(level=level, alleged_roles=["official"], **said)
    assert got.where is Where.PROVINCE
    assert all(team.startswith("province-") for team in (got.lead, *got.support, *got.told_at_once))


def test_excluded_lead_is_replaced_by_the_province() -> None:
    got = routed(around=Surroundings(excluded=ids(f"social-{WARD}")), concerns=["neglect"])
    assert (got.lead, got.where) == ("province-social", Where.PROVINCE)
    assert "xung đột lợi ích" in got.text_vi


def test_excluded_province_lead_falls_to_the_duty_desk_and_then_the_committee() -> None:
    first = ids("province-police")
    assert routed(around=Surroundings(excluded=first), concerns=["sexual"]).lead == "province-duty"
    both = first | ids("province-duty")
    assert routed(around=Surroundings(excluded=both), concerns=["sexual"]).lead == "province-committee"


def test_excluded_support_is_replaced_by_the_province_or_left_out() -> None:
    excluded = ids(f"health-{WARD}", f"justice-{WARD}", "province-justice", "province-duty")
    got = routed(around=Surroundings(excluded=excluded), concerns=["neglect"], **DANGER)
    assert got.support == (f"social-{WARD}", "province-health")
    assert got.told_at_once == ()
    assert "justice" not in " ".join(routed(around=Surroundings(excluded=excluded), concerns=["neglect"]).support)


def test_text_says_who_leads_who_supports_where_and_why() -> None:
    got = routed(concerns=["physical"], **DANGER)
    assert got.text_vi == (
        "Chủ trì: công an xã, phường. Phối hợp: người làm công tác bảo vệ trẻ em xã, phường; trạm y tế. "
        "Báo ngay: trực tỉnh. Nơi giải quyết: xã, phường. "
        "Thuộc nhóm: nguy hiểm ngay, vũ khí hoặc nguy kịch; bạo lực thể chất, thương tích ở trẻ nhỏ. "
        "Gọi cấp cứu 115. Người làm công tác bảo vệ trẻ em phụ trách vụ việc."
    )
    assert got.text_en == (
        "Lead: commune police. Support: the commune's child-protection worker; the health station. "
        "Told at once: the province duty desk. Where: the commune. "
        "Because of: danger now, weapon or threat to life; physical harm, infant injury. "
        "Call ambulance 115. Social work owns the case."
    )


@pytest.mark.parametrize("row", CONCERN_ROWS)
def test_every_seat_of_the_matrix_has_words_at_the_commune_and_the_province(row: Any) -> None:
    for seat in row.leads + row.support:
        assert all((*seat.words, *seat.at_province.words))


def test_commune_seat_has_no_team_without_a_commune() -> None:
    with pytest.raises(ValueError, match="commune is unknown"):
        CONCERN_ROWS[0].leads[0].team(None)
