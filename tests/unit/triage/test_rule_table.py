"""A rule table as a value, a document and a file; and what validation refuses, by the name of the field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.triage.rules import table_file
from services.triage.rules.case import decide
from services.triage.rules.clocks import deadlines
from services.triage.rules.differences import Difference, differences
from services.triage.rules.routing import Surroundings, route
from services.triage.rules.rule_table import BUILT_IN
from services.triage.rules.table_checks import checked
from services.triage.rules.table_document import digest, document, read, restored
from services.triage.rules.terms import DAY, HOUR, Term
from services.triage.rules.urgency import assess
from services.triage.rules.wrong import TableRefusedError
from shared.contracts.vocabulary import Level
from tests.unit.triage.reports import RECEIVED, a_report, a_situation
from tests.unit.triage.tables import a_document, a_table


def refused(document: dict[str, Any]) -> set[str]:
    with pytest.raises(TableRefusedError) as found:
        read(document)
    assert all(wrong.vi and wrong.en for wrong in found.value.wrong)
    return {wrong.field for wrong in found.value.wrong}


def test_the_built_in_table_is_accepted_and_survives_document_and_file() -> None:
    assert checked(BUILT_IN) == ()
    assert read(document(BUILT_IN)) == BUILT_IN
    assert table_file.parse(table_file.write(BUILT_IN)) == BUILT_IN


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        # The floor.
        *(({f"rules__{rule}__enabled": False}, {f"rules.{rule}.enabled"}) for rule in ("R01", "R02", "R23", "R27", "R28", "R29", "R30", "R31", "R32")),
        *(({f"rules__{rule}__level": "ROUTINE"}, {f"rules.{rule}.level"}) for rule in ("R16", "R25", "R13")),
        *(({f"rules__{rule}__level": "ROUTINE"}, {f"rules.{rule}.level"}) for rule in ("R27", "R28", "R29", "R30")),
        ({"rules__R01__level": "URGENT"}, {"rules.R01.level"}),
        ({"rules__R02__level": "URGENT"}, {"rules.R02.level"}),
        ({"rules__R27__graver_level": "PRIORITY"}, {"rules.R27.graver_level"}),
        ({"rules__R31__level": "URGENT"}, {"rules.R31.level"}),
        ({"rules__R24__level": "URGENT"}, {"rules.R24.level"}),
        ({"rules__R18__level": "URGENT", "rules__R18__graver_level": "PRIORITY"}, {"rules.R18.graver_level"}),
        # Words.
        ({"rules__R05__words_vi": "  "}, {"rules.R05.words_vi"}),
        ({"rules__R05__words_en": "x" * 161}, {"rules.R05.words_en"}),
        ({"rules__R05__words_en": "bell\x07"}, {"rules.R05.words_en"}),
        ({"rules__R05__source": ""}, {"rules.R05.source"}),
        # Shape.
        ({"version": "next"}, {"version"}),
        ({"version": 2026.2}, {"version"}),
        ({"rules__R05": None}, {"rules.R05", "rules.R05.enabled", "rules.R05.level", "rules.R05.words_vi", "rules.R05.words_en", "rules.R05.source"}),
        ({"rules__R33": {}}, {"rules.R33"}),
        ({"rules__R05__levl": "URGENT"}, {"rules.R05.levl"}),
        ({"rules__R05__level": "none"}, {"rules.R05.level"}),
        ({"rules__R05__level": "SEVERE"}, {"rules.R05.level"}),
        ({"rules__R05__enabled": "perhaps"}, {"rules.R05.enabled"}),
        # Thresholds.
        ({"thresholds__alone_age": 0}, {"thresholds.alone_age"}),
        ({"thresholds__alone_age": -1}, {"thresholds.alone_age"}),
        ({"thresholds__alone_age": "six"}, {"thresholds.alone_age"}),
        ({"thresholds__alone_age": True}, {"thresholds.alone_age"}),
        ({"thresholds__alone_age": float("nan")}, {"thresholds.alone_age"}),
        ({"thresholds__medical_window_hours": 24}, {"thresholds.medical_window_hours"}),
        ({"thresholds__baby_age": 7}, {"thresholds.baby_age"}),
        ({"thresholds__infant_months": 13}, {"thresholds.infant_months"}),
        ({"thresholds__bruise_age": 7}, {"thresholds.bruise_age"}),
        ({"thresholds__maltreated_age": 19}, {"thresholds.maltreated_age"}),
        ({"thresholds__accident_age": 1}, {"thresholds.accident_age"}),
        ({"thresholds__some_reports": 1.5}, {"thresholds.some_reports"}),
        ({"thresholds__some_reports": 3}, {"thresholds.many_reports"}),
        ({"thresholds__unreadable_minutes": 61}, {"thresholds.unreadable_minutes"}),
        # Clocks.
        ({"clocks__URGENT__acknowledge": "5 h"}, {"clocks.URGENT.acknowledge"}),
        ({"clocks__URGENT__contact": "25 h"}, {"clocks.URGENT.contact"}),
        ({"clocks__URGENT__form02": "30 min"}, {"clocks.URGENT.form02"}),
        ({"clocks__IMMEDIATE__contact": "5 min"}, {"clocks.IMMEDIATE.acknowledge"}),
        ({"clocks__IMMEDIATE__visit": "13 h"}, {"clocks.IMMEDIATE.visit"}),
        ({"clocks__IMMEDIATE__visit": None}, {"clocks.IMMEDIATE.visit"}),
        ({"clocks__PRIORITY__acknowledge": "30 min"}, {"clocks.URGENT.acknowledge"}),
        ({"clocks__PRIORITY__visit": "23 h", "clocks__PRIORITY__contact": "23 h"}, {"clocks.URGENT.visit"}),
        ({"clocks__PRIORITY__form02": None}, set()),
        ({"clocks__URGENT__form02": None}, {"clocks.URGENT.form02"}),
        ({"clocks__ROUTINE__acknowledge": None}, {"clocks.ROUTINE.acknowledge"}),
        ({"clocks__ROUTINE__acknowledge": ""}, {"clocks.ROUTINE.acknowledge"}),
        ({"clocks__ROUTINE__visit": "31 d"}, {"clocks.ROUTINE.visit"}),
        ({"clocks__ROUTINE__visit": "2 d"}, {"clocks.ROUTINE.contact", "clocks.PRIORITY.visit"}),
        ({"clocks__ROUTINE__visit": "0 d"}, {"clocks.ROUTINE.visit"}),
        ({"clocks__ROUTINE__visit": "soon"}, {"clocks.ROUTINE.visit"}),
        ({"clocks__PRIORITY__acknowledge": "18 h"}, {"clocks.PRIORITY.acknowledge"}),
        # Routing.
        ({"matrix__neglect__leads": ["fire-brigade"]}, {"matrix.neglect.leads"}),
        ({"matrix__neglect__leads": "social"}, {"matrix.neglect.leads"}),
        ({"matrix__neglect__leads": []}, {"matrix.neglect.leads"}),
        ({"matrix__neglect__leads": ["labour"]}, {"matrix.neglect.leads"}),
        ({"matrix__neglect__support": ["social"]}, {"matrix.neglect.support"}),
        ({"matrix__neglect__support": ["health", "health"]}, {"matrix.neglect.support"}),
        ({"matrix__neglect__support": ["health", "police", "justice", "unions", "education", "province-duty"]}, {"matrix.neglect.support"}),
        ({"matrix__institution__support": ["education"]}, {"matrix.institution.support"}),
        ({"matrix__institution__leads": ["social"]}, {"matrix.institution.leads"}),
        ({"matrix__institution__at_every_level": False}, {"matrix.institution.at_every_level"}),
        ({"matrix__danger__leads": ["police", "education"]}, {"matrix.danger.leads"}),
        ({"matrix__danger__order": 3, "matrix__sexual__order": 1}, {"matrix.danger.order"}),
        ({"matrix__neglect__order": 5}, {"matrix.neglect.order"}),
        ({"matrix__anything_else__order": 3, "matrix__sexual__order": 12}, {"matrix.anything_else.order"}),
    ],
)  # fmt: skip
def test_what_would_break_a_promise_is_refused_by_its_name(changes: dict[str, Any], fields: set[str]) -> None:
    document = a_document(**changes)
    if not fields:
        assert read(document).version == "2026.2"
        return
    assert fields <= refused(document)


def test_every_wrong_field_is_named_at_once() -> None:
    document = a_document(rules__R05__words_vi="", thresholds__alone_age="x", clocks__URGENT__contact="never")
    assert refused(document) == {"rules.R05.words_vi", "thresholds.alone_age", "clocks.URGENT.contact"}


@pytest.mark.parametrize("text", ["version = ", "[rules", "\x00"])
def test_a_file_that_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(TableRefusedError, match="not TOML"):
        table_file.parse(text)


def test_values_may_come_as_text_from_a_form() -> None:
    assert a_table(thresholds__infant_months="4,5", thresholds__some_reports=" 1 ").thresholds.infant_months == 4.5


def test_a_switched_off_rule_no_longer_fires() -> None:
    said = {"facts": {"danger_now": "no", "injury_story_inconsistent": "yes"}}
    assert "R14" in assess(a_situation(**said)).ids
    without = assess(a_situation(**said), a_table(rules__R14__enabled=False))
    assert "R14" not in without.ids
    assert without.level is Level.PRIORITY


def test_levels_words_and_source_are_those_of_the_table() -> None:
    table = a_table(rules__R14__level="IMMEDIATE", rules__R14__words_vi="Lời kể lạ", rules__R14__source="S99")
    (rule,) = assess(a_situation(facts={"danger_now": "no", "injury_story_inconsistent": "yes"}), table).fired
    assert (rule.id, rule.level, rule.text_vi, rule.source) == ("R14", Level.IMMEDIATE, "Lời kể lạ", "S99")


@pytest.mark.parametrize(
    ("said", "changes", "rule"),
    [
        ({"age_min": 7, "facts": {"alone_now": "yes"}}, {"thresholds__alone_age": 8}, "R04"),
        ({"facts": {"hours_since_sexual_contact": 121}}, {"thresholds__medical_window_hours": 130}, "R07"),
        ({"age_min": 1.5, "facts": {"injury_marks": "yes"}}, {"thresholds__baby_age": 2}, "R08"),
        ({"age_min": 0.5, "age_max": 0.55, "facts": {"injury_marks": "yes", "independently_mobile": "yes"}}, {"thresholds__infant_months": 7}, "R08"),
        ({"age_min": 5, "facts": {"ten4_bruise": "yes"}}, {"thresholds__bruise_age": 6}, "R12"),
        ({"age_min": 7, "concerns": ["emotional"]}, {"thresholds__maltreated_age": 8}, "R16"),
        ({"age_min": 7, "concerns": ["unintentional_injury"]}, {"thresholds__accident_age": 8}, "R25"),
    ],
)  # fmt: skip
def test_conditions_read_the_thresholds_of_the_table(said: dict[str, Any], changes: dict[str, Any], rule: str) -> None:
    situation = a_situation(**said)
    assert rule not in assess(situation).ids
    assert rule in assess(situation, a_table(**changes)).ids


def test_earlier_reports_count_as_the_table_says() -> None:
    table = a_table(thresholds__some_reports=2, thresholds__many_reports=4)
    got = [assess(a_situation(earlier_reports_12_months=n, facts={"danger_now": "no"}), table) for n in (1, 2, 3, 4)]
    assert ["R18" in one.ids for one in got] == [False, True, True, True]
    assert [one.level for one in got[1:]] == [Level.PRIORITY, Level.PRIORITY, Level.URGENT]


def test_deadlines_are_those_of_the_table() -> None:
    table = a_table(clocks__URGENT__contact="3 h", clocks__ROUTINE__visit=None, thresholds__unreadable_minutes=20)
    urgent = deadlines(Level.URGENT, RECEIVED, table=table)
    assert urgent.contact_by == RECEIVED + timedelta(hours=3)
    assert urgent.legal_by == RECEIVED + timedelta(hours=12)
    assert deadlines(Level.ROUTINE, RECEIVED, table=table).visit_by is None
    read = deadlines(Level.PRIORITY, RECEIVED, unreadable=True, table=table)
    assert read.acknowledge_by == RECEIVED + timedelta(minutes=20)


def test_routes_follow_the_rows_and_their_order() -> None:
    situation = a_situation(concerns=["neglect", "physical"])
    level, here, ids = Level.URGENT, Surroundings(), frozenset[str]()
    table = a_table(
        matrix__physical__order=6, matrix__neglect__order=5, matrix__neglect__leads=["justice"], matrix__neglect__support=[]
    )  # fmt: skip
    assert route(situation, ids, level, here).lead == "social-9190"
    routed = route(situation, ids, level, here, table)
    assert (routed.lead, routed.support) == ("justice-9190", ("social-9190",))
    everywhere = a_table(matrix__suicide__at_every_level=True)
    assert route(a_situation(concerns=["self_harm"]), ids, Level.PRIORITY, here, everywhere).lead == "health-9190"


def test_a_decision_names_its_table() -> None:
    assert decide(a_report(), None, Surroundings(), a_table()).table_version == "2026.2"


def test_the_digest_tells_contents_apart_and_nothing_else() -> None:
    assert digest(a_table()) == digest(read(document(a_table())))
    different = [
        a_table(),
        a_table(version="2026.3"),
        a_table(rules__R14__words_en="Other"),
        a_table(matrix__adult__support=[]),
    ]
    assert len({digest(table) for table in different}) == 4


def test_differences_name_the_fields_and_both_values() -> None:
    after = a_table(
        rules__R14__level="IMMEDIATE", clocks__ROUTINE__visit=None, matrix__adult__support=[], rules__R15__enabled=False
    )
    assert differences(BUILT_IN, after) == (
        Difference("rules.R14.level", "URGENT", "IMMEDIATE"),
        Difference("rules.R15.enabled", "true", "false"),
        Difference("clocks.ROUTINE.visit", "7 d", ""),
        Difference("matrix.adult.support", "unions, health", ""),
    )
    assert differences(BUILT_IN, replace(BUILT_IN, version="2026.9")) == ()


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("10 min", Term(10)), ("90 min", Term(90)), ("4 h", Term(4 * HOUR)), ("24h", Term(DAY)), ("3 wd", Term(working_days=3)),
        ("0 h", None), ("-1 h", None), ("1.5 h", None), ("h", None), ("", None), ("1 week", None),
    ],
)  # fmt: skip
def test_terms_are_read_in_their_units(text: str, term: Term | None) -> None:
    assert Term.read(text) == term
    if term is not None:
        assert Term.read(str(term)) == term


@pytest.mark.parametrize("days", [1, 3, 5, 6])
@pytest.mark.parametrize("hour", range(0, 24, 5))
@pytest.mark.parametrize("weekday", range(7))
def test_working_days_last_between_the_shortest_and_the_longest(days: int, hour: int, weekday: int) -> None:
    received = datetime(2026, 6, 1 + weekday, hour, 30, tzinfo=UTC)
    term = Term(working_days=days)
    table = replace(
        BUILT_IN, clocks={**BUILT_IN.clocks, Level.ROUTINE: replace(BUILT_IN.clocks[Level.ROUTINE], contact=term)}
    )
    contact = deadlines(Level.ROUTINE, received, table=table).contact_by
    assert contact is not None
    assert term.shortest * 60 <= (contact - received).total_seconds() <= term.longest * 60


def test_a_stored_table_of_another_release_is_completed_from_the_built_in_one() -> None:
    stored = a_document(
        rules__R14__level="IMMEDIATE", clocks__ROUTINE__visit=None, rules__R32=None, thresholds__baby_age=None
    )
    stored["rules"]["R99"] = {"enabled": True}
    table = restored(stored)
    assert (table.version, table["R14"].level, table["R32"]) == ("2026.2", Level.IMMEDIATE, BUILT_IN["R32"])
    assert table.clocks[Level.ROUTINE].visit is None
    assert table.thresholds == BUILT_IN.thresholds
    assert restored(a_document()) == a_table()
