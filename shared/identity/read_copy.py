"""Writing the read copy of people and API keys, and forgetting what was remembered of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import NO_ACCOUNT, NO_TERMS, KeyTerms, PersonChanged
from shared.database import after_commit
from shared.identity.actor import Scope
from shared.identity.bootstrap import bootstrap_id, key_hash
from shared.identity.tables import IdentityTables

_BEFORE_ANY_EVENT: Final = 0
_ALWAYS: Final = datetime(2000, 1, 1, tzinfo=UTC)


class _Changes:
    """Counts the changes that this process committed, so that directories know when an answer is stale."""

    committed = 0


def changes_committed() -> int:
    """Return how often this process has committed a change of people or keys."""
    return _Changes.committed


def _count_change() -> None:
    _Changes.committed += 1


async def record_person(connection: AsyncConnection, tables: IdentityTables, change: PersonChanged) -> bool:
    """Bring the read copy to this state of a person, unless it is already there or later; tell whether it did.

    An event that only tells how colleagues are recognised changes nothing here.
    """
    if change.sequence == NO_ACCOUNT:
        return False
    if not await _write_person(connection, tables, change):
        return False
    await connection.execute(tables.keys.delete().where(tables.keys.c.person_id == change.person_id))
    for hashed, scopes in change.key_hashes.items():
        await _write_key(connection, tables, hashed, change.person_id, scopes, change.key_terms)
    after_commit(connection, _count_change)
    return True


async def record_bootstrap_key(connection: AsyncConnection, tables: IdentityTables, raw_key: str) -> None:
    """Know the key of BOOTSTRAP_API_KEY at start, with every scope, before notify has told of it."""
    values: dict[str, Any] = {
        "person_id": bootstrap_id(raw_key),
        "sequence": _BEFORE_ANY_EVENT,
        "roles": [],
        "team_codes": [],
        "unit_codes": [],
        "disabled": False,
        "sessions_valid_from": _ALWAYS,
    }
    statement = insert(tables.people).values(**values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_={"disabled": False}))
    await _write_key(connection, tables, key_hash(raw_key), values["person_id"], tuple(Scope))
    after_commit(connection, _count_change)


async def _write_person(connection: AsyncConnection, tables: IdentityTables, change: PersonChanged) -> bool:
    values = {
        "sequence": change.sequence,
        "roles": [role.value for role in change.roles],
        "team_codes": list(change.team_codes),
        "unit_codes": list(change.unit_codes),
        "disabled": change.disabled,
        "sessions_valid_from": change.sessions_valid_from,
    }
    statement = insert(tables.people).values(person_id=change.person_id, **values)
    newer = statement.on_conflict_do_update(
        index_elements=["person_id"], set_=values, where=tables.people.c.sequence < change.sequence
    )
    return (await connection.execute(newer.returning(tables.people.c.person_id))).first() is not None


async def _write_key(
    connection: AsyncConnection,
    tables: IdentityTables,
    hashed: str,
    person_id: UUID,
    scopes: tuple[str, ...],
    terms: KeyTerms = NO_TERMS,
) -> None:
    values = {
        "person_id": person_id,
        "scopes": [str(scope) for scope in scopes],
        "valid_until": terms.ends.get(hashed),
        "per_minute": terms.per_minute,
        "per_day": terms.per_day,
    }
    statement = insert(tables.keys).values(key_hash=hashed, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["key_hash"], set_=values))
