"""Calendar feeds of duty, for a person or a team: which team and position, when; nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from icalendar import Calendar, Event
from sqlalchemy import RowMapping, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import PLANS, duty, teams
from shared.crypto import random_token

BACK: Final = timedelta(days=30)
POSITIONS: Final = {"worker": "trực", "head": "trưởng nhóm"}


async def make_feed(
    connection: AsyncConnection, *, person_id: UUID | None, team_code: str | None, by: UUID, now: datetime
) -> str:
    """Make a feed of a person or a team; return its token, which is shown once and kept as a hash."""
    token = random_token()
    row = {"id": uuid4(), "token_hash": _hash(token), "person_id": person_id, "team_code": team_code}
    await connection.execute(insert(PLANS.calendars).values(**row, made_by=by, made_at=now))
    return token


async def revoke_feed(connection: AsyncConnection, feed_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """End a feed; `by` limits it to one's own."""
    calendars = PLANS.calendars
    ended = update(calendars).where(calendars.c.id == feed_id, calendars.c.revoked_at.is_(None))
    if by is not None:
        ended = ended.where(calendars.c.made_by == by)
    await connection.execute(ended.values(revoked_at=now))


async def feed(connection: AsyncConnection, token: str, now: datetime) -> bytes | None:
    """Return the calendar of a token; null for one that nobody has, or that was revoked."""
    calendars = PLANS.calendars
    known = select(calendars).where(calendars.c.token_hash == _hash(token), calendars.c.revoked_at.is_(None))
    row = (await connection.execute(known)).mappings().first()
    if row is None:
        return None
    whose = duty.c.person_id == row["person_id"] if row["person_id"] else duty.c.team_code == row["team_code"]
    turns = (
        select(duty, teams.c.name_vi)
        .join(teams, teams.c.code == duty.c.team_code)
        .where(whose, or_(duty.c.ends_at.is_(None), duty.c.ends_at > now - BACK))
        .order_by(duty.c.starts_at)
    )
    return _calendar((await connection.execute(turns)).mappings().all(), now)


def _calendar(rows: Iterable[RowMapping], now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Heedline//VN")
    calendar.add("version", "2.0")
    for row in rows:
        event = Event()
        event.add("uid", f"{row['team_code']}-{row['position']}-{row['starts_at']:%Y%m%dT%H%M%SZ}-{row['id']}@heedline")
        event.add("dtstamp", now)
        event.add("dtstart", row["starts_at"])
        event.add("dtend", row["ends_at"] or max(row["starts_at"], now) + timedelta(days=1))
        event.add("summary", f"{row['name_vi']}, {POSITIONS[row['position']]}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
