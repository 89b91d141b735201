"""Who a session or an API key is, from a service's read copy of people and keys.

The copy is fed by `heedline.people.changed.v1`, so a service answers while the others are down.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import Role
from shared.database import Database, schema_metadata
from shared.identity.actor import Actor, Scope
from shared.identity.bootstrap import key_hash
from shared.identity.key_use import KeyCounter
from shared.identity.limits import Limits
from shared.identity.read_copy import changes_committed, record_bootstrap_key, record_person
from shared.identity.sessions import Session, real_now
from shared.identity.tables import identity_tables

REMEMBERED_FOR: Final = timedelta(seconds=2)
"""How long a change committed by another process may go unseen; one of this process is seen at its commit."""
REMEMBERED_AT_MOST: Final = 4096
"""People and keys; the oldest answer is dropped first."""


@dataclass(frozen=True)
class _Known:
    """A person or key that is not disabled; sessions that began before `sessions_valid_from` have ended.

    `valid_until`: when the secret of a key ends, in real time; null for never.
    """

    actor: Actor
    sessions_valid_from: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True)
class _Answer:
    known: _Known
    changes: int
    fresh_until: float


class Directory:
    """The people and keys that the service of `schema` knows. Answers are remembered for two seconds."""

    def __init__(self, database: Database, schema: str) -> None:
        self._database = database
        self._tables = identity_tables(schema_metadata(schema))
        self._answers: dict[Hashable, _Answer] = {}
        self._bootstrap_hash: str | None = None
        self.counter = KeyCounter(database, self._tables.key_use)

    async def person(self, person_id: UUID) -> Actor | None:
        """Return a person; None when unknown or disabled."""
        known = await self._person(person_id)
        return known.actor if known else None

    async def session(self, session: Session) -> Actor | None:
        """Return the person of a session; None when unknown, disabled, or signed out since it began."""
        known = await self._person(session.person_id)
        if known is None or session.began_at < known.sessions_valid_from:
            return None
        return replace(known.actor, session=session.id)

    async def key(self, raw_key: str) -> Actor | None:
        """Return whom an API key stands for; None when unknown or disabled, or when this secret has ended."""
        hashed = key_hash(raw_key)
        known = await self._remembered(hashed, lambda: self._load(self._by_key(hashed)))
        if known is None or (known.valid_until is not None and known.valid_until <= real_now()):
            return None
        if hashed == self._bootstrap_hash:
            return replace(known.actor, unlimited=True, limits=None)
        return known.actor

    async def record_person(self, connection: AsyncConnection, change: PersonChanged) -> None:
        """Handle `heedline.people.changed.v1`: any order, any number of times."""
        await record_person(connection, self._tables, change)

    async def ensure_bootstrap(self, raw_key: str) -> None:
        """Know the key of BOOTSTRAP_API_KEY from now on, with every scope and no rate limit."""
        async with self._database.transaction() as connection:
            await record_bootstrap_key(connection, self._tables, raw_key)
        self._bootstrap_hash = key_hash(raw_key)

    async def _person(self, person_id: UUID) -> _Known | None:
        return await self._remembered(person_id, lambda: self._load(self._by_person(person_id)))

    async def _remembered(self, key: Hashable, load: Callable[[], Awaitable[_Known | None]]) -> _Known | None:
        """Return a fresh answer. Nobody is not remembered, so a new person or key works at once."""
        changes, now = changes_committed(), time.monotonic()
        answer = self._answers.get(key)
        if answer is not None and answer.changes == changes and now < answer.fresh_until:
            return answer.known
        known = await load()
        self._answers.pop(key, None)
        if known is not None:
            self._answers[key] = _Answer(known, changes, now + REMEMBERED_FOR.total_seconds())
            if len(self._answers) > REMEMBERED_AT_MOST:
                del self._answers[next(iter(self._answers))]
        return known

    def _by_person(self, person_id: UUID) -> Select[Any]:
        people = self._tables.people
        return select(people).where(people.c.person_id == person_id, ~people.c.disabled)

    def _by_key(self, hashed: str) -> Select[Any]:
        people, keys = self._tables.people, self._tables.keys
        terms = (keys.c.valid_until, keys.c.per_minute, keys.c.per_day)
        joined = select(people, keys.c.scopes, *terms).join(keys, keys.c.person_id == people.c.person_id)
        return joined.where(keys.c.key_hash == hashed, ~people.c.disabled)

    async def _load(self, statement: Select[Any]) -> _Known | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return None if row is None else _known(row)


def _known(values: RowMapping) -> _Known:
    """Read a row; roles and scopes that a newer version invented are left out, which only grants less."""
    actor = Actor(
        id=values["person_id"],
        roles=frozenset(Role(role) for role in values["roles"] if role in set(Role)),
        team_codes=frozenset(values["team_codes"]),
        unit_codes=frozenset(values["unit_codes"]),
        scopes=frozenset(Scope(scope) for scope in values.get("scopes", ()) if scope in set(Scope)),
        limits=Limits(values["per_minute"], values["per_day"]) if "scopes" in values else None,
    )
    return _Known(actor, values["sessions_valid_from"], values.get("valid_until"))
