"""A replay as plain values, for storage and pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.triage.rules.replay import FiredAs, Load, Move, Replay
from shared.contracts.vocabulary import Level


def written(replay: Replay) -> dict[str, Any]:
    """Write a replay as plain values; levels by name."""
    return {
        "cases": replay.cases,
        "days": replay.days,
        "rerouted": replay.rerouted,
        "moves": [_written_move(move) for move in replay.moves],
        "levels": {level.name: list(counts) for level, counts in replay.levels.items()},
        "loads": [asdict(load) for load in replay.loads],
    }


def read(values: dict[str, Any]) -> Replay:
    """Read what `written` wrote."""
    return Replay(
        cases=values["cases"],
        days=values["days"],
        rerouted=values["rerouted"],
        moves=tuple(_move(move) for move in values["moves"]),
        levels={level: _counts(values["levels"], level) for level in sorted(Level, reverse=True)},
        loads=tuple(Load(**load) for load in values["loads"]),
    )


def _counts(levels: dict[str, list[int]], level: Level) -> tuple[int, int]:
    before, after = levels[level.name]
    return before, after


def _written_move(move: Move) -> dict[str, Any]:
    return {
        "case_code": move.case_code,
        "before": move.before.name,
        "after": move.after.name,
        "only_before": [[rule.id, rule.level.name if rule.level else None] for rule in move.only_before],
        "only_after": [[rule.id, rule.level.name if rule.level else None] for rule in move.only_after],
    }


def _move(values: dict[str, Any]) -> Move:
    return Move(
        case_code=values["case_code"],
        before=Level[values["before"]],
        after=Level[values["after"]],
        only_before=_fired(values["only_before"]),
        only_after=_fired(values["only_after"]),
    )


def _fired(rules: list[tuple[str, str | None]]) -> tuple[FiredAs, ...]:
    return tuple(FiredAs(rule_id, Level[level] if level else None) for rule_id, level in rules)
