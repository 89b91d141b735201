"""Escalation policies as pages show them: what is in force for whom, what waits, one version beside what it replaces."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import policies
from services.notify.models import ACCOUNTS, people
from services.notify.rules.built_in import built_in
from services.notify.rules.policy import ANYWHERE, Named, Policy, PolicyStep, read_policy, scopes
from shared.contracts.teams import Function, province_team
from shared.contracts.vocabulary import Level

ALWAYS_LISTED: Final = (
    *(one.value + ANYWHERE for one in (Function.SOCIAL, Function.POLICE, Function.HEALTH)),
    *(province_team(one) for one in (Function.DUTY, Function.POLICE, Function.CHILD_PROTECTION)),
)
"""Teams whose plan is shown although nobody ever proposed another: those that the built-in routing lets lead."""
GRAVEST_FIRST: Final = tuple(sorted(Level, reverse=True))
LARGEST_VERSION: Final = 2**31 - 1


@dataclass(frozen=True)
class Version:
    """A version with the names of whoever proposed and decided; moments in UTC.

    `policy` is null where the version takes a team's own policy away, and where it can no longer be read (`unreadable`).
    """

    version: int
    team: str
    level: Level
    policy: Policy | None
    unreadable: bool
    note: str
    state: str
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    ended_at: datetime | None
    proposer: str | None
    decider: str | None

    @property
    def takes_away(self) -> bool:
        """Whether it goes back to what counts without a policy of the team's own."""
        return self.policy is None and not self.unreadable


@dataclass(frozen=True)
class Followed:
    """What alerts of a team and level follow: `version` null for the built-in plan, else a policy, maybe of another team."""

    team: str
    level: Level
    version: Version | None
    policy: Policy

    @property
    def own(self) -> bool:
        """Whether the policy is this very team's."""
        return self.version is not None and self.version.team == self.team


@dataclass(frozen=True)
class Listing:
    """The page of all policies; `followed` by team, the gravest level first; `history` newest first."""

    waiting: tuple[Version, ...]
    followed: Mapping[str, tuple[Followed, ...]]
    history: tuple[Version, ...]
    names: Mapping[UUID, str]


@dataclass(frozen=True)
class Pair:
    """A step of two plans; null where one has no such step."""

    number: int
    before: PolicyStep | None
    after: PolicyStep | None


@dataclass(frozen=True)
class Opened:
    """One version, what it replaces or would replace, what it says after all, and the steps of both side by side."""

    version: Version
    before: Followed
    after: Policy
    pairs: tuple[Pair, ...]
    names: Mapping[UUID, str]


async def load_listing(connection: AsyncConnection) -> Listing:
    """Return everything that the page of all policies shows."""
    versions, names = await _versions(connection)
    teams = dict.fromkeys(
        (*ALWAYS_LISTED, *sorted(one.team for one in versions if one.state in {"active", "proposed"}))
    )
    return Listing(
        waiting=tuple(one for one in versions if one.state == "proposed"),
        followed={team: tuple(followed(versions, team, level) for level in GRAVEST_FIRST) for team in teams},
        history=tuple(versions),
        names=names,
    )


async def load_version(connection: AsyncConnection, version: int) -> Opened | None:
    """Return one version with what it replaces, or None."""
    versions, names = await _versions(connection)
    found = next((one for one in versions if one.version == version), None)
    if found is None:
        return None
    others = [one for one in versions if one is not found]
    before = _before(others, found)
    after = found.policy or followed(_without_own(others, found.team), found.team, found.level).policy
    return Opened(found, before, after, _pairs(before.policy, after), names)


async def in_force(connection: AsyncConnection, team: str, level: Level) -> Followed:
    """Return what alerts of a team and level follow now."""
    versions, _ = await _versions(connection)
    return followed(versions, team, level)


async def one_policy(connection: AsyncConnection, version: int) -> Policy | None:
    """Return the policy of a version, or None where there is none."""
    row = await policies.one_policy(connection, version) if version <= LARGEST_VERSION else None
    return _read(row)[0] if row is not None else None


