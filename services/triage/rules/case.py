"""What one revision of a report makes of its case: level, rules, deadlines and route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.triage.rules.clocks import deadlines, soonest
from services.triage.rules.routing import Surroundings, route
from services.triage.rules.rule_table import BUILT_IN, RuleTable
from services.triage.rules.situation import Situation
from services.triage.rules.table import UNREADABLE
from services.triage.rules.urgency import assess
from shared.contracts.events import NOTHING_DONE, CaseWork, Clocks, FiredRule, ReportReceived, Route
from shared.contracts.facts import Facts
from shared.contracts.vocabulary import Level


@dataclass(frozen=True)
class Before:
    """What the case had before this revision; `lowered_from` is the level from which a person lowered it."""

    sequence: int
    revision: int
    level: Level
    clocks: Clocks
    lowered_from: Level | None = None
    work: CaseWork = NOTHING_DONE
    answers: Mapping[str, str] = field(default_factory=dict)
    """Facts that a person answered on the case, by name."""


@dataclass(frozen=True)
class Decision:
    """A decided revision. `level` is the case's; `rule_level` is what the rules give now, which may differ.

    `lowered_from`: the level from which a person lowered the case, while that still counts.
    """

    level: Level
    rule_level: Level
    rules: tuple[FiredRule, ...]
    table_version: str
    clocks: Clocks
    route: Route
    lowered_from: Level | None = None
    work: CaseWork = NOTHING_DONE
    answers: Mapping[str, str] = field(default_factory=dict)


def with_answers(report: ReportReceived, answers: Mapping[str, str]) -> ReportReceived:
    """Return the report with facts that a person answered on the case, which count over the report's."""
    return report.model_copy(update={"facts": Facts.model_validate({**report.facts.model_dump(), **answers})})


def decide(
    report: ReportReceived, before: Before | None, around: Surroundings, table: RuleTable = BUILT_IN
) -> Decision:
    """Decide a revision, wholly by `table`. A level rises at once and never falls here, a deadline never becomes later.

    What a person has lowered stays so until the rules find more than they had found then.
    """
    answers = before.answers if before else {}
    situation = Situation.of(with_answers(report, answers) if answers else report)
    assessment = assess(situation, table)
    lowered_from = before.lowered_from if before else None
    if lowered_from is not None and assessment.level > lowered_from:
        lowered_from = None
    level = _level(assessment.level, before, lowered_from)
    clocks = deadlines(level, report.received_at, unreadable=UNREADABLE in assessment.ids, table=table)
    return Decision(
        level=level,
        rule_level=assessment.level,
        rules=assessment.fired,
        table_version=table.version,
        clocks=soonest(before.clocks, clocks) if before else clocks,
        route=route(situation, assessment.ids, level, around, table),
        lowered_from=lowered_from,
        work=before.work if before else NOTHING_DONE,
        answers=answers,
    )


def _level(by_rules: Level, before: Before | None, lowered_from: Level | None) -> Level:
    if before is None:
        return by_rules
    return before.level if lowered_from is not None else max(by_rules, before.level)
