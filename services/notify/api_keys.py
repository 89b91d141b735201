"""The store of API keys: their secrets, limits and ends. Each change is recorded, and told to the other services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import ACCOUNTS, IDENTITY
from shared.contracts.events import KeyTerms, PersonChanged
from shared.events import EventBus
from shared.identity.actor import Scope
from shared.identity.limits import Limits
from shared.identity.read_copy import record_person

FIRST_SEQUENCE: Final = 1

_KEYS: Final = ACCOUNTS.api_keys
_SECRETS: Final = ACCOUNTS.key_secrets
_CHANGES: Final = ACCOUNTS.key_changes


@dataclass(frozen=True)
class ApiKey:
    """A key of a partner's program. `bootstrap`: it came from the settings. `expires_at`: real time, null for never."""

    id: UUID
    name: str
    scopes: frozenset[Scope]
    limits: Limits
    expires_at: datetime | None = None
    bootstrap: bool = False


@dataclass(frozen=True)
class Secret:
    """What a key is told by, as its SHA-256 in hex; `ends_at` is null for the newest of a key."""

    hashed: str
    created_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class KeyChange:
    """What somebody did to a key; `by` null: at the command line. `detail` holds numbers, moments and scopes."""

    key_id: UUID
    at: datetime
    by: UUID | None
    what: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class KeptKey:
    """A key as it is kept."""

    key: ApiKey
    disabled: bool
    created_at: datetime
    secrets: tuple[Secret, ...]


async def put_key(connection: AsyncConnection, bus: EventBus, key: ApiKey, hashed: str, *, now: datetime) -> bool:
    """Add a key, or put a disabled one of the same id back into force; tell whether that changed anything."""
    terms = {
        "scopes": sorted(key.scopes),
        "per_minute": key.limits.per_minute,
        "per_day": key.limits.per_day,
        "expires_at": key.expires_at,
    }
    statement = insert(_KEYS).values(
        id=key.id,
        name=key.name,
        bootstrap=key.bootstrap,
        disabled=False,
        sequence=FIRST_SEQUENCE,
        created_at=now,
        **terms,
    )
    changed = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={"disabled": False, "sequence": _KEYS.c.sequence + 1, **terms},
        where=_KEYS.c.disabled | (_KEYS.c.scopes != statement.excluded.scopes),
    )
    row = (await connection.execute(changed.returning(_KEYS))).mappings().first()
    if row is None:
        return False
    await add_secret(connection, key.id, hashed, now=now)
    await _tell(connection, bus, row, now)
    return True


async def add_secret(connection: AsyncConnection, key_id: UUID, hashed: str, *, now: datetime) -> None:
    """Add a secret; one that is there already stays as it is."""
    values = {"key_hash": hashed, "key_id": key_id, "created_at": now}
    await connection.execute(insert(_SECRETS).values(**values).on_conflict_do_nothing())


async def end_secrets(connection: AsyncConnection, key_id: UUID, ends_at: datetime) -> None:
    """Let every secret of a key end at `ends_at`, unless it ends earlier."""
    await connection.execute(
        update(_SECRETS)
        .where(_SECRETS.c.key_id == key_id, or_(_SECRETS.c.ends_at.is_(None), _SECRETS.c.ends_at > ends_at))
        .values(ends_at=ends_at)
    )


