"""Rehearse the coverage of the days to come, and keep once a day, from 08:00, what supervisors must see."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import duty_store, exclusion
from services.notify.models import PLANS, alerts, teams
from services.notify.records import Alert
from services.notify.rules.escalation import steps
from services.notify.rules.rehearsal import Chain, Hole, rehearse
from shared.clock import VIETNAM
from shared.contracts.vocabulary import Level, Where
from shared.database import Database

AHEAD: Final = timedelta(days=14)
NOTICE_HOUR: Final = 8
"""Local hour from which a day's notice is shown."""
WORKING_DAY: Final = timedelta(days=1)
"""Stands for the first working day of ROUTINE; who is asked does not depend on it."""


async def coverage_holes(connection: AsyncConnection, now: datetime) -> list[Hole]:
    """Return the holes of every unit's and level's chain over the next 14 days; a hole of the province is told once."""
    units = select(teams.c.unit_code).where(teams.c.unit_code.is_not(None)).distinct().order_by(teams.c.unit_code)
    chains = [Chain(None, level, steps(level, Where.PROVINCE, None, WORKING_DAY)) for level in Level]
    for unit in (await connection.execute(units)).scalars():
        chains += [Chain(unit, level, steps(level, Where.COMMUNE, unit, WORKING_DAY)) for level in Level]
    chains += await _cases(connection)
    covered = await duty_store.coverings(connection, now, now + AHEAD)
    found = await asyncio.to_thread(rehearse, chains, covered, now, now + AHEAD)
    return [hole for hole in found if hole.unit_code is None or hole.case_code or not _of_the_province(hole)]


def _of_the_province(hole: Hole) -> bool:
    return all(target.team_code.startswith("province-") for target in hole.targets)


async def _cases(connection: AsyncConnection) -> list[Chain]:
    """Return the chains of cases that exclude somebody, taken or not: whoever has one may go off duty."""
    barred = (func.cardinality(alerts.c.excluded_people) > 0) | (func.cardinality(alerts.c.excluded_teams) > 0)
    rows = await connection.execute(select(alerts).where(alerts.c.state != "closed", barred))
    found = [Alert.of(row) for row in rows.mappings().all()]
    return [
        Chain(
            alert.unit_code,
            alert.level,
            tuple(alert.steps),
            alert.case_code,
            await exclusion.excluded_from(connection, alert),
            frozenset(alert.excluded_teams),
        )
        for alert in found
    ]


async def keep_rehearsal(database: Database, now: datetime) -> bool:
    """Keep what today's rehearsal found; before 08:00 there is none. True when the day's notice is new."""
    here = now.astimezone(VIETNAM)
    if here.hour < NOTICE_HOUR:
        return False
    kept = PLANS.rehearsals
    async with database.transaction() as connection:
        holes = await coverage_holes(connection, now)
        kinds = Counter(hole.kind.value for hole in holes)
        row = {"day": here.date(), "noticed_at": now, "made_at": now, "holes": len(holes), "kinds": dict(kinds)}
        again = {name: row[name] for name in ("made_at", "holes", "kinds")}
        new = await connection.scalar(select(kept.c.day).where(kept.c.day == here.date())) is None
        write = upsert(kept).values(**row)
        await connection.execute(write.on_conflict_do_update(index_elements=["day"], set_=again))
    return new


async def latest_rehearsal(connection: AsyncConnection) -> tuple[int, datetime] | None:
    """Return how many holes the last rehearsal found, and when."""
    kept = PLANS.rehearsals
    row = (await connection.execute(select(kept).order_by(kept.c.day.desc()).limit(1))).mappings().first()
    return None if row is None else (row["holes"], row["made_at"])
