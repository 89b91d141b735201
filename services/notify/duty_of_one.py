"""Reading which turns of duty hang on one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import duty, people, teams


@dataclass(frozen=True)
class Hole:
    """A turn that nobody else shares at its beginning (`at`: now, or when it begins), of a team and position."""

    team_code: str
    name_vi: str
    name_en: str
    position: str
    at: datetime


async def holes_without(
    connection: AsyncConnection, person_id: UUID, now: datetime, ahead: timedelta
) -> Sequence[Hole]:
    """Return where nobody would be on duty without a person, now or within `ahead`, the first one of each team and position."""
    begins = func.greatest(duty.c.starts_at, literal(now, duty.c.starts_at.type))
    other = duty.alias("other")
    somebody_else = (
        select(other.c.id)
        .join(people, people.c.id == other.c.person_id)
        .where(
            other.c.team_code == duty.c.team_code,
            other.c.position == duty.c.position,
            other.c.person_id != person_id,
            ~people.c.disabled,
            other.c.starts_at <= begins,
            or_(other.c.ends_at.is_(None), other.c.ends_at > begins),
        )
        .exists()
    )
    mine = and_(
        duty.c.person_id == person_id,
        duty.c.starts_at < now + ahead,
        or_(duty.c.ends_at.is_(None), duty.c.ends_at > now),
    )
    turn = (duty.c.team_code, teams.c.name_vi, teams.c.name_en, duty.c.position)
    statement = (
        select(*turn, func.min(begins))
        .join(teams, teams.c.code == duty.c.team_code)
        .where(mine, ~somebody_else)
        .group_by(*turn)
        .order_by(duty.c.team_code, duty.c.position)
    )
    return [Hole(*row) for row in (await connection.execute(statement)).all()]