async def change_key(
    connection: AsyncConnection, bus: EventBus, key_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> bool:
    """Change a key that is in force, and tell what it is now; False when there is none."""
    return await _change(connection, bus, _KEYS.c.id == key_id, values, now=now) > 0


async def disable_key(connection: AsyncConnection, bus: EventBus, key_id: UUID, *, now: datetime) -> bool:
    """Disable a key; False when there is none in force."""
    return await change_key(connection, bus, key_id, {"disabled": True}, now=now)


async def disable_bootstrap_keys(
    connection: AsyncConnection, bus: EventBus, *, but: Collection[UUID], now: datetime
) -> None:
    """Disable the keys of earlier settings."""
    await _change(connection, bus, _KEYS.c.bootstrap & _KEYS.c.id.not_in(but), {"disabled": True}, now=now)


async def record_change(connection: AsyncConnection, change: KeyChange) -> None:
    """Record what somebody did to a key."""
    await connection.execute(
        insert(_CHANGES).values(
            key_id=change.key_id,
            changed_at=change.at,
            changed_by=change.by,
            what=change.what,
            detail=dict(change.detail),
        )
    )


async def lock_key(connection: AsyncConnection, key_id: UUID) -> ApiKey | None:
    """Return a key that is in force, locked until the transaction ends; None when there is none."""
    statement = select(_KEYS).where(_KEYS.c.id == key_id, ~_KEYS.c.disabled).with_for_update()
    row = (await connection.execute(statement)).mappings().first()
    return None if row is None else _key(row)


async def kept_keys(connection: AsyncConnection) -> list[KeptKey]:
    """Return every key, those in force first, then by name."""
    rows = (await connection.execute(select(_KEYS).order_by(_KEYS.c.disabled, _KEYS.c.name, _KEYS.c.id))).mappings()
    secrets: dict[UUID, list[Secret]] = {}
    for row in await connection.execute(select(_SECRETS).order_by(_SECRETS.c.created_at.desc())):
        secrets.setdefault(row.key_id, []).append(Secret(row.key_hash, row.created_at, row.ends_at))
    return [
        KeptKey(_key(row), row["disabled"], row["created_at"], tuple(secrets.get(row["id"], ()))) for row in rows.all()
    ]


async def changes(connection: AsyncConnection, limit: int) -> Sequence[KeyChange]:
    """Return the newest changes of any key, newest first."""
    rows = await connection.execute(select(_CHANGES).order_by(_CHANGES.c.id.desc()).limit(limit))
    return [KeyChange(row.key_id, row.changed_at, row.changed_by, row.what, row.detail) for row in rows]


async def names_of(connection: AsyncConnection) -> dict[UUID, str]:
    """Return the names of people who have an account."""
    accounts = ACCOUNTS.accounts.c
    return {row[0]: row[1] for row in await connection.execute(select(accounts.person_id, accounts.display_name))}


async def _change(
    connection: AsyncConnection, bus: EventBus, which: Any, values: Mapping[str, Any], *, now: datetime
) -> int:
    statement = (
        update(_KEYS).where(which, ~_KEYS.c.disabled).values(sequence=_KEYS.c.sequence + 1, **values).returning(_KEYS)
    )
    rows = (await connection.execute(statement)).mappings().all()
    for row in rows:
        await _tell(connection, bus, row, now)
    return len(rows)


async def _tell(connection: AsyncConnection, bus: EventBus, row: RowMapping, now: datetime) -> None:
    """Write notify's own read copy and tell the other services, all when the caller's transaction commits."""
    living = select(_SECRETS.c.key_hash, func.least(_SECRETS.c.ends_at, row["expires_at"]).label("ends")).where(
        _SECRETS.c.key_id == row["id"], or_(_SECRETS.c.ends_at.is_(None), _SECRETS.c.ends_at > now)
    )
    secrets = [] if row["disabled"] else (await connection.execute(living)).all()
    change = PersonChanged(
        occurred_at=now,
        correlation_id=str(row["id"]),
        person_id=row["id"],
        sequence=row["sequence"],
        disabled=row["disabled"],
        sessions_valid_from=row["created_at"],
        key_hashes={secret.key_hash: tuple(row["scopes"]) for secret in secrets},
        key_terms=KeyTerms(
            per_minute=row["per_minute"],
            per_day=row["per_day"],
            ends={secret.key_hash: secret.ends for secret in secrets if secret.ends is not None},
        ),
    )
    await record_person(connection, IDENTITY, change)
    await bus.publish(connection, change)


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        scopes=frozenset(Scope(scope) for scope in row["scopes"]),
        limits=Limits(row["per_minute"], row["per_day"]),
        expires_at=row["expires_at"],
        bootstrap=row["bootstrap"],
    )