def followed(versions: Sequence[Version], team: str, level: Level) -> Followed:
    """Return what counts for a team and level: its own policy, its function's, or the built-in plan."""
    for scope in scopes(team):
        for one in versions:
            if (one.team, one.level, one.state) == (scope, level, "active") and one.policy is not None:
                return Followed(team, level, one, one.policy)
    return Followed(team, level, None, built_in(team, level))


def _before(others: Sequence[Version], found: Version) -> Followed:
    """Return what a version replaced when it came into force, or would replace now."""
    if found.decided_at is None or found.state == "refused":
        return followed(others, found.team, found.level)
    replaced = next(
        (
            one
            for one in others
            if (one.team, one.level, one.ended_at) == (found.team, found.level, found.decided_at) and one.policy
        ),
        None,
    )
    if replaced is not None and replaced.policy is not None:
        return Followed(found.team, found.level, replaced, replaced.policy)
    return followed(_without_own(others, found.team), found.team, found.level)


def _without_own(versions: Sequence[Version], team: str) -> list[Version]:
    return [one for one in versions if one.team != team]


def _pairs(before: Policy, after: Policy) -> tuple[Pair, ...]:
    most = max(len(before.steps), len(after.steps))
    return tuple(Pair(number, _step(before, number), _step(after, number)) for number in range(1, most + 1))


def _step(policy: Policy, number: int) -> PolicyStep | None:
    return policy.steps[number - 1] if number <= len(policy.steps) else None


async def _versions(connection: AsyncConnection) -> tuple[list[Version], Mapping[UUID, str]]:
    rows = await policies.all_policies(connection)
    read = [(row, *_read(row)) for row in rows]
    wanted = {row[who] for row in rows for who in ("proposed_by", "decided_by") if row[who] is not None}
    wanted |= {person for _, policy, _ in read if policy for person in named(policy)}
    names = await names_of(connection, wanted)
    return [_version(row, policy, bad, names) for row, policy, bad in read], names


def named(policy: Policy) -> Iterable[UUID]:
    """Give the people that a policy names."""
    return (target.person_id for step in policy.steps for target in step.targets if isinstance(target, Named))


def _read(row: RowMapping) -> tuple[Policy | None, bool]:
    """Return a row's policy, and whether there is one that cannot be read."""
    if row["document"] is None:
        return None, False
    try:
        return read_policy(row["document"]), False
    except (KeyError, ValueError):
        return None, True


def _version(row: RowMapping, policy: Policy | None, bad: bool, names: Mapping[UUID, str]) -> Version:  # noqa: FBT001
    return Version(
        version=row["version"],
        team=row["team"],
        level=Level(row["level"]),
        policy=policy,
        unreadable=bad,
        note=row["note"],
        state=row["state"],
        proposed_by=row["proposed_by"],
        proposed_at=row["proposed_at"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        ended_at=row["ended_at"],
        proposer=names.get(row["proposed_by"]),
        decider=names.get(row["decided_by"]) if row["decided_by"] else None,
    )


async def names_of(connection: AsyncConnection, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the names of colleagues and of whoever else may sign in, by id."""
    account = ACCOUNTS.accounts.c
    known = union_all(
        select(account.person_id, account.display_name).where(account.person_id.in_(ids)),
        select(people.c.id, people.c.name).where(people.c.id.in_(ids)),
    )
    return {row[0]: row[1] for row in (await connection.execute(known)).all()} if ids else {}


async def everybody(connection: AsyncConnection) -> Sequence[tuple[UUID, str, str]]:
    """Return id, name and team of each colleague who can be named, by name."""
    statement = select(people.c.id, people.c.name, people.c.team_code).where(~people.c.disabled)
    rows = (await connection.execute(statement.order_by(people.c.name, people.c.id))).all()
    return [(row[0], row[1], row[2]) for row in rows]
