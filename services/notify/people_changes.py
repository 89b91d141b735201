"""What was changed about people and teams, by whom; a row is only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import ACCOUNTS, CONTACTS, people

_changes = CONTACTS.changes
_accounts = ACCOUNTS.accounts
NEWEST = 100
"""Changes that a page shows."""


def ending(address: str) -> str:
    """Return the end of an address, by which whoever knows it tells which one it is: `…678`."""
    return f"…{address[-3:]}"


async def note_change(
    connection: AsyncConnection, person_id: UUID, by: UUID | None, what: str, at: datetime, **detail: Any
) -> None:
    """Keep what was changed about a person; `by` null: they did it by SMS, or the gateway reported it."""
    row = {"person_id": person_id, "by": by, "what": what, "at": at, "detail": detail}
    await connection.execute(insert(_changes).values(**row))


async def note_team_change(
    connection: AsyncConnection, team_code: str, by: UUID | None, what: str, at: datetime, **detail: Any
) -> None:
    """Keep what was changed about a team."""
    row = {"team_code": team_code, "by": by, "what": what, "at": at, "detail": detail}
    await connection.execute(insert(_changes).values(**row))


async def changes_of(connection: AsyncConnection, person_id: UUID) -> Sequence[RowMapping]:
    """Return the newest changes of a person, with the name of who made each."""
    return await _newest(connection, _changes.c.person_id == person_id)


async def changes_of_team(connection: AsyncConnection, team_code: str) -> Sequence[RowMapping]:
    """Return the newest changes of a team, with the name of who made each."""
    return await _newest(connection, _changes.c.team_code == team_code)


async def _newest(connection: AsyncConnection, which: ColumnElement[bool]) -> Sequence[RowMapping]:
    name = func.coalesce(_accounts.c.display_name, people.c.name).label("by_name")
    statement = (
        select(_changes, name)
        .outerjoin(_accounts, _accounts.c.person_id == _changes.c.by)
        .outerjoin(people, people.c.id == _changes.c.by)
        .where(which)
        .order_by(_changes.c.id.desc())
        .limit(NEWEST)
    )
    return (await connection.execute(statement)).mappings().all()
