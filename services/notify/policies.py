"""Escalation policies in the database, and those in force as a process remembers them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import people, policies, teams
from services.notify.rules.policy import Plan, Policy, plan_of, policy_document, read_policy, scopes
from shared.contracts.vocabulary import Level
from shared.observability import logger

REMEMBERED_SECONDS: Final = 5.0
"""Real time after which a process looks again: so long may an alert still begin by the policy before."""

log = logger(__name__)

_ACTIVE = select(policies.c.version, policies.c.team, policies.c.level, policies.c.document).where(
    policies.c.state == "active", policies.c.document.is_not(None)
)

_TAKE_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("what"), 0)))
"""What is proposed and decided for one team and level comes one after the other: each decision ends the policy that the one
before put into force."""


@dataclass
class PoliciesInForce:
    """The policies in force, by team and level, read again every few seconds by whoever asks."""

    now: Callable[[], float] = time.monotonic
    _known: Mapping[tuple[str, Level], tuple[int, Policy]] = field(default_factory=dict)
    _read_at: float | None = None

    async def plan(self, connection: AsyncConnection, lead: str, level: Level, unit_code: int | None) -> Plan | None:
        """Return the plan of an alert led by a team, None for the built-in one."""
        if self._read_at is None or self.now() - self._read_at > REMEMBERED_SECONDS:
            self._known = await _active(connection)
            self._read_at = self.now()
        found = (self._known.get((team, level)) for team in scopes(lead))
        plans = (plan_of(policy, version, unit_code) for version, policy in filter(None, found))
        return next((plan for plan in plans if plan is not None), None)

    def forget(self) -> None:
        """Look again at the next question."""
        self._read_at = None


async def _active(connection: AsyncConnection) -> dict[tuple[str, Level], tuple[int, Policy]]:
    known: dict[tuple[str, Level], tuple[int, Policy]] = {}
    for version, team, level, document in await connection.execute(_ACTIVE):
        try:
            known[team, Level(level)] = version, read_policy(document)
        except (KeyError, ValueError):
            # The built-in plan pages meanwhile: no alert waits for a policy.
            log.exception("policy_unreadable", version=version)
    return known


async def all_policies(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Return every version, newest first."""
    return (await connection.execute(select(policies).order_by(policies.c.version.desc()))).mappings().all()


async def one_policy(connection: AsyncConnection, version: int, *, lock: bool = False) -> RowMapping | None:
    """Return a version, or None."""
    statement = select(policies).where(policies.c.version == version)
    return (await connection.execute(statement.with_for_update() if lock else statement)).mappings().first()


async def known(
    connection: AsyncConnection, codes: Collection[str], ids: Collection[UUID]
) -> tuple[frozenset[str], frozenset[UUID]]:
    """Return which of some teams' codes there are, and which of some people are colleagues who can be paged."""
    found = await connection.execute(select(teams.c.code).where(teams.c.code.in_(codes)))
    persons = await connection.execute(select(people.c.id).where(people.c.id.in_(ids), ~people.c.disabled))
    return frozenset(found.scalars()), frozenset(persons.scalars())


async def write_proposal(
    connection: AsyncConnection, team: str, level: Level, policy: Policy | None, note: str, by: UUID, now: datetime
) -> int:
    """Store a proposal and return its version; of the same one that waits already where a form was sent twice."""
    values = {
        "team": team,
        "level": int(level),
        "document": policy_document(policy) if policy else None,
        "note": note,
        "state": "proposed",
        "proposed_by": by,
    }
    await _take_turn(connection, team, int(level))
    same = (
        policies.c[name].is_not_distinct_from(literal(value, policies.c[name].type)) for name, value in values.items()
    )
    if (waiting := await connection.scalar(select(policies.c.version).where(*same))) is not None:
        return int(waiting)
    statement = insert(policies).values(**values, proposed_at=now).returning(policies.c.version)
    return int((await connection.execute(statement)).scalar_one())


async def _take_turn(connection: AsyncConnection, team: str, level: int) -> None:
    await connection.execute(_TAKE_TURN, {"what": f"heedline notify policy {team} {level}"})


async def decide(connection: AsyncConnection, row: RowMapping, *, accept: bool, by: UUID, now: datetime) -> None:
    """Put a locked proposal into force in the place of the one before, or refuse it."""
    if accept:
        await _take_turn(connection, row["team"], row["level"])
        before = (policies.c.team == row["team"]) & (policies.c.level == row["level"]) & (policies.c.state == "active")
        await connection.execute(update(policies).where(before).values(state="ended", ended_at=now))
    values = {"state": "active" if accept else "refused", "decided_by": by, "decided_at": now}
    await connection.execute(update(policies).where(policies.c.version == row["version"]).values(values))
