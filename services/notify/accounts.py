"""The store of sign-in accounts and API keys. Each change is told to the other services in its transaction."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import ACCOUNTS, IDENTITY
from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import Role
from shared.events import EventBus
from shared.identity.actor import Scope
from shared.identity.read_copy import record_person

FIRST_SEQUENCE: Final = 1

_ACCOUNTS: Final = ACCOUNTS.accounts
_KEYS: Final = ACCOUNTS.api_keys


@dataclass(frozen=True)
class Account:
    """Who may sign in under a name. `login` is folded; `password_hash` is argon2id's."""

    person_id: UUID
    login: str
    display_name: str
    password_hash: str
    roles: frozenset[Role]
    team_codes: frozenset[str] = frozenset()
    unit_codes: frozenset[int] = frozenset()
    disabled: bool = False


@dataclass(frozen=True)
class ApiKey:
    """A key of a partner's program; `hashed` is its SHA-256 in hex. `bootstrap`: it came from the settings."""

    id: UUID
    name: str
    hashed: str
    scopes: frozenset[Scope]
    bootstrap: bool = False


def fold_login(text: str) -> str:
    """Return the form in which a sign-in name is kept and looked up: NFKC, without case, outer spaces and controls."""
    printable = "".join(character for character in text if character.isprintable())
    return unicodedata.normalize("NFKC", printable).strip().casefold()


async def account_of(connection: AsyncConnection, login: str) -> Account | None:
    """Return the account of a sign-in name, disabled or not."""
    statement = select(_ACCOUNTS).where(_ACCOUNTS.c.login == fold_login(login))
    row = (await connection.execute(statement)).mappings().first()
    return None if row is None else _account(row)


async def add_account(
    connection: AsyncConnection, bus: EventBus, account: Account, *, valid_from: datetime, now: datetime
) -> bool:
    """Add an account; False when its name or its person already has one. `valid_from` is real time."""
    values = {
        "person_id": account.person_id,
        "login": account.login,
        "display_name": account.display_name,
        "password_hash": account.password_hash,
        "roles": sorted(account.roles),
        "team_codes": sorted(account.team_codes),
        "unit_codes": sorted(account.unit_codes),
        "disabled": account.disabled,
        "sequence": FIRST_SEQUENCE,
        "sessions_valid_from": valid_from,
        "created_at": now,
    }
    statement = insert(_ACCOUNTS).values(**values).on_conflict_do_nothing().returning(_ACCOUNTS)
    row = (await connection.execute(statement)).mappings().first()
    if row is not None:
        await _tell(connection, bus, _person_changed(row, now))
    return row is not None


async def disable_account(
    connection: AsyncConnection, bus: EventBus, person_id: UUID, *, valid_from: datetime, now: datetime
) -> bool:
    """Close an account and end its sessions; False when there is none to close."""
    return await _change_account(
        connection, bus, person_id, {"disabled": True, "sessions_valid_from": valid_from}, now=now
    )


async def set_password(
    connection: AsyncConnection,
    bus: EventBus,
    person_id: UUID,
    password_hash: str,
    *,
    valid_from: datetime,
    now: datetime,
) -> str | None:
    """Give an account another password, end its sessions and open it if it was closed; return its sign-in name."""
    values = {"password_hash": password_hash, "disabled": False, "sessions_valid_from": valid_from}
    row = await _change(connection, bus, _ACCOUNTS.c.person_id == person_id, values, now=now)
    return None if row is None else str(row["login"])


async def describe(
    connection: AsyncConnection,
    bus: EventBus,
    person_id: UUID,
    *,
    name: str,
    team_codes: Collection[str],
    unit_codes: Collection[int],
    now: datetime,
) -> bool:
    """Change what an account says of its person, if anything differs; False when nothing did."""
    columns = {"display_name": name, "team_codes": sorted(team_codes), "unit_codes": sorted(unit_codes)}
    differs = or_(*(_ACCOUNTS.c[column] != value for column, value in columns.items()))
    mine = (_ACCOUNTS.c.person_id == person_id) & differs
    return await _change(connection, bus, mine, columns, now=now) is not None


async def end_sessions(
    connection: AsyncConnection, bus: EventBus, person_id: UUID, *, valid_from: datetime, now: datetime
) -> bool:
    """End every session that a person began before `valid_from`, in real time."""
    later = func.greatest(_ACCOUNTS.c.sessions_valid_from, valid_from)
    return await _change_account(connection, bus, person_id, {"sessions_valid_from": later}, now=now)


