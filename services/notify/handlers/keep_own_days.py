"""Keep the organisation's own holidays and working days, and write the duty that depends on them anew."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.handlers.fill_rosters import fill_roster
from services.notify.models import PLANS
from services.notify.rules.escalation import Position, Target


async def set_own_day(connection: AsyncConnection, day: date, *, holiday: bool, name: str, now: datetime) -> None:
    """Make a day a holiday, or a working day, whatever the country says."""
    row = {"day": day, "holiday": holiday, "name": name}
    write = upsert(PLANS.own_days).values(**row)
    await connection.execute(write.on_conflict_do_update(index_elements=["day"], set_=row))
    await _fill(connection, now)


async def remove_own_day(connection: AsyncConnection, day: date, *, now: datetime) -> None:
    """Let a day be what the country says."""
    await connection.execute(delete(PLANS.own_days).where(PLANS.own_days.c.day == day))
    await _fill(connection, now)


async def _fill(connection: AsyncConnection, now: datetime) -> None:
    """Write duty anew where people take turns on holidays; always in the same order, so that two changes can wait."""
    rotations = PLANS.rotations
    seat = (rotations.c.team_code, rotations.c.position)
    live = rotations.c.ended_at.is_(None) & (func.cardinality(rotations.c.holiday_members) > 0)
    for code, position in (await connection.execute(select(*seat).where(live).distinct().order_by(*seat))).all():
        await fill_roster(connection, Target(code, Position(position)), now)
