"""Propose an escalation policy, and decide on a proposal: two people."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import policies
from services.notify.rules.policy import ANYWHERE, Named, Policy, PolicyStep, Wrong, checked, read_policy
from shared.contracts.teams import Function
from shared.contracts.vocabulary import Level
from shared.observability import logger

SHORTEST_NOTE: Final = 10
"""Characters of the reason."""

log = logger(__name__)


class PolicyRefusedError(Exception):
    """A policy that must not be used; `wrong` says why."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__(", ".join(f"{one.step or 0}:{one.reason}" for one in wrong))
        self.wrong = wrong


async def propose_policy(
    connection: AsyncConnection,
    team: str,
    level: Level,
    policy: Policy | None,
    *,
    note: str,
    by: UUID,
    now: datetime,
) -> int:
    """Store a proposal and return its version; None as `policy` proposes the built-in plan. Raises `PolicyRefusedError`."""
    reason = " ".join(note.split())
    wrong = [*checked(policy), *await _unknown(connection, policy)] if policy else []
    if len(reason) < SHORTEST_NOTE:
        wrong.append(Wrong(None, "note"))
    if wrong:
        raise PolicyRefusedError(*wrong)
    version = await policies.write_proposal(connection, team, level, policy, reason, by, now)
    log.info("policy_proposed", version=version, by=str(by))
    return version


async def _unknown(connection: AsyncConnection, policy: Policy) -> list[Wrong]:
    """Return which steps page a team or a person that there is not: a slip of the pen would page nobody."""
    targets = [target for step in policy.steps for target in step.targets]
    teams, people = await policies.known(
        connection,
        {target.team for target in targets if not isinstance(target, Named)},
        {target.person_id for target in targets if isinstance(target, Named)},
    )
    teams |= {function.value + ANYWHERE for function in Function}
    return [wrong for number, step in enumerate(policy.steps, 1) for wrong in _unknown_in(number, step, teams, people)]


def _unknown_in(number: int, step: PolicyStep, teams: AbstractSet[str], people: AbstractSet[UUID]) -> list[Wrong]:
    nobody = any(isinstance(target, Named) and target.person_id not in people for target in step.targets)
    no_team = any(not isinstance(target, Named) and target.team not in teams for target in step.targets)
    return [
        Wrong(number, reason)
        for is_wrong, reason in ((nobody, "unknown_person"), (no_team, "unknown_team"))
        if is_wrong
    ]


async def decide_policy(connection: AsyncConnection, version: int, *, accept: bool, by: UUID, now: datetime) -> None:
    """Put a proposal into force, or refuse it; alerts that are open keep the plan they follow.

    Raises `PolicyRefusedError`: it was decided already, or whoever proposed it decides, or this release no longer accepts it.
    """
    row = await policies.one_policy(connection, version, lock=True)
    if row is None or row["state"] != "proposed":
        raise PolicyRefusedError(Wrong(None, "not_proposed"))
    if accept and row["proposed_by"] == by:
        raise PolicyRefusedError(Wrong(None, "same_person"))
    if accept and row["document"] is not None and (wrong := checked(read_policy(row["document"]))):
        raise PolicyRefusedError(*wrong)
    await policies.decide(connection, row, accept=accept, by=by, now=now)
    log.info("policy_decided", version=version, accepted=accept, by=str(by))
