"""Every rule firing and not firing, in the order of the table."""

from __future__ import annotations

from typing import Any

import pytest

from services.triage.rules.table import TABLE
from tests.unit.triage.reports import assessed, child_at_home, fired

Said = dict[str, Any]

YOUNG = {"age_min": 5.9, "age_max": 6}
SIX = {"age_min": 6, "age_max": 6}
AGELESS = {"age_min": None, "age_max": None, "age_basis": "unknown"}
GROWN = {"age_min": 18, "age_max": 20}
SEVENTEEN = {"age_min": 17.5, "age_max": 18}
ADULT = {"subject_kind": "adult", "age_min": 40, "age_max": 40}


def told(**facts: object) -> Said:
    return {"facts": facts}


FIRING: list[tuple[str, str, Said]] = [
    ("R01", "IMMEDIATE", told(life_threatening_condition="yes")),
    ("R01", "IMMEDIATE", {**ADULT, **told(life_threatening_condition="yes")}),
    ("R02", "IMMEDIATE", told(danger_now="yes")),
    ("R03", "IMMEDIATE", told(weapon_strangling_or_death_threat="yes")),
    ("R04", "IMMEDIATE", {**YOUNG, **told(alone_now="yes")}),
    ("R04", "IMMEDIATE", {**AGELESS, **told(alone_now="yes")}),
    ("R04", "IMMEDIATE", {"disabled": "yes", **told(alone_now="yes")}),
    ("R04", "IMMEDIATE", {**GROWN, **told(locked_in_or_dangerous_place_now="yes")}),
    ("R04", "IMMEDIATE", {**ADULT, **told(locked_in_or_dangerous_place_now="yes")}),
    ("R04", "IMMEDIATE", {**ADULT, "children_in_home": [child_at_home(5)], **told(alone_now="yes")}),
    ("R04", "IMMEDIATE", {**ADULT, "children_in_home": [child_at_home(9, "yes")], **told(alone_now="yes")}),
    ("R04", "IMMEDIATE", {**SEVENTEEN, "disabled": "yes", **told(alone_now="yes")}),
    ("R05", "IMMEDIATE", told(abandoned="yes")),
    ("R06", "IMMEDIATE", told(suicide="plan")),
    ("R06", "IMMEDIATE", {**ADULT, **told(suicide="plan")}),
    ("R07", "IMMEDIATE", told(hours_since_sexual_contact=0)),
    ("R07", "IMMEDIATE", told(hours_since_sexual_contact=120)),
    ("R07", "IMMEDIATE", {**ADULT, **told(hours_since_sexual_contact=3)}),
    ("R08", "IMMEDIATE", told(injury_marks="yes", independently_mobile="no")),
    ("R08", "IMMEDIATE", {"age_min": 0.9, "age_max": 1.5, **told(injury_marks="yes")}),
    ("R08", "IMMEDIATE", {"age_min": 0.3, "age_max": 0.4, **told(injury_marks="yes", independently_mobile="yes")}),
    ("R08", "IMMEDIATE", {"age_min": None, "age_max": 0.4, **told(injury_marks="yes", independently_mobile="yes")}),
    ("R09", "IMMEDIATE", told(trafficking_or_abduction_under_way="yes")),
    ("R10", "IMMEDIATE", {"concerns": ["sexual"], **told(alleged_has_child_now="yes")}),
    ("R10", "IMMEDIATE", {**ADULT, "concerns": ["sexual"], **told(alleged_has_child_now="yes", when="within_30_days")}),
    ("R10", "IMMEDIATE", told(alleged_has_child_now="yes", serious_injury="yes", when="over_30_days_ago")),
    ("R10", "IMMEDIATE", told(alleged_has_child_now="yes", threat_to_flee_silence_or_retaliate="yes")),
    ("R11", "URGENT", {"concerns": ["sexual"], **told(others_exposed="no", when="within_30_days")}),
    ("R11", "URGENT", {"concerns": ["online_sexual"], **told(alleged_has_access="no", when="within_30_days")}),
    ("R11", "URGENT", {"concerns": ["sexual"], **told(alleged_has_access="no", others_exposed="no")}),
    ("R11", "URGENT", {**ADULT, "concerns": ["sexual"], "children_in_home": [child_at_home(None)]}),
    ("R11", "URGENT", {**SEVENTEEN, "concerns": ["sexual"]}),
    ("R12", "URGENT", {"age_min": 3.9, "age_max": 4.5, **told(ten4_bruise="yes")}),
    ("R12", "URGENT", {**AGELESS, **told(ten4_bruise="yes")}),
    ("R12", "URGENT", {**ADULT, "children_in_home": [child_at_home(8), child_at_home(2)], **told(ten4_bruise="yes")}),
    ("R13", "URGENT", {"concerns": ["physical"], **told(injured="yes")}),
    ("R13", "URGENT", {"concerns": ["physical"], **told(implement_used="yes", alleged_has_access="yes")}),
    ("R13", "URGENT", {**SEVENTEEN, "concerns": ["physical"], **told(implement_used="yes")}),
    ("R14", "URGENT", told(injury_story_inconsistent="yes")),
    ("R15", "URGENT", told(suicide="thoughts")),
    ("R16", "URGENT", {**YOUNG, "concerns": ["bullying"]}),
    ("R16", "URGENT", {"disabled": "yes", "concerns": ["neglect"], **told(alleged_has_access="yes")}),
    ("R16", "URGENT", {**ADULT, "children_in_home": [child_at_home(3)], "concerns": ["witnessing_domestic_violence"]}),
    ("R17", "URGENT", {"alleged_roles": ["institution_staff", "stranger"]}),
    ("R18", "PRIORITY", {"earlier_reports_12_months": 1}),
    ("R18", "URGENT", {"earlier_reports_12_months": 2}),
    ("R18", "URGENT", {"earlier_reports_12_months": 7}),
    ("R19", "IMMEDIATE", told(meeting_within_24_hours="yes")),
    ("R19", "IMMEDIATE", told(meeting_within_24_hours="yes", online_sexual_material="yes")),
    ("R19", "URGENT", told(online_sexual_material="yes")),
    ("R20", "URGENT", told(hazardous_or_underage_work="yes")),
    ("R21", "URGENT", told(unmet_basic_needs="yes")),
    ("R22", "URGENT", told(pregnancy_or_union_under_16="yes")),
    ("R22", "URGENT", told(runaway="yes")),
    ("R22", "URGENT", told(afraid_to_go_home="yes")),
    ("R23", "PRIORITY", {"concerns": ["emotional"]}),
    ("R23", "PRIORITY", {**SEVENTEEN, "concerns": ["physical"]}),
    ("R23", "PRIORITY", {**SEVENTEEN, "concerns": ["child_law_breaking"]}),
    ("R23", "PRIORITY", {**AGELESS, "concerns": ["abandonment"]}),
    ("R23", "PRIORITY", {"concerns": ["child_law_breaking"]}),
    ("R23", "PRIORITY", {**ADULT, "concerns": ["child_law_breaking"], "children_in_home": [child_at_home(15)]}),
    (
        "R24",
        "PRIORITY",
        {
            "concerns": ["physical"],
            **told(when="over_30_days_ago", alleged_has_access="no", others_exposed="no", with_safe_adult="yes"),
        },
    ),
    ("R25", "PRIORITY", {**YOUNG, "concerns": ["unintentional_injury"]}),
    ("R25", "PRIORITY", {**AGELESS, "concerns": ["unintentional_injury"]}),
    ("R25", "PRIORITY", {"concerns": ["unintentional_injury"], **told(hazard_still_open="yes")}),
    ("R25", "PRIORITY", {**ADULT, "concerns": ["unintentional_injury"], "children_in_home": [child_at_home(1)]}),
    ("R27", "PRIORITY", told(with_safe_adult="yes")),
    ("R27", "URGENT", told(with_safe_adult="no")),
    ("R27", "URGENT", told()),
    ("R27", "URGENT", ADULT),
    ("R28", "PRIORITY", {"incident_unit_code": None}),
    ("R28", "PRIORITY", {**ADULT, "incident_unit_code": None}),
    ("R29", "PRIORITY", told(unreadable="yes")),
    ("R30", "PRIORITY", ADULT),
    ("R31", "ROUTINE", told(information_request_only="yes")),
    ("R31", "ROUTINE", told(danger_now="no", life_threatening_condition="no", with_safe_adult="yes")),
    ("R32", "PRIORITY", told(danger_now="no")),
]

