"""Write what is planned into `duty`, from now to the horizon; the past stays as it was."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import duty_store
from services.notify.models import PLANS
from services.notify.rules.escalation import Position, Target
from services.notify.rules.schedule import turns
from shared.database import Database
from shared.observability import DUTY_HORIZON

HORIZON: Final = timedelta(days=60)
"""How far duty is written ahead: whoever pages needs no planning for two months if the job stood still."""
REFILL: Final = timedelta(days=45)
"""A position that is written for less than this is written further."""
SHORT: Final = timedelta(days=14)
"""Less than this is told to people: the job that writes further has stood still for weeks."""

_SHORT = select(PLANS.rosters).where(PLANS.rosters.c.filled_until.is_not(None)).order_by(PLANS.rosters.c.filled_until)


async def fill_roster(connection: AsyncConnection, target: Target, now: datetime) -> None:
    """Write the duty of a position anew from `now`; whoever changes a plan calls this in the same transaction."""
    await duty_store.lock_roster(connection, target, now)
    plan = await duty_store.plan_of(connection, target, now)
    until = now + HORIZON if plan.rotations else None
    free = await duty_store.holidays_around(connection, now, now + HORIZON)
    await duty_store.replace_future(connection, target, turns(plan, now, until, free), now, until)


@dataclass(frozen=True)
class Horizon:
    """How far duty is written where it is least (null: for ever), and for how many positions it is short."""

    until: datetime | None
    short: int


async def horizon(connection: AsyncConnection, now: datetime) -> Horizon:
    """Return how far duty is written."""
    filled = PLANS.rosters.c.filled_until
    statement = select(func.min(filled), func.count().filter(filled < now + SHORT))
    until, short = (await connection.execute(statement)).one()
    return Horizon(until, short)


async def measure_horizon(database: Database, now: datetime) -> None:
    """Keep the metric of how far duty is written, in days."""
    async with database.reading() as connection:
        found = await horizon(connection, now)
    DUTY_HORIZON.set(math.inf if found.until is None else (found.until - now) / timedelta(days=1))


async def fill_rosters(database: Database, now: datetime) -> int:
    """Write further ahead whatever is short, a transaction a position; return how many."""
    async with database.reading() as connection:
        short = _SHORT.where(PLANS.rosters.c.filled_until < now + REFILL)
        rows = (await connection.execute(short)).mappings().all()
    for row in rows:
        async with database.transaction() as connection:
            await fill_roster(connection, Target(row["team_code"], Position(row["position"])), now)
    return len(rows)
