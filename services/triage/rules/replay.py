"""What would have become of past cases under another table: levels up and down, and the load on each team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.triage.rules.routing import Surroundings, route
from services.triage.rules.rule_table import RuleTable
from services.triage.rules.situation import Situation
from services.triage.rules.urgency import Assessment, assess
from shared.contracts.events import Route
from shared.contracts.vocabulary import Level

DAY_SECONDS = timedelta(days=1).total_seconds()


@dataclass(frozen=True)
class Past:
    """A case as the rules read it. `received_at` is aware."""

    case_code: str
    received_at: datetime
    situation: Situation
    around: Surroundings


@dataclass(frozen=True)
class FiredAs:
    """A rule that fired, and the level it gave; null for a rule that is only recorded."""

    id: str
    level: Level | None


@dataclass(frozen=True)
class Move:
    """A case that would get another level. `only_before` and `only_after`: what fired, or fired so, under one table only."""

    case_code: str
    before: Level
    after: Level
    only_before: tuple[FiredAs, ...]
    only_after: tuple[FiredAs, ...]


@dataclass(frozen=True)
class Load:
    """How many of the cases a team would lead and support, before and after."""

    team: str
    lead_before: int
    lead_after: int
    support_before: int
    support_after: int


@dataclass(frozen=True)
class Replay:
    """The result: `levels` counts cases (before, after) by level; `days` is what the cases span, at least 1."""

    cases: int
    days: float
    moves: tuple[Move, ...]
    levels: dict[Level, tuple[int, int]]
    loads: tuple[Load, ...]
    rerouted: int

    @property
    def up(self) -> int:
        """How many cases would get a graver level."""
        return sum(move.after > move.before for move in self.moves)

    @property
    def down(self) -> int:
        """How many cases would get a milder level."""
        return len(self.moves) - self.up


def replay(cases: Sequence[Past], before: RuleTable, after: RuleTable) -> Replay:
    """Judge the cases by both tables, each on its own, without the levels they kept from earlier revisions."""
    old, new = [_judge(case, before) for case in cases], [_judge(case, after) for case in cases]
    moves = [
        _move(case, was, now)
        for case, (was, _), (now, _) in zip(cases, old, new, strict=True)
        if was.level != now.level
    ]
    counted = Counter(was.level for was, _ in old), Counter(now.level for now, _ in new)
    return Replay(
        cases=len(cases),
        days=_days(case.received_at for case in cases),
        moves=tuple(sorted(moves, key=lambda move: (move.after - move.before, move.case_code))),
        levels={level: (counted[0][level], counted[1][level]) for level in sorted(Level, reverse=True)},
        loads=_loads([routed for _, routed in old], [routed for _, routed in new]),
        rerouted=sum(
            (was.lead, was.support) != (now.lead, now.support) for (_, was), (_, now) in zip(old, new, strict=True)
        ),
    )


def _judge(case: Past, table: RuleTable) -> tuple[Assessment, Route]:
    assessment = assess(case.situation, table)
    return assessment, route(case.situation, assessment.ids, assessment.level, case.around, table)


def _move(case: Past, was: Assessment, now: Assessment) -> Move:
    return Move(
        case_code=case.case_code,
        before=was.level,
        after=now.level,
        only_before=_gone(was, now),
        only_after=_gone(now, was),
    )


def _gone(one: Assessment, other: Assessment) -> tuple[FiredAs, ...]:
    """Return the rules of `one` that did not fire in `other`, or fired with another level."""
    kept = {(rule.id, rule.level) for rule in other.fired}
    return tuple(FiredAs(rule.id, rule.level) for rule in one.fired if (rule.id, rule.level) not in kept)


def _loads(old: Sequence[Route], new: Sequence[Route]) -> tuple[Load, ...]:
    lead = Counter(routed.lead for routed in old), Counter(routed.lead for routed in new)
    support = (
        Counter(team for routed in old for team in routed.support),
        Counter(team for routed in new for team in routed.support),
    )
    teams = {team for counter in (*lead, *support) for team in counter}
    loads = [Load(team, lead[0][team], lead[1][team], support[0][team], support[1][team]) for team in teams]
    return tuple(
        sorted(loads, key=lambda load: (-abs(load.lead_after - load.lead_before), -load.lead_after, load.team))
    )


def _days(moments: Iterable[datetime]) -> float:
    received = sorted(moments)
    if not received:
        return 1.0
    return max(1.0, (received[-1] - received[0]).total_seconds() / DAY_SECONDS)
