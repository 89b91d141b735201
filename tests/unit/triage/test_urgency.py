"""The definitions that the table is written in, and how rules make a level."""

from __future__ import annotations

from typing import Any

import pytest

from services.triage.rules.table import TABLE
from shared.contracts.facts import YES_NO_FACTS
from shared.contracts.vocabulary import Concern, Level
from shared.web.sources import readable_source
from tests.unit.triage.reports import a_situation, assessed, child_at_home, fired

ASKING = {"information_request_only": "yes"}
SAFE = {"danger_now": "no", "life_threatening_condition": "no", "with_safe_adult": "yes"}
ADULT = {"subject_kind": "adult", "age_min": 30, "age_max": 30}


@pytest.mark.parametrize(
    ("age_min", "years", "expected"),
    [(5.99, 6, True), (6, 6, False), (None, 6, True), (None, 0.5, True), (0, 18, True), (18, 18, False)],
)
def test_possibly_under_reads_the_lower_bound(age_min: float | None, years: float, expected: bool) -> None:  # noqa: FBT001 - a table
    assert a_situation(age_min=age_min, age_max=30).possibly_under(years) is expected


def test_unknown_lower_bound_is_unknown_age_even_with_an_upper_one() -> None:
    assert a_situation(age_min=None, age_max=17).possibly_under(1)


def test_child_subject_ignores_the_other_children_at_home() -> None:
    situation = a_situation(age_min=10, children_in_home=[child_at_home(2, "yes")])
    assert not situation.possibly_under(6)
    assert not situation.disabled_child


def test_adult_subject_reads_only_the_children_at_home() -> None:
    own = a_situation(**{**ADULT, "age_min": None, "disabled": "yes"})
    assert not own.possibly_under(18)
    assert not own.disabled_child
    family = a_situation(**ADULT, children_in_home=[child_at_home(19), child_at_home(12, "yes")])
    assert family.possibly_under(18)
    assert not family.possibly_under(6)
    assert family.disabled_child


def test_unknown_kind_is_a_child() -> None:
    assert not a_situation(subject_kind="unknown").adult_subject


@pytest.mark.parametrize("concern", [c for c in Concern if c not in {"self_harm", "unintentional_injury", "other"}])
def test_law_breaking_and_harm_to_adults_are_no_maltreatment(concern: Concern) -> None:
    expected = concern not in {Concern.CHILD_LAW_BREAKING, Concern.DOMESTIC_VIOLENCE_ADULT, Concern.ELDER_ABUSE}
    assert a_situation(concerns=[concern]).maltreatment is expected


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"incident_unit_code": None, "age_min": None},
        {"subject_kind": "adult"},
        {"facts": {**ASKING, "with_safe_adult": "yes", "independently_mobile": "yes"}},
        {"facts": {**ASKING, "danger_now": "no", "suicide": "none", "when": "within_30_days"}},
    ],
)
def test_only_r31_fires_for_a_pure_information_request(said: dict[str, Any]) -> None:
    got = assessed(**{"facts": ASKING, **said})
    assert [rule.id for rule in got.fired] == ["R31"]
    assert got.level is Level.ROUTINE


@pytest.mark.parametrize(
    "said",
    [
        {"concerns": ["other"]},
        {"alleged_roles": ["unknown"]},
        {"earlier_reports_12_months": 1},
        {"facts": {**ASKING, "suicide": "thoughts"}},
        {"facts": {**ASKING, "suicide": "plan"}},
        {"facts": {**ASKING, "hours_since_sexual_contact": 500}},
        *(
            {"facts": {**ASKING, name: "yes"}}
            for name in YES_NO_FACTS
            if name not in {"information_request_only", "with_safe_adult", "independently_mobile"}
        ),
    ],
)
def test_a_request_that_tells_something_counts_as_a_report(said: dict[str, Any]) -> None:
    with_it = assessed(**{"facts": ASKING, **said})
    facts = {**said.get("facts", {}), "information_request_only": "no"}
    assert with_it == assessed(**{**said, "facts": facts})
    assert with_it.level > Level.ROUTINE


def test_impure_request_has_no_effect_on_what_is_clearly_safe() -> None:
    assert fired(facts={**ASKING, **SAFE, "injured": "yes"}) == {"R31"}


@pytest.mark.parametrize("name", ["injured", "injury_marks", "independently_mobile"])
def test_harmless_fact_leaves_a_safe_report_routine(name: str) -> None:
    assert fired(facts={**SAFE, name: "yes"}) == {"R31"}


@pytest.mark.parametrize(
    "said",
    [
        {"facts": {**SAFE, "danger_now": "no", "life_threatening_condition": "unknown"}},
        {"facts": {**SAFE, "with_safe_adult": "unknown"}},
        {"facts": {**SAFE, "implement_used": "yes"}},
        {"facts": {**SAFE, "ten4_bruise": "yes"}},
        {"facts": {**SAFE, "alone_now": "yes"}},
        {"facts": {**SAFE, "serious_injury": "yes"}},
        {"facts": {**SAFE, "alleged_has_access": "yes"}},
        {"facts": {**SAFE, "others_exposed": "yes"}},
        {"facts": {**SAFE, "hazard_still_open": "yes"}},
        {"facts": {**SAFE, "hours_since_sexual_contact": 121}},
    ],
)
def test_what_is_not_clearly_safe_has_priority(said: dict[str, Any]) -> None:
    got = assessed(**said)
    assert [rule.id for rule in got.fired] == ["R32"]
    assert got.level is Level.PRIORITY


def test_recorded_age_does_not_count_as_a_level() -> None:
    assert fired(age_min=None, facts=SAFE) == {"R26", "R32"}
    assert fired(age_basis="traditional", facts=SAFE) == {"R26", "R31"}


def test_safe_report_of_an_unknown_place_is_not_routine() -> None:
    assert fired(incident_unit_code=None, facts=SAFE) == {"R28"}


def test_level_is_the_gravest_that_fired_and_nothing_lowers_it() -> None:
    safe_now = {
        "when": "over_30_days_ago",
        "alleged_has_access": "no",
        "others_exposed": "no",
        "with_safe_adult": "yes",
    }
    got = assessed(concerns=["physical"], facts={**safe_now, "danger_now": "no", "afraid_to_go_home": "yes"})
    assert [rule.id for rule in got.fired] == ["R22", "R23", "R24"]
    assert got.level is Level.URGENT


def test_any_child_at_home_suffices_for_each_condition_of_an_adults_report() -> None:
    home = [child_at_home(19, "yes"), child_at_home(12)]
    assert "R16" in fired(**ADULT, concerns=["witnessing_domestic_violence"], children_in_home=home)


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.id)
def test_every_source_can_be_read_in_both_languages(rule: Any) -> None:
    for part in rule.source.split(","):
        mark = part.strip()
        readable = readable_source(mark, "vi"), readable_source(mark, "en")
        assert all(mark in {"m", "p"} or f"[{mark}]" in text for text in readable)


def test_sources_are_written_out() -> None:
    assert readable_source("S5, m", "vi") == "NĐ 56/2017 Điều 26 [S5]; kinh nghiệm chuyên môn, cần xác nhận"
    assert readable_source("p", "vi") == "đề xuất của dự án"