async def _change_account(
    connection: AsyncConnection, bus: EventBus, person_id: UUID, values: dict[str, Any], *, now: datetime
) -> bool:
    in_force = (_ACCOUNTS.c.person_id == person_id) & ~_ACCOUNTS.c.disabled
    return await _change(connection, bus, in_force, values, now=now) is not None


async def _change(
    connection: AsyncConnection, bus: EventBus, which: ColumnElement[bool], values: dict[str, Any], *, now: datetime
) -> RowMapping | None:
    statement = update(_ACCOUNTS).where(which).values(sequence=_ACCOUNTS.c.sequence + 1, **values).returning(_ACCOUNTS)
    row: RowMapping | None = (await connection.execute(statement)).mappings().first()
    if row is not None:
        await _tell(connection, bus, _person_changed(row, now))
    return row


async def put_key(connection: AsyncConnection, bus: EventBus, key: ApiKey, *, now: datetime) -> None:
    """Add a key, or put a disabled one of the same id back into force; does nothing when it is in force."""
    statement = insert(_KEYS).values(
        id=key.id,
        name=key.name,
        key_hash=key.hashed,
        scopes=sorted(key.scopes),
        bootstrap=key.bootstrap,
        disabled=False,
        sequence=FIRST_SEQUENCE,
        created_at=now,
    )
    in_force = {"disabled": False, "scopes": sorted(key.scopes), "sequence": _KEYS.c.sequence + 1}
    changed = statement.on_conflict_do_update(
        index_elements=["id"],
        set_=in_force,
        where=_KEYS.c.disabled | (_KEYS.c.scopes != statement.excluded.scopes),
    )
    row = (await connection.execute(changed.returning(_KEYS))).mappings().first()
    if row is not None:
        await _tell(connection, bus, _key_changed(row, now))


async def disable_key(connection: AsyncConnection, bus: EventBus, key_id: UUID, *, now: datetime) -> bool:
    """Disable a key; False when there is none in force."""
    return await _disable_keys(connection, bus, _KEYS.c.id == key_id, now=now) > 0


async def disable_bootstrap_keys(
    connection: AsyncConnection, bus: EventBus, *, but: Collection[UUID], now: datetime
) -> None:
    """Disable the keys of earlier settings."""
    await _disable_keys(connection, bus, _KEYS.c.bootstrap & _KEYS.c.id.not_in(but), now=now)


async def _disable_keys(connection: AsyncConnection, bus: EventBus, which: Any, *, now: datetime) -> int:
    statement = (
        update(_KEYS)
        .where(which, ~_KEYS.c.disabled)
        .values(disabled=True, sequence=_KEYS.c.sequence + 1)
        .returning(_KEYS)
    )
    rows = (await connection.execute(statement)).mappings().all()
    for row in rows:
        await _tell(connection, bus, _key_changed(row, now))
    return len(rows)


async def _tell(connection: AsyncConnection, bus: EventBus, change: PersonChanged) -> None:
    """Write notify's own read copy and tell the other services, all when the caller's transaction commits."""
    await record_person(connection, IDENTITY, change)
    await bus.publish(connection, change)


def _person_changed(row: RowMapping, now: datetime) -> PersonChanged:
    return PersonChanged(
        occurred_at=now,
        correlation_id=str(row["person_id"]),
        person_id=row["person_id"],
        sequence=row["sequence"],
        roles=tuple(Role(role) for role in row["roles"]),
        team_codes=tuple(row["team_codes"]),
        unit_codes=tuple(row["unit_codes"]),
        disabled=row["disabled"],
        sessions_valid_from=row["sessions_valid_from"],
    )


def _key_changed(row: RowMapping, now: datetime) -> PersonChanged:
    return PersonChanged(
        occurred_at=now,
        correlation_id=str(row["id"]),
        person_id=row["id"],
        sequence=row["sequence"],
        disabled=row["disabled"],
        sessions_valid_from=row["created_at"],
        key_hashes={} if row["disabled"] else {row["key_hash"]: tuple(row["scopes"])},
    )


def _account(row: RowMapping) -> Account:
    return Account(
        person_id=row["person_id"],
        login=row["login"],
        display_name=row["display_name"],
        password_hash=row["password_hash"],
        roles=frozenset(Role(role) for role in row["roles"]),
        team_codes=frozenset(row["team_codes"]),
        unit_codes=frozenset(row["unit_codes"]),
        disabled=row["disabled"],
    )
