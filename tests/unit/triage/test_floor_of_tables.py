"""Whatever table validation accepts keeps the floor, and can be written and read back."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.triage.rules import table_file
from services.triage.rules.rule_table import RuleTable
from services.triage.rules.seats import SEATS
from services.triage.rules.situation import Situation
from services.triage.rules.table import TABLE
from services.triage.rules.table_document import digest, document, read, restored
from services.triage.rules.thresholds import LIMITS
from services.triage.rules.urgency import assess
from services.triage.rules.wrong import TableRefusedError
from shared.contracts.facts import Facts
from shared.contracts.vocabulary import Answer, Concern, Level, When
from tests.unit.triage.tables import a_document
from tests.unit.triage.test_floor import less_reassuring, situations

levels = st.sampled_from([level.name for level in Level])


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """A few changes of levels, switches, thresholds, clocks or routes, sensible or not."""
    said: dict[str, Any] = {}
    for rule in draw(st.lists(st.sampled_from(TABLE), max_size=3)):
        said[f"rules__{rule.id}__level"] = draw(levels)
        if rule.graver:
            said[f"rules__{rule.id}__graver_level"] = draw(levels)
    for rule in draw(st.lists(st.sampled_from(TABLE), max_size=2)):
        said[f"rules__{rule.id}__enabled"] = False
    for name in draw(st.lists(st.sampled_from(sorted(LIMITS)), max_size=2)):
        limit = LIMITS[name]
        low, high = limit.low * 0.9, limit.high * 1.1
        said[f"thresholds__{name}"] = draw(
            st.integers(int(low), int(high))
            if limit.whole
            else st.sampled_from([low, limit.low, (low + high) / 2, limit.high, high, 7.0])
        )
    if draw(st.booleans()):
        said["clocks__PRIORITY__acknowledge"] = draw(st.sampled_from(["10 min", "61 min", "5 h", "2 wd"]))
    if draw(st.booleans()):
        said["matrix__accident__support"] = draw(st.lists(st.sampled_from(sorted(SEATS)), max_size=3, unique=True))
    return said


@st.composite
def accepted(draw: st.DrawFn) -> RuleTable:
    try:
        return read(a_document(**draw(changes())))
    except TableRefusedError:
        assume(False)
        raise


def battery() -> list[tuple[Situation, list[tuple[str, Situation]]]]:
    """Reports at the edges of the rules, each with its less reassuring variants."""
    concerns: list[frozenset[Concern]] = [
        frozenset(),
        *(
            frozenset({one})
            for one in (Concern.EMOTIONAL, Concern.SEXUAL, Concern.PHYSICAL, Concern.UNINTENTIONAL_INJURY)
        ),
        frozenset({Concern.CHILD_LAW_BREAKING}),
    ]
    no, unknown, yes = Answer.NO, Answer.UNKNOWN, Answer.YES
    found = []
    for concern, danger, life, safe, access, others, age, marks in product(
        concerns, (no, unknown), (no, unknown), (yes, unknown), (no, unknown), (no, unknown), (6.0, 20.0), (False, True)
    ):
        facts = Facts(
            danger_now=danger,
            life_threatening_condition=life,
            with_safe_adult=safe,
            alleged_has_access=access,
            others_exposed=others,
            when=When.OVER_30_DAYS_AGO,
            injury_marks=yes if marks else unknown,
        )
        situation = Situation(facts=facts, age_min=age, age_max=age, concerns=concern, incident_unit_code=9190)
        found.append((situation, less_reassuring(situation)))
    return found


BATTERY = battery()


def broken_by(table: RuleTable) -> list[str]:
    """What turned into unknown lowers the level of a report of the battery."""
    found = []
    for situation, variants in BATTERY:
        before = assess(situation, table).level
        found += [what for what, unsure in variants if assess(unsure, table).level < before]
    return found


thorough = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@settings(thorough, max_examples=100)
@given(accepted())
def test_no_accepted_table_lowers_the_level_of_an_edge_case_for_an_unknown_answer(table: RuleTable) -> None:
    assert broken_by(table) == []


@pytest.mark.parametrize(
    "breaking",
    [
        {"rules__R25__level": "ROUTINE"},
        {"rules__R23__level": "ROUTINE", "rules__R24__enabled": False},
        {"rules__R24__level": "URGENT"},
        {"rules__R23__enabled": False},
        {"rules__R31__level": "URGENT"},
        {"rules__R32__level": "URGENT"},
        {"rules__R27__level": "IMMEDIATE"},
        {"thresholds__baby_age": 7},
    ],
    ids=str,
)
def test_what_validation_refuses_for_the_floor_does_break_it(breaking: dict[str, Any]) -> None:
    assert broken_by(restored(a_document(**breaking)))
    with pytest.raises(TableRefusedError):
        read(a_document(**breaking))


@settings(thorough, max_examples=200)
@given(accepted(), situations())
def test_unknown_in_place_of_a_reassuring_answer_never_lowers_the_level(table: RuleTable, situation: Situation) -> None:
    before = assess(situation, table).level
    for what, unsure in less_reassuring(situation):
        assert assess(unsure, table).level >= before, what


@settings(thorough, max_examples=100)
@given(accepted())
def test_export_then_import_is_the_same_table(table: RuleTable) -> None:
    assert table_file.parse(table_file.write(table)) == table
    assert read(document(table)) == table
    assert digest(table_file.parse(table_file.write(table))) == digest(table)


words = st.text(min_size=1, max_size=60)


@settings(max_examples=100, deadline=None)
@given(words)
def test_any_words_that_are_accepted_survive_the_file(text: str) -> None:
    try:
        table = read(a_document(rules__R14__words_vi=text))
    except TableRefusedError:
        assume(False)
        raise
    assert table_file.parse(table_file.write(table)) == table
