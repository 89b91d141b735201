from __future__ import annotations

from datetime import timedelta

from services.triage.rules.case import Before, Decision, decide
from services.triage.rules.clocks import deadlines
from services.triage.rules.routing import Surroundings
from services.triage.rules.table import TABLE_VERSION
from shared.contracts.vocabulary import Level
from tests.unit.triage.reports import RECEIVED, a_report

HERE = Surroundings()


def before(decision: Decision, revision: int = 1) -> Before:
    return Before(sequence=revision, revision=revision, level=decision.level, clocks=decision.clocks)


def test_first_revision_takes_what_the_rules_give() -> None:
    got = decide(a_report(facts={"danger_now": "yes"}), None, HERE)
    assert (got.level, got.rule_level, got.table_version) == (Level.IMMEDIATE, Level.IMMEDIATE, TABLE_VERSION)
    assert got.clocks == deadlines(Level.IMMEDIATE, RECEIVED)


def test_new_facts_raise_the_level_and_shorten_the_clocks_at_once() -> None:
    first = decide(a_report(facts={"danger_now": "no"}), None, HERE)
    second = decide(a_report(revision=2, facts={"danger_now": "yes"}), before(first), HERE)
    assert (first.level, second.level) == (Level.PRIORITY, Level.IMMEDIATE)
    assert second.clocks == deadlines(Level.IMMEDIATE, RECEIVED)


def test_milder_facts_never_lower_the_level_and_the_lower_one_is_kept_on_record() -> None:
    first = decide(a_report(facts={"danger_now": "yes"}), None, HERE)
    second = decide(a_report(revision=2, facts={"danger_now": "no"}), before(first), HERE)
    assert (second.level, second.rule_level) == (Level.IMMEDIATE, Level.PRIORITY)
    assert second.clocks == first.clocks
    assert [rule.id for rule in second.rules] == ["R32"]


def test_kept_level_routes_as_the_kept_level() -> None:
    first = decide(a_report(concerns=["self_harm"], facts={"suicide": "plan"}), None, HERE)
    second = decide(a_report(revision=2, concerns=["self_harm"], facts={"danger_now": "no"}), before(first), HERE)
    assert second.route.lead == first.route.lead == "health-9190"


def test_deadline_never_becomes_later_even_if_the_receipt_does() -> None:
    first = decide(a_report(facts={"danger_now": "yes"}), None, HERE)
    later = a_report(revision=2, received_at=RECEIVED + timedelta(hours=3), facts={"danger_now": "yes"})
    assert decide(later, before(first), HERE).clocks == first.clocks


def test_unreadable_report_is_acknowledged_within_the_hour() -> None:
    got = decide(a_report(facts={"danger_now": "no", "unreadable": "yes"}), None, HERE)
    assert got.level is Level.PRIORITY
    assert got.clocks.acknowledge_by == RECEIVED + timedelta(minutes=60)


def test_what_a_person_lowered_stays_until_the_rules_find_more() -> None:
    first = decide(a_report(concerns=["physical"], facts={"danger_now": "unknown"}), None, HERE)
    assert first.level is Level.URGENT
    lowered = Before(2, 1, Level.ROUTINE, deadlines(Level.ROUTINE, RECEIVED), lowered_from=Level.URGENT)
    same = decide(a_report(revision=2, concerns=["physical"], facts={"danger_now": "unknown"}), lowered, HERE)
    assert (same.level, same.rule_level, same.lowered_from) == (Level.ROUTINE, Level.URGENT, Level.URGENT)
    graver = decide(a_report(revision=2, facts={"danger_now": "yes"}), lowered, HERE)
    assert (graver.level, graver.lowered_from) == (Level.IMMEDIATE, None)
    assert graver.clocks == deadlines(Level.IMMEDIATE, RECEIVED)
