"""Propose an escalation policy, and decide on a proposal: two people."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import policies
from services.notify.rules.policy import Policy, Wrong, checked, read_policy
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
    wrong = list(checked(policy)) if policy else []
    if len(reason) < SHORTEST_NOTE:
        wrong.append(Wrong(None, "note"))
    if wrong:
        raise PolicyRefusedError(*wrong)
    version = await policies.write_proposal(connection, team, level, policy, reason, by, now)
    log.info("policy_proposed", version=version, by=str(by))
    return version


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
