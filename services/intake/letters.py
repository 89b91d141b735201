"""The store of submitted reports that could not be read, and of what people did with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import dead_letters, letter_acts, reports


async def waiting(connection: AsyncConnection, limit: int) -> Sequence[RowMapping]:
    """Return the letters that wait for a person, oldest first, without their content; `opened` if somebody read one."""
    opened = exists().where(letter_acts.c.event_id == dead_letters.c.event_id, letter_acts.c.act == "opened")
    columns = (dead_letters.c.event_id, dead_letters.c.reasons, dead_letters.c.arrived_at, opened.label("opened"))
    statement = select(*columns).where(dead_letters.c.settled_at.is_(None)).order_by(dead_letters.c.arrived_at)
    return (await connection.execute(statement.limit(limit))).mappings().all()


async def count_waiting(connection: AsyncConnection) -> int:
    """Count the letters that wait for a person."""
    statement = select(func.count()).select_from(dead_letters).where(dead_letters.c.settled_at.is_(None))
    return int(await connection.scalar(statement) or 0)


async def lock_waiting(connection: AsyncConnection, event_id: UUID) -> RowMapping | None:
    """Return a letter that waits, locked until the transaction ends; None when there is none."""
    statement = select(dead_letters).where(dead_letters.c.event_id == event_id, dead_letters.c.settled_at.is_(None))
    return (await connection.execute(statement.with_for_update())).mappings().first()


async def settle(connection: AsyncConnection, event_id: UUID, at: datetime) -> None:
    """Note that nobody need look at a letter any more."""
    await connection.execute(update(dead_letters).where(dead_letters.c.event_id == event_id).values(settled_at=at))


async def was_opened(connection: AsyncConnection, event_id: UUID) -> bool:
    """Tell whether a person has read a letter."""
    found = select(letter_acts.c.id).where(letter_acts.c.event_id == event_id, letter_acts.c.act == "opened")
    return (await connection.execute(found.limit(1))).first() is not None


async def case_is_known(connection: AsyncConnection, case_code: str) -> bool:
    """Tell whether a report has this case code."""
    found = select(reports.c.report_id).where(reports.c.case_code == case_code)
    return (await connection.execute(found)).first() is not None


async def record_act(
    connection: AsyncConnection, event_id: UUID, act: str, person_id: UUID, at: datetime, note: str = ""
) -> None:
    """Record what a person did with a letter."""
    values = {"event_id": event_id, "act": act, "person_id": person_id, "at": at, "note": note}
    await connection.execute(insert(letter_acts).values(**values))
