"""Counting what API keys ask, in the database of the service that is asked, so that all its processes count as one."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Executable,
    Integer,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.identity.actor import Actor
from shared.identity.limits import Limits, OverLimit, Use, day_of, minute_of, over_limit
from shared.identity.sessions import real_now
from shared.observability import logger

_MOMENT: Final = DateTime(timezone=True)

log = logger(__name__)


@dataclass(frozen=True)
class Refusal:
    """A request over a limit; `retry_after` are seconds."""

    over: OverLimit
    retry_after: int


@dataclass(frozen=True)
class KeyUse:
    """What a key has asked of one service. `used_at` is the minute of the last request let through."""

    used: int = 0
    used_at: datetime | None = None
    refused: int = 0
    refused_reports: int = 0
    refused_at: datetime | None = None

    def __add__(self, other: KeyUse) -> KeyUse:
        """Return the use of both services together."""
        return KeyUse(
            self.used + other.used,
            _later(self.used_at, other.used_at),
            self.refused + other.refused,
            self.refused_reports + other.refused_reports,
            _later(self.refused_at, other.refused_at),
        )


class KeyCounter:
    """Lets requests of API keys through, or refuses them, and counts both.

    A key with limits costs one statement a request, whose commit does not wait for the disk: a crash of PostgreSQL
    may forget the last requests, which lets a few more through. A key without limits is counted in memory and
    written at most once a minute; a killed process forgets what it had not written.
    """

    def __init__(self, database: Database, table: Table) -> None:
        self._database = database
        self._take = _take(table)
        self._add = _add(table)
        self._unwritten: Counter[UUID] = Counter()
        self._written: dict[UUID, datetime] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, actor: Actor, *, carries_report: bool, now: datetime | None = None) -> Refusal | None:
        """Count a request of a key at `now` (real time); return why it may not go on, else None."""
        if actor.id is None:
            return None
        moment = now or real_now()
        if actor.limits is None or actor.limits.none:
            self._note(actor.id, minute_of(moment))
            return None
        row = await self._counted(actor.id, actor.limits, moment, carries_report=carries_report)
        if row.granted:
            return None
        over = over_limit(Use(row.minute, row.in_minute, row.day, row.in_day), actor.limits)
        if over is None:  # cannot be: the statement refuses by the same rule
            return None
        return Refusal(over, over.retry_after(moment))

    async def _counted(self, key_id: UUID, limits: Limits, now: datetime, *, carries_report: bool) -> Any:
        values = {
            "key_id": key_id,
            "at": now,
            "minute": minute_of(now),
            "day": day_of(now).astimezone(UTC),
            "per_minute": limits.per_minute,
            "per_day": limits.per_day,
            "reports": int(carries_report),
        }
        async with self._database.reading() as connection:
            return (await connection.execute(self._take, values)).one()

    def _note(self, key_id: UUID, minute: datetime) -> None:
        self._unwritten[key_id] += 1
        if self._written.get(key_id) == minute:
            return
        self._written[key_id] = minute
        task = asyncio.get_running_loop().create_task(self._write(key_id, minute))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self, key_id: UUID, minute: datetime) -> None:
        used = self._unwritten.pop(key_id, 0)
        try:
            async with self._database.reading() as connection:
                day = day_of(minute).astimezone(UTC)
                await connection.execute(self._add, {"key_id": key_id, "minute": minute, "day": day, "used": used})
        except Exception as error:  # noqa: BLE001 - a count that is not written stops nobody
            self._unwritten[key_id] += used
            log.warning("key_use_not_written", cause=type(error).__name__)

    async def written(self) -> None:
        """Return when what is being written is."""
        await asyncio.gather(*self._tasks)


async def uses(connection: AsyncConnection, table: Table) -> dict[UUID, KeyUse]:
    """Return what each key has asked of the service of `table`."""
    rows = await connection.execute(
        select(
            table.c.key_id, table.c.used, table.c.used_at, table.c.refused, table.c.refused_reports, table.c.refused_at
        )
    )
    return {row[0]: KeyUse(*row[1:]) for row in rows}


def _take(table: Table) -> Executable:
    """Build the statement that counts one request by the rule of `shared.identity.limits.ask`."""
    at, minute, day = (bindparam(name, type_=_MOMENT) for name in ("at", "minute", "day"))
    per_minute, per_day = (bindparam(name, type_=Integer()) for name in ("per_minute", "per_day"))
    reports = bindparam("reports", type_=Integer())
    first: Insert = insert(table).values(
        key_id=bindparam("key_id"),
        minute=minute,
        in_minute=1,
        day=day,
        in_day=1,
        granted=True,
        used=1,
        used_at=minute,
    )
    in_minute = case((minute > table.c.minute, 0), else_=table.c.in_minute)
    in_day = case((day > table.c.day, 0), else_=table.c.in_day)
    granted = and_(_room(in_minute, per_minute), _room(in_day, per_day))
    one = case((granted, 1), else_=0)
    refused = 1 - one
    return first.on_conflict_do_update(
        index_elements=["key_id"],
        set_={
            "minute": func.greatest(table.c.minute, minute),
            "in_minute": in_minute + one,
            "day": func.greatest(table.c.day, day),
            "in_day": in_day + one,
            "granted": granted,
            "used": table.c.used + one,
            "used_at": case((granted, func.greatest(table.c.used_at, minute)), else_=table.c.used_at),
            "refused": table.c.refused + refused,
            "refused_reports": table.c.refused_reports + refused * reports,
            "refused_at": case((granted, table.c.refused_at), else_=at),
        },
    ).returning(
        table.c.granted,
        table.c.minute,
        table.c.in_minute,
        table.c.day,
        table.c.in_day,
        func.set_config("synchronous_commit", "off", literal(True)),
    )


def _room(used: ColumnElement[int], limit: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(limit.is_(None), used < limit)


def _add(table: Table) -> Executable:
    """Build the statement that adds what was counted in memory of a key without limits."""
    minute, used = bindparam("minute", type_=_MOMENT), bindparam("used", type_=Integer())
    first: Insert = insert(table).values(
        key_id=bindparam("key_id"),
        minute=minute,
        in_minute=0,
        day=bindparam("day", type_=_MOMENT),
        in_day=0,
        granted=cast(literal(True), Boolean),
        used=used,
        used_at=minute,
    )
    return first.on_conflict_do_update(
        index_elements=["key_id"],
        set_={"used": table.c.used + used, "used_at": func.greatest(table.c.used_at, minute)},
    ).returning(func.set_config("synchronous_commit", "off", literal(True)))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)
