"""The store of sign-in accounts. Each change is told to the other services in its transaction."""

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
from shared.identity.read_copy import record_person

FIRST_SEQUENCE: Final = 1

_ACCOUNTS: Final = ACCOUNTS.accounts


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
