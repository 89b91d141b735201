"""Reading and writing the tables of drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.draft_models import draft_removals, drafts
from services.intake.models import requests

Row = Mapping[str, Any]

_SAVED_AGAIN: Final = ("revision", "document", "channel", "filled", "updated_at")
_NAMES: Final = ("owner_id", "key", *_SAVED_AGAIN)


def _given(name: str) -> Any:
    return bindparam(f"d_{name}", type_=drafts.c[name].type)


_REPLACE = (
    update(drafts)
    .where(
        drafts.c.owner_id == _given("owner_id"),
        drafts.c.key == _given("key"),
        drafts.c.revision < _given("revision"),
    )
    .values({name: _given(name) for name in _SAVED_AGAIN})
)
_unsent = ~select(requests.c.report_id).where(requests.c.request_digest == bindparam("request_digest")).exists()
_begin = postgresql.insert(drafts).from_select(
    [*_NAMES, "created_at"], select(*(_given(name) for name in _NAMES), _given("updated_at")).where(_unsent)
)
_BEGIN = _begin.on_conflict_do_update(
    index_elements=["owner_id", "key"],
    set_={name: _begin.excluded[name] for name in _SAVED_AGAIN},
    where=drafts.c.revision < _begin.excluded.revision,
)
_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
_SUMMARY: Final = ("key", "revision", "channel", "filled", "created_at", "updated_at")


async def replace(connection: AsyncConnection, row: Row) -> bool:
    """Put a newer revision in the place of a draft; false when there is none, or one that is no older."""
    return bool((await connection.execute(_REPLACE, _values(row))).rowcount)


async def begin(connection: AsyncConnection, row: Row, request_digest: bytes) -> bool:
    """Keep a draft whose form was not sent; false when it was, or when a draft is there that is no older."""
    values = {**_values(row), "request_digest": request_digest}
    return bool((await connection.execute(_BEGIN, values)).rowcount)


async def lock(connection: AsyncConnection, owner_id: UUID, key: UUID) -> None:
    """Let one at a time begin or end the draft of a form, until the commit."""
    await connection.execute(_LOCK, {"name": f"{owner_id}:{key}"})


async def remove(connection: AsyncConnection, owner_id: UUID, key: UUID) -> bool:
    """Remove a draft; false when there is none."""
    gone = await connection.execute(delete(drafts).where(drafts.c.owner_id == owner_id, drafts.c.key == key))
    return bool(gone.rowcount)


async def remove_older(connection: AsyncConnection, before: datetime) -> int:
    """Remove drafts that were last saved before a moment; return how many."""
    return int((await connection.execute(delete(drafts).where(drafts.c.updated_at < before))).rowcount)


async def record_removal(connection: AsyncConnection, person_id: UUID | None, at: datetime, count: int) -> None:
    """Record that drafts were removed unsent."""
    await connection.execute(insert(draft_removals).values(person_id=person_id, removed_at=at, drafts=count))


async def one(connection: AsyncConnection, owner_id: UUID, key: UUID) -> RowMapping | None:
    """Return a draft of a person, null when there is none."""
    statement = select(drafts).where(drafts.c.owner_id == owner_id, drafts.c.key == key)
    return (await connection.execute(statement)).mappings().one_or_none()


async def of_owner(connection: AsyncConnection, owner_id: UUID, most: int) -> Sequence[RowMapping]:
    """Return a person's drafts without what they say, the one saved last first."""
    statement = select(*(drafts.c[name] for name in _SUMMARY)).where(drafts.c.owner_id == owner_id)
    return (await connection.execute(statement.order_by(drafts.c.updated_at.desc()).limit(most))).mappings().all()


async def sent_as(connection: AsyncConnection, request_digest: bytes) -> UUID | None:
    """Return the report that a request was answered with, null when it was not."""
    found = await connection.scalar(select(requests.c.report_id).where(requests.c.request_digest == request_digest))
    return None if found is None else UUID(str(found))


def _values(row: Row) -> dict[str, Any]:
    return {f"d_{name}": row[name] for name in _NAMES}
