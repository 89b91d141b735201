"""Lists of what is planned, for the pages of duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import is_reachable
from services.notify.models import PLANS, duty, people, teams
from shared import places

RECENT = 50
MOST_FEEDS = 500


async def team(connection: AsyncConnection, code: str) -> RowMapping | None:
    """Return a team, or null."""
    return (await connection.execute(select(teams).where(teams.c.code == code))).mappings().first()


async def units(connection: AsyncConnection) -> list[tuple[int, str]]:
    """Return the units that have teams, by name."""
    rows = await connection.execute(select(teams.c.unit_code).where(teams.c.unit_code.is_not(None)).distinct())
    found = [(code, unit.name) for code in rows.scalars() if (unit := places.by_code(code)) is not None]
    return sorted(found, key=lambda one: one[1])


async def entries(connection: AsyncConnection, code: str, now: datetime) -> Sequence[RowMapping]:
    """Return what is planned from a moment on beside standing duty and rotations."""
    planned, replaced = PLANS.entries, people.alias("replaced")
    statement = (
        select(planned, people.c.name, replaced.c.name.label("replaces_name"))
        .join(people, people.c.id == planned.c.person_id)
        .outerjoin(replaced, replaced.c.id == planned.c.replaces)
        .where(planned.c.team_code == code, planned.c.cancelled_at.is_(None), planned.c.source != "standing")
        .where(or_(planned.c.ends_at.is_(None), planned.c.ends_at > now))
        .order_by(planned.c.starts_at)
    )
    return (await connection.execute(statement)).mappings().all()


async def rotations(connection: AsyncConnection, code: str) -> list[dict[str, Any]]:
    """Return the rotations in force, with their people's names in order."""
    table = PLANS.rotations
    live = select(table).where(table.c.team_code == code, table.c.ended_at.is_(None)).order_by(table.c.layer.desc())
    rows = (await connection.execute(live)).mappings().all()
    ids = {one for row in rows for one in (*row["members"], *row["holiday_members"])}
    found = await connection.execute(select(people.c.id, people.c.name).where(people.c.id.in_(ids)))
    names: dict[UUID, str] = {row.id: row.name for row in found}
    return [{**row, "names": [names.get(one, "?") for one in row["members"]]} for row in rows]


async def turns_of(connection: AsyncConnection, person: UUID | None, now: datetime) -> Sequence[RowMapping]:
    """Return a person's turns to come that have an end."""
    statement = (
        select(duty, teams.c.name_vi, teams.c.name_en)
        .join(teams, teams.c.code == duty.c.team_code)
        .where(duty.c.person_id == person, duty.c.ends_at > now)
        .order_by(duty.c.starts_at)
        .limit(RECENT)
    )
    return (await connection.execute(statement)).mappings().all()


async def colleagues(connection: AsyncConnection, person: UUID | None) -> Sequence[RowMapping]:
    """Return the others of a person's own team."""
    own = select(people.c.team_code).where(people.c.id == person).scalar_subquery()
    statement = select(people).where(people.c.team_code == own, people.c.id != person, ~people.c.disabled)
    return (await connection.execute(statement.order_by(people.c.name))).mappings().all()


async def swaps(connection: AsyncConnection, person: UUID | None) -> Sequence[RowMapping]:
    """Return the last swaps, of a person or of everybody (null)."""
    table, giving, taking = PLANS.swaps, people.alias("giving"), people.alias("taking")
    statement = (
        select(table, giving.c.name.label("from_name"), taking.c.name.label("to_name"), teams.c.name_vi)
        .join(giving, giving.c.id == table.c.from_person)
        .join(taking, taking.c.id == table.c.to_person)
        .join(teams, teams.c.code == table.c.team_code)
        .order_by(table.c.offered_at.desc())
        .limit(RECENT)
    )
    if person is not None:
        statement = statement.where(or_(table.c.from_person == person, table.c.to_person == person))
    return (await connection.execute(statement)).mappings().all()


async def feeds(connection: AsyncConnection, person: UUID | None, code: str | None) -> Sequence[RowMapping]:
    """Return the calendar feeds that were not revoked, of a person who made them and of a team; null for any."""
    table = PLANS.calendars
    statement = (
        select(table, people.c.name, teams.c.name_vi, teams.c.name_en)
        .outerjoin(people, people.c.id == func.coalesce(table.c.person_id, table.c.made_by))
        .outerjoin(teams, teams.c.code == table.c.team_code)
        .where(table.c.revoked_at.is_(None))
        .order_by(table.c.made_at.desc())
        .limit(MOST_FEEDS)
    )
    if person is not None:
        statement = statement.where(table.c.made_by == person)
    if code is not None:
        statement = statement.where(table.c.team_code == code)
    return (await connection.execute(statement)).mappings().all()


async def unreached(connection: AsyncConnection, code: str, now: datetime) -> list[str]:
    """Return the names of those on duty for a team now or later, or in its rotations, whom no SMS can reach."""
    coming = select(duty.c.person_id).where(
        duty.c.team_code == code, or_(duty.c.ends_at.is_(None), duty.c.ends_at > now)
    )
    table = PLANS.rotations
    live = (table.c.team_code == code) & table.c.ended_at.is_(None)
    turning = select(func.unnest(table.c.members + table.c.holiday_members)).where(live)
    statement = select(people.c.name).where(
        people.c.id.in_(coming.union(turning)),
        ~people.c.disabled,
        ~is_reachable(people.c.id),
    )
    return [str(name) for name in (await connection.execute(statement.order_by(people.c.name))).scalars()]


async def own_days(connection: AsyncConnection, year: int) -> list[RowMapping]:
    """Return the days of a year that the organisation put in or took out."""
    table = PLANS.own_days
    within = table.c.day.between(date(year, 1, 1), date(year, 12, 31))
    return list((await connection.execute(select(table).where(within).order_by(table.c.day))).mappings())
