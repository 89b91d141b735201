"""A rule table as a value: everything about the rules that a province may change, and the conditions it belongs to.

A condition is code. Whether its rule is read, with which level and words, the numbers it compares with, the deadlines
of a level and the rows of the routing matrix are a table's. `BUILT_IN` is the one this product comes with. Whether a
table may be put into force is decided by `services.triage.rules.table_checks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from services.triage.rules.matrix import MATRIX, Row
from services.triage.rules.situation import Situation
from services.triage.rules.table import FALLBACKS, INFORMATION_OR_SAFE, TABLE, TABLE_VERSION, Condition, Rule
from services.triage.rules.terms import DAY, HOUR, LevelTerms, Term
from services.triage.rules.thresholds import Thresholds
from shared.contracts.events import FiredRule
from shared.contracts.vocabulary import Level


@dataclass(frozen=True)
class Setting:
    """What a table says about one rule. `graver_level` is set for the rules that have a second level (R18, R19, R27)."""

    id: str
    enabled: bool
    level: Level | None
    graver_level: Level | None
    words_vi: str
    words_en: str
    source: str

    @classmethod
    def of(cls, rule: Rule) -> Setting:
        """Return what a rule is built in with."""
        graver = rule.graver.level if rule.graver else None
        return cls(rule.id, True, rule.level, graver, rule.text_vi, rule.text_en, rule.source)

    def fired(self, level: Level | None) -> FiredRule:
        """Return the rule as it fired with `level`, as events carry it."""
        return FiredRule(id=self.id, level=level, text_vi=self.words_vi, text_en=self.words_en, source=self.source)


@dataclass(frozen=True)
class Reading:
    """A rule made ready to be read: its condition and what it gives, built once rather than for every report."""

    fires: Condition
    fired: FiredRule
    graver_when: Condition | None = None
    graver: FiredRule | None = None

    def fire(self, situation: Situation, thresholds: Thresholds) -> FiredRule:
        """Return what the rule gives to a situation in which it fires."""
        if self.graver is None or self.graver_when is None:
            return self.fired
        return self.graver if self.graver_when(situation, thresholds) else self.fired


@dataclass(frozen=True)
class RuleTable:
    """One version. `rules` are all of them, in order; `clocks` has every level; the last row of `matrix` is the rest."""

    version: str
    rules: tuple[Setting, ...]
    thresholds: Thresholds
    clocks: Mapping[Level, LevelTerms] = field(hash=False)
    matrix: tuple[Row, ...]

    def __getitem__(self, rule_id: str) -> Setting:
        """Return what the table says about a rule."""
        return self._by_id[rule_id]

    @cached_property
    def _by_id(self) -> Mapping[str, Setting]:
        return {setting.id: setting for setting in self.rules}

    @cached_property
    def always_read(self) -> tuple[Reading, ...]:
        """The rules that are read for every report but a pure request for information."""
        return self._readings(rule for rule in TABLE if rule not in FALLBACKS)

    @cached_property
    def fallbacks(self) -> tuple[Reading, ...]:
        """The rules that are read only when no other set a level; exactly one of them fires."""
        return self._readings(FALLBACKS)

    @cached_property
    def information_or_safe(self) -> Reading:
        """R31, which fires alone for a pure request for information."""
        return self._reading(INFORMATION_OR_SAFE)

    def _readings(self, rules: Iterable[Rule]) -> tuple[Reading, ...]:
        return tuple(self._reading(rule) for rule in rules if self[rule.id].enabled)

    def _reading(self, rule: Rule) -> Reading:
        setting = self[rule.id]
        if rule.graver is None:
            return Reading(rule.fires, setting.fired(setting.level))
        graver = setting.fired(setting.graver_level)
        return Reading(rule.fires, setting.fired(setting.level), rule.graver.when, graver)


BUILT_IN_CLOCKS: Mapping[Level, LevelTerms] = MappingProxyType(
    {
        Level.IMMEDIATE: LevelTerms(
            acknowledge=Term(10), contact=Term(30), visit=Term(2 * HOUR), form02=Term(2 * HOUR)
        ),
        Level.URGENT: LevelTerms(
            acknowledge=Term(HOUR), contact=Term(4 * HOUR), visit=Term(DAY), form02=Term(8 * HOUR)
        ),
        Level.PRIORITY: LevelTerms(
            acknowledge=Term(4 * HOUR), contact=Term(DAY), visit=Term(3 * DAY), form02=Term(3 * DAY)
        ),
        Level.ROUTINE: LevelTerms(
            acknowledge=Term(working_days=1), contact=Term(working_days=3), visit=Term(7 * DAY), form02=None
        ),
    }
)
"""The deadlines of each level, from first receipt, around the clock except for working days."""

BUILT_IN = RuleTable(
    version=TABLE_VERSION,
    rules=tuple(Setting.of(rule) for rule in TABLE),
    thresholds=Thresholds(),
    clocks=BUILT_IN_CLOCKS,
    matrix=MATRIX,
)
"""The table that is in force until a province puts another in its place."""
