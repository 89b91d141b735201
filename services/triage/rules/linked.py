"""Linked repeat reports keep the highest level of them all (domain, section 3)."""

from __future__ import annotations

from dataclasses import replace

from services.triage.rules.case import Decision, with_answers
from services.triage.rules.clocks import deadlines, soonest
from services.triage.rules.routing import Surroundings, route
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.situation import Situation
from services.triage.rules.table import UNREADABLE
from shared.contracts.events import ReportReceived
from shared.contracts.vocabulary import Level


def may_rise(decision: Decision, level: Level) -> bool:
    """Tell whether a case rises to `level`, another's.

    What a person has lowered rises only above the level from which it was lowered: that far, the person knew.
    """
    return level > max(decision.level, decision.lowered_from or decision.level)


def risen(
    decision: Decision, report: ReportReceived, level: Level, around: Surroundings, table: RuleTable = BUILT_IN
) -> Decision:
    """Return a case, decided for `report`, at the level of a case that it is linked to, or as it was.

    Deadlines only become sooner, counted from its own receipt; the rules that fired stay its own.
    """
    if not may_rise(decision, level):
        return decision
    situation = Situation.of(with_answers(report, decision.answers) if decision.answers else report)
    fired = frozenset(rule.id for rule in decision.rules)
    clocks = deadlines(level, report.received_at, unreadable=UNREADABLE in fired, table=table)
    return replace(
        decision,
        level=level,
        clocks=soonest(decision.clocks, clocks),
        route=route(situation, fired, level, around, table),
        lowered_from=None,
    )
