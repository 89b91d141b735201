"""The domain's table of lead and support, one entry a row: who leads, who supports, where, who is told, at every level.

`commune` and `mild` are (lead, support, where, told at once) at the two grave levels and at the two others. Names
without `province-` are teams of the incident's commune.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from services.triage.rules.matrix import matching
from services.triage.rules.routing import Surroundings, route
from services.triage.rules.urgency import assess
from shared.contracts.events import Route
from shared.contracts.vocabulary import Level, Where
from tests.unit.triage.reports import WARD, a_situation, child_at_home

COMMUNE, PROVINCE = Where.COMMUNE, Where.PROVINCE
PRESENT: dict[str, Any] = {"facts": {"danger_now": "no", "life_threatening_condition": "no"}}
ADULT: dict[str, Any] = {"subject_kind": "adult", "age_min": 70, "age_max": 70}


@dataclass(frozen=True)
class Entry:
    """A row: what is said, and what its route is. `told` holds who is told at once, by level where it matters."""

    said: dict[str, Any]
    lead: str
    support: tuple[str, ...]
    where: Where = COMMUNE
    mild: tuple[str, ...] | None = None
    """Support at PRIORITY and ROUTINE, where social work leads; null for a row that leads at every level."""
    told: dict[Level, tuple[str, ...]] = field(default_factory=dict)


DUTY = ("province-duty",)
DANGER_ROUTE: dict[str, Any] = {
    "lead": "police",
    "support": ("social", "health"),
    "mild": ("health",),
    "told": {Level.IMMEDIATE: DUTY, Level.URGENT: DUTY},
}
PROVINCE_OFFICE: dict[str, Any] = {
    "lead": "province-child-protection",
    "support": ("province-police", "province-education", "province-justice"),
    "where": PROVINCE,
}
SEXUAL_ROUTE: dict[str, Any] = {
    "lead": "province-police",
    "support": ("social", "province-hospital", "province-legal-aid"),
    "where": PROVINCE,
}
LABOUR_ROUTE: dict[str, Any] = {
    "lead": "province-police",
    "support": ("province-labour", "province-social"),
    "where": PROVINCE,
    "mild": ("province-labour", "province-social"),
}
PHYSICAL_ROUTE: dict[str, Any] = {
    "lead": "social",
    "support": ("province-hospital", "police", "education"),
    "mild": ("province-hospital", "police", "education"),
    "told": {Level.IMMEDIATE: DUTY},
}
NEGLECT_ROUTE: dict[str, Any] = {
    "lead": "social",
    "support": ("health", "police", "justice"),
    "mild": ("health", "police", "justice"),
}
SUICIDE_ROUTE: dict[str, Any] = {
    "lead": "health",
    "support": ("social", "education", "province-hospital"),
    "mild": ("education", "province-hospital"),
}
ADULT_ROUTE: dict[str, Any] = {
    "lead": "police",
    "support": ("leaders", "unions", "health"),
    "mild": ("unions", "health"),
}
CHILDREN_TOO: dict[str, Any] = {
    "lead": "police",
    "support": ("leaders", "unions", "health", "social"),
    "mild": ("unions", "health"),
}

TABLE: dict[str, Entry] = {
    "danger now": Entry({"facts": {"danger_now": "yes"}}, **DANGER_ROUTE),
    "weapon": Entry({"facts": {"weapon_strangling_or_death_threat": "yes"}}, **DANGER_ROUTE),
    "life threat": Entry({"facts": {"life_threatening_condition": "yes"}}, **DANGER_ROUTE),
    "institution": Entry({"alleged_roles": ["institution_staff"]}, **PROVINCE_OFFICE),
    "official": Entry({"alleged_roles": ["official"]}, **PROVINCE_OFFICE),
    "sexual": Entry({"concerns": ["sexual"]}, **SEXUAL_ROUTE),
    "online sexual": Entry({"concerns": ["online_sexual"]}, **SEXUAL_ROUTE),
    "sexual contact": Entry({"facts": {"hours_since_sexual_contact": 5}}, **SEXUAL_ROUTE),
    "labour": Entry({"concerns": ["labour_exploitation"]}, **LABOUR_ROUTE),
    "trafficking": Entry({"concerns": ["trafficking"]}, **LABOUR_ROUTE),
    "work": Entry({"facts": {"hazardous_or_underage_work": "yes"}}, **LABOUR_ROUTE),
    "physical": Entry({"concerns": ["physical"]}, **PHYSICAL_ROUTE),
    "infant injury": Entry({"age_min": 0.2, "age_max": 0.2, "facts": {"injury_marks": "yes"}}, **PHYSICAL_ROUTE),
    "neglect": Entry({"concerns": ["neglect"]}, **NEGLECT_ROUTE),
    "abandoned": Entry({"concerns": ["abandonment"]}, **NEGLECT_ROUTE),
    "alone": Entry({"age_min": 3, "age_max": 3, "facts": {"alone_now": "yes"}}, **NEGLECT_ROUTE),
    "self-harm": Entry({"concerns": ["self_harm"]}, **SUICIDE_ROUTE),
    "suicide": Entry({"facts": {"suicide": "thoughts"}}, **SUICIDE_ROUTE),
    "unintentional injury": Entry(
        {"concerns": ["unintentional_injury"]}, "health", ("social", "unions"), mild=("unions",)
    ),
    "child law-breaking": Entry(
        {"concerns": ["child_law_breaking"]},
        "social",
        ("police", "justice", "education"),
        mild=("justice", "education"),
    ),
    "adult victim": Entry(ADULT, **ADULT_ROUTE),
    "adult victim with a child": Entry({**ADULT, "children_in_home": [child_at_home(7)]}, **CHILDREN_TOO),
    "adult's violence told of a child": Entry({"concerns": ["domestic_violence_adult"]}, **CHILDREN_TOO),
    "anything else": Entry({"concerns": ["bullying"]}, "social", ("health", "education"), mild=("health", "education")),
    "no concern": Entry({}, "social", ("health", "education"), mild=("health", "education")),
}


def routed(said: dict[str, Any], level: Level) -> Route:
    situation = a_situation(**said)
    return route(situation, assess(situation).ids, level, Surroundings())


def teams(*functions: str) -> tuple[str, ...]:
    return tuple(function if function.startswith("province") else f"{function}-{WARD}" for function in functions)


@pytest.mark.parametrize("level", [Level.URGENT, Level.IMMEDIATE])
@pytest.mark.parametrize("row", TABLE)
def test_grave_case_goes_to_the_row_of_its_concern(row: str, level: Level) -> None:
    entry = TABLE[row]
    got = routed(entry.said, level)
    assert got.lead == teams(entry.lead)[0]
    assert got.support == teams(*entry.support)
    assert (got.where, got.unit_code) == (entry.where, WARD)
    assert got.told_at_once == entry.told.get(level, ())
    assert not got.locate


@pytest.mark.parametrize("level", [Level.PRIORITY, Level.ROUTINE])
@pytest.mark.parametrize("row", TABLE)
def test_milder_case_stays_with_the_social_worker_except_sexual_and_institution_rows(row: str, level: Level) -> None:
    entry = TABLE[row]
    got = routed(entry.said, level)
    if entry.mild is None:
        assert (got.lead, got.support, got.where) == (teams(entry.lead)[0], teams(*entry.support), entry.where)
    else:
        assert (got.lead, got.support, got.where) == (teams("social")[0], teams(*entry.mild), COMMUNE)
    assert got.told_at_once == ()


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("row", TABLE)
def test_official_is_answered_by_the_province_whatever_else_is_said(row: str, level: Level) -> None:
    said = TABLE[row].said
    got = routed({**said, "alleged_roles": ["official"]}, level)
    assert got.where is PROVINCE
    assert all(team.startswith("province-") for team in (got.lead, *got.support, *got.told_at_once))


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("row", TABLE)
def test_unresolved_place_is_a_task_of_the_province_duty_for_every_row(row: str, level: Level) -> None:
    got = routed({**TABLE[row].said, "incident_unit_code": None}, level)
    assert (got.lead, got.where, got.unit_code, got.locate) == ("province-duty", PROVINCE, None, True)
    assert "tìm nơi xảy ra" in got.text_vi
    assert "locate" in got.text_en


ORDER = [
    (["sexual"], ["official"], "institution"),
    (["sexual", "labour_exploitation"], [], "sexual"),
    (["trafficking", "physical"], [], "labour"),
    (["physical", "neglect"], [], "physical"),
    (["neglect", "self_harm"], [], "neglect"),
    (["self_harm", "unintentional_injury"], [], "self-harm"),
    (["unintentional_injury", "child_law_breaking"], [], "unintentional injury"),
    (["child_law_breaking", "domestic_violence_adult"], [], "child law-breaking"),
]


@pytest.mark.parametrize(("concerns", "roles", "leader"), ORDER)
def test_of_several_rows_the_first_leads_and_the_leads_of_the_others_support(
    concerns: list[str], roles: list[str], leader: str
) -> None:
    said = {"concerns": concerns, "alleged_roles": roles}
    got = routed(said, Level.URGENT)
    assert got.lead == teams(TABLE[leader].lead)[0]
    situation = a_situation(**said)
    others = matching(situation, assess(situation).ids)[1:]
    assert others
    named = {got.lead, *got.support}
    for row in others:
        for seat in row.leads:
            wanted = seat.at_province if roles else seat
            assert wanted.team(WARD) in named


def test_a_milder_case_of_several_rows_adds_the_leads_of_the_others() -> None:
    got = routed({"concerns": ["physical", "self_harm"]}, Level.PRIORITY)
    assert (got.lead, got.support) == (
        teams("social")[0],
        teams("province-hospital", "police", "education", "health"),
    )
