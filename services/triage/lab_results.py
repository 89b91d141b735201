"""A replay as plain values, for storage and pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.triage.rules.replay import Load, Move, Replay
from shared.contracts.vocabulary import Level


def written(replay: Replay) -> dict[str, Any]:
    """Write a replay as plain values; levels by name."""
    return {
        "cases": replay.cases,
        "days": replay.days,
        "rerouted": replay.rerouted,
        "moves": [{**asdict(move), "before": move.before.name, "after": move.after.name} for move in replay.moves],
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
        levels={Level[name]: (before, after) for name, (before, after) in values["levels"].items()},
        loads=tuple(Load(**load) for load in values["loads"]),
    )


def _move(values: dict[str, Any]) -> Move:
    return Move(
        case_code=values["case_code"],
        before=Level[values["before"]],
        after=Level[values["after"]],
        only_before=tuple(values["only_before"]),
        only_after=tuple(values["only_after"]),
    )
