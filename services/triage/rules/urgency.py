"""How urgent a report is: the gravest level of the rules that fire. No rule lowers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.triage.rules.rule_table import BUILT_IN, Reading, RuleTable
from services.triage.rules.situation import Situation
from services.triage.rules.thresholds import Thresholds
from shared.contracts.events import FiredRule
from shared.contracts.vocabulary import Level


@dataclass(frozen=True)
class Assessment:
    """A level, and every rule that fired, in the order of the table."""

    level: Level
    fired: tuple[FiredRule, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the rules that fired."""
        return frozenset(rule.id for rule in self.fired)


def assess(situation: Situation, table: RuleTable = BUILT_IN) -> Assessment:
    """Read the whole table."""
    rules = _applying(situation, table)
    return Assessment(level=max(_levels(rules)), fired=rules)


def _applying(situation: Situation, table: RuleTable) -> tuple[FiredRule, ...]:
    if situation.pure_information_request:
        return (table.information_or_safe.fired,)
    rules = _firing(table.always_read, situation, table.thresholds)
    return rules if _levels(rules) else rules + _firing(table.fallbacks, situation, table.thresholds)


def _firing(rules: Iterable[Reading], situation: Situation, thresholds: Thresholds) -> tuple[FiredRule, ...]:
    return tuple(rule.fire(situation, thresholds) for rule in rules if rule.fires(situation, thresholds))


def _levels(rules: Iterable[FiredRule]) -> list[Level]:
    return [rule.level for rule in rules if rule.level is not None]