SILENT: list[tuple[str, Said]] = [
    ("R01", told(life_threatening_condition="no")),
    ("R01", told()),
    ("R02", told(danger_now="no")),
    ("R02", told()),
    ("R03", told(weapon_strangling_or_death_threat="no")),
    ("R04", {**SIX, **told(alone_now="yes")}),
    ("R04", {**YOUNG, **told(alone_now="unknown")}),
    ("R04", {**ADULT, "disabled": "yes", **told(alone_now="yes")}),
    ("R04", {**ADULT, **AGELESS, **told(alone_now="yes")}),
    ("R04", {**ADULT, "children_in_home": [child_at_home(9)], **told(alone_now="yes")}),
    ("R04", {**GROWN, "disabled": "yes", **told(alone_now="yes")}),
    ("R05", told(abandoned="no")),
    ("R06", told(suicide="thoughts")),
    ("R06", told(suicide="none")),
    ("R07", told(hours_since_sexual_contact=120.5)),
    ("R07", told(hours_since_sexual_contact=None)),
    ("R08", {"age_min": None, "age_max": None, **told(injury_marks="yes")}),
    ("R08", {"age_min": 1, "age_max": 1, **told(injury_marks="yes")}),
    ("R08", {"age_min": 0.5, "age_max": 0.6, **told(injury_marks="yes", independently_mobile="yes")}),
    ("R08", {"age_min": 0.3, "age_max": 5 / 12, **told(injury_marks="yes", independently_mobile="yes")}),
    ("R08", {"age_min": 0.2, "age_max": 0.2, **told(independently_mobile="no")}),
    ("R08", {"age_min": 0.2, "age_max": 0.2, **told(injury_marks="no", independently_mobile="no")}),
    ("R08", {**ADULT, "children_in_home": [child_at_home(0.1)], **told(injury_marks="yes", independently_mobile="no")}),
    ("R09", told(trafficking_or_abduction_under_way="unknown")),
    ("R10", {"concerns": ["sexual"], **told(alleged_has_child_now="yes", when="over_30_days_ago")}),
    ("R10", {"concerns": ["online_sexual"], **told(alleged_has_child_now="yes")}),
    ("R10", {"concerns": ["sexual"], **told(serious_injury="yes", threat_to_flee_silence_or_retaliate="yes")}),
    ("R10", told(alleged_has_child_now="yes")),
    ("R11", {"concerns": ["sexual"], **told(alleged_has_access="no", others_exposed="no", when="within_30_days")}),
    ("R11", {"concerns": ["sexual"], **told(alleged_has_access="no", others_exposed="no", when="over_30_days_ago")}),
    ("R11", {**GROWN, "concerns": ["sexual"]}),
    ("R11", {**ADULT, **AGELESS, "concerns": ["sexual"]}),
    ("R11", {"concerns": ["physical"]}),
    ("R12", {"age_min": 4, "age_max": 4, **told(ten4_bruise="yes")}),
    ("R12", {"age_min": 2, "age_max": 2, **told(ten4_bruise="no")}),
    ("R12", {**ADULT, "age_min": None, **told(ten4_bruise="yes")}),
    ("R13", {"concerns": ["physical"], **told(injured="yes", alleged_has_access="no")}),
    ("R13", {"concerns": ["physical"]}),
    ("R13", {"concerns": ["neglect"], **told(injured="yes")}),
    ("R13", {**GROWN, "concerns": ["physical"], **told(injured="yes")}),
    ("R14", told(injury_story_inconsistent="no")),
    ("R15", told(suicide="plan")),
    ("R15", told(suicide="none")),
    ("R16", {**SIX, "concerns": ["physical"]}),
    ("R16", {**YOUNG, "concerns": ["physical"], **told(alleged_has_access="no")}),
    ("R16", {**YOUNG, "concerns": ["child_law_breaking", "unintentional_injury", "self_harm", "other"]}),
    ("R16", {**ADULT, "disabled": "yes", "concerns": ["physical"], "children_in_home": [child_at_home(9)]}),
    ("R17", {"alleged_roles": ["official", "caregiver"]}),
    ("R18", {"earlier_reports_12_months": 0}),
    ("R19", told(meeting_within_24_hours="no", online_sexual_material="no")),
    ("R20", told(hazardous_or_underage_work="no")),
    ("R21", told(unmet_basic_needs="unknown")),
    ("R22", told(pregnancy_or_union_under_16="no", runaway="no", afraid_to_go_home="no")),
    ("R23", {"concerns": ["self_harm", "unintentional_injury", "domestic_violence_adult", "elder_abuse", "other"]}),
    ("R23", {**GROWN, "concerns": ["physical", "child_law_breaking"]}),
    ("R23", {**ADULT, "concerns": ["physical", "child_law_breaking"]}),
    ("R24", {"concerns": ["physical"], **told(when="over_30_days_ago", alleged_has_access="no", others_exposed="no")}),
    (
        "R24",
        {
            "concerns": ["physical"],
            **told(when="over_30_days_ago", alleged_has_access="no", with_safe_adult="yes"),
        },
    ),
    ("R24", told(when="over_30_days_ago", alleged_has_access="no", others_exposed="no", with_safe_adult="yes")),
    ("R25", {**SIX, "concerns": ["unintentional_injury"]}),
    ("R25", {**YOUNG, "concerns": ["physical"], **told(hazard_still_open="yes")}),
    ("R26", {"age_basis": "estimated"}),
    ("R26", {**ADULT, **AGELESS}),
    ("R26", {**ADULT, "age_basis": "traditional"}),
    ("R27", told(danger_now="no")),
    ("R27", told(danger_now="yes")),
    ("R28", {}),
    ("R29", told(unreadable="no")),
    ("R30", {"subject_kind": "unknown"}),
    ("R30", {"subject_kind": "child", **GROWN}),
    ("R31", told(danger_now="no", with_safe_adult="yes")),
    ("R32", told(danger_now="no", life_threatening_condition="no", with_safe_adult="yes")),
    ("R32", told()),
]


@pytest.mark.parametrize(("rule", "level", "said"), FIRING)
def test_rule_fires_with_its_level(rule: str, level: str, said: Said) -> None:
    levels = {one.id: one.level.name for one in assessed(**said).fired if one.level is not None}
    assert levels.get(rule) == level


@pytest.mark.parametrize(("rule", "said"), SILENT)
def test_rule_stays_silent(rule: str, said: Said) -> None:
    assert rule not in fired(**said)


@pytest.mark.parametrize("said", [AGELESS, {"age_min": None, "age_max": 9}, {"age_basis": "traditional"}])
def test_unclear_age_is_recorded_and_sets_no_level(said: Said) -> None:
    by_id = {rule.id: rule.level for rule in assessed(**said).fired}
    assert "R26" in by_id
    assert by_id["R26"] is None


def test_every_rule_is_tried_both_ways() -> None:
    levelled = {rule.id for rule in TABLE} - {"R26"}
    assert {rule for rule, _, _ in FIRING} == levelled
    assert {rule for rule, _ in SILENT} == levelled | {"R26"}


def test_the_table_is_complete_and_in_order() -> None:
    assert [rule.id for rule in TABLE] == [f"R{number:02}" for number in range(1, 33)]
