"""How urgent a report is: the gravest level of the rules that fire. No rule lowers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.triage.rules.situation import Situation
from services.triage.rules.table import FALLBACKS, INFORMATION_OR_SAFE, RULES, Rule, fired
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


def assess(situation: Situation) -> Assessment:
    """Read the whole table."""
    rules = _applying(situation)
    return Assessment(level=max(_levels(rules)), fired=rules)


def _applying(situation: Situation) -> tuple[FiredRule, ...]:
    if situation.pure_information_request:
        return (_fire(INFORMATION_OR_SAFE, situation),)
    rules = _firing(RULES, situation)
    return rules if _levels(rules) else rules + _firing(FALLBACKS, situation)


def _firing(rules: Iterable[Rule], situation: Situation) -> tuple[FiredRule, ...]:
    return tuple(_fire(rule, situation) for rule in rules if rule.fires(situation))


def _fire(rule: Rule, situation: Situation) -> FiredRule:
    return fired(rule, rule.level_for(situation))


def _levels(rules: Iterable[FiredRule]) -> list[Level]:
    return [rule.level for rule in rules if rule.level is not None]
