"""What one revision of a report makes of its case: level, rules, deadlines and route."""

from __future__ import annotations

from dataclasses import dataclass

from services.triage.rules.clocks import deadlines, soonest
from services.triage.rules.routing import Surroundings, route
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.situation import Situation
from services.triage.rules.table import UNREADABLE
from services.triage.rules.urgency import assess
from shared.contracts.events import Clocks, FiredRule, ReportReceived, Route
from shared.contracts.vocabulary import Level


@dataclass(frozen=True)
class Before:
    """What the case had before this revision."""

    revision: int
    level: Level
    clocks: Clocks


@dataclass(frozen=True)
class Decision:
    """A decided revision. `level` is the case's; `rule_level` is what the rules give now, which may be lower."""

    level: Level
    rule_level: Level
    rules: tuple[FiredRule, ...]
    table_version: str
    clocks: Clocks
    route: Route


def decide(
    report: ReportReceived, before: Before | None, around: Surroundings, table: RuleTable = BUILT_IN
) -> Decision:
    """Decide a revision, wholly by `table`. A level rises at once and never falls here, a deadline never becomes later."""
    situation = Situation.of(report)
    assessment = assess(situation, table)
    level = max(assessment.level, before.level) if before else assessment.level
    clocks = deadlines(level, report.received_at, unreadable=UNREADABLE in assessment.ids, table=table)
    return Decision(
        level=level,
        rule_level=assessment.level,
        rules=assessment.fired,
        table_version=table.version,
        clocks=soonest(before.clocks, clocks) if before else clocks,
        route=route(situation, assessment.ids, level, around, table),
    )
