"""The built-in plan in the form of a policy, so that it can be read, copied and compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from services.notify.rules.escalation import REPEAT, Target, steps
from services.notify.rules.policy import ANYWHERE, Policy, PolicyStep, Seat
from shared.contracts.teams import PROVINCE
from shared.contracts.vocabulary import Level, Where

WORKING_DAY: Final = timedelta(days=1)
"""Stands for the end of the first working day, which the built-in plan waits for at ROUTINE."""
_SOME_UNIT: Final = 0


def built_in(team: str, level: Level) -> Policy:
    """Return what alerts led by a team (`social-*`, `police-9190`, `province-duty`) follow without a policy.

    Teams of communes are those of the case's commune. The plan depends on where the lead is, not on what it does.
    """
    where = Where.PROVINCE if team.startswith(f"{PROVINCE}-") else Where.COMMUNE
    plan = steps(level, where, _SOME_UNIT, WORKING_DAY)
    return Policy(
        team,
        level,
        REPEAT[level],
        tuple(PolicyStep(step.after, tuple(_seat(target) for target in step.targets)) for step in plan),
    )


def _seat(target: Target) -> Seat:
    function, _, unit = target.team_code.rpartition("-")
    return Seat(function + ANYWHERE if unit == str(_SOME_UNIT) else target.team_code, target.position)
