"""Reads and writes of duty's plans, a statement or two each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

import holidays
from sqlalchemy import ColumnElement, RowMapping, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import store
from services.notify.contacts import is_reachable
from services.notify.models import PLANS, duty, people
from services.notify.rules.escalation import OnDuty, Position, Target
from services.notify.rules.rehearsal import Covering
from services.notify.rules.schedule import Entry, Plan, Rotation, Source, Turn, turns
from shared.clock import VIETNAM

COUNTRY = "VN"


async def lock_roster(connection: AsyncConnection, target: Target, now: datetime) -> None:
    """Begin to plan a position if nobody did, keeping who is on duty; then let nobody else change it meanwhile."""
    rosters = PLANS.rosters
    key = {"team_code": target.team_code, "position": target.position.value}
    begun = upsert(rosters).values(**key).on_conflict_do_nothing().returning(rosters.c.team_code)
    if (await connection.execute(begun)).first() is not None:
        await _adopt(connection, target, now)
        return
    await connection.execute(select(rosters.c.team_code).filter_by(**key).with_for_update())


async def _adopt(connection: AsyncConnection, target: Target, now: datetime) -> None:
    """Make a plan of the duty that somebody was given before anything was planned."""
    entries = PLANS.entries
    columns = ["team_code", "position", "source", "person_id", "starts_at", "ends_at"]
    given = select(func.gen_random_uuid(), *(duty.c[name] for name in columns), func.now().label("made_at")).where(
        _of(target), _not_over(now), duty.c.source.in_([Source.STANDING, Source.SHIFT])
    )
    await connection.execute(insert(entries).from_select(["id", *columns, "made_at"], given))


def _of(target: Target) -> ColumnElement[bool]:
    return (duty.c.team_code == target.team_code) & (duty.c.position == target.position.value)


def _not_over(now: datetime) -> ColumnElement[bool]:
    return or_(duty.c.ends_at.is_(None), duty.c.ends_at > now)


async def plan_of(connection: AsyncConnection, target: Target, now: datetime) -> Plan:
    """Return what is planned for a position from a moment on."""
    key = {"team_code": target.team_code, "position": target.position.value}
    rotations, entries = PLANS.rotations, PLANS.entries
    live = select(rotations).filter_by(**key).where(rotations.c.ended_at.is_(None))
    valid = (
        select(entries)
        .filter_by(**key)
        .where(entries.c.cancelled_at.is_(None), or_(entries.c.ends_at.is_(None), entries.c.ends_at > now))
    )
    return Plan(
        tuple(rotation_of(row) for row in (await connection.execute(live)).mappings()),
        tuple(
            Entry(Source(row["source"]), row["person_id"], row["starts_at"], row["ends_at"], row["replaces"])
            for row in (await connection.execute(valid)).mappings()
        ),
    )


def rotation_of(row: RowMapping) -> Rotation:
    """Return the rotation that a row keeps."""
    hours = None if row["opens"] is None else (row["opens"], row["closes"])
    same = ("layer", "handover", "zone", "period_days", "starts_on", "until")
    return Rotation(
        **{name: row[name] for name in same},
        members=tuple(row["members"]),
        weekdays=frozenset(row["weekdays"]),
        hours=hours,
        holiday_members=tuple(row["holiday_members"]),
    )


async def replace_future(
    connection: AsyncConnection, target: Target, planned: Sequence[Turn], now: datetime, filled_until: datetime | None
) -> None:
    """Let `duty` tell, from `now` on, of these turns and no others; what was before `now` stays."""
    # first, since of turns without an end there may be only one at a time
    await connection.execute(duty.delete().where(_of(target), duty.c.starts_at >= now))
    running = {(turn.person_id, turn.source): turn for turn in planned if turn.starts_at <= now}
    begun = select(duty).where(_of(target), _not_over(now), duty.c.starts_at < now)
    for row in (await connection.execute(begun)).mappings().all():
        goes_on = running.pop((row["person_id"], Source(row["source"])), None)
        ends_at = goes_on.ends_at if goes_on is not None else now
        if ends_at != row["ends_at"]:
            await connection.execute(update(duty).where(duty.c.id == row["id"]).values(ends_at=ends_at))
    fresh = [*running.values(), *(turn for turn in planned if turn.starts_at > now)]
    seat = {"team_code": target.team_code, "position": target.position.value}
    rows = [{**seat, **vars(turn), "source": turn.source.value} for turn in fresh]
    if rows:
        await connection.execute(insert(duty), rows)
    filled = update(PLANS.rosters).filter_by(**seat).values(filled_until=filled_until)
    await connection.execute(filled)


async def holidays_between(connection: AsyncConnection, first: date, last: date) -> frozenset[date]:
    """Return the holidays of Việt Nam between two days, with the organisation's own days put in and taken out."""
    own = PLANS.own_days
    rows = (await connection.execute(select(own.c.day, own.c.holiday))).all()
    known = {day for year in range(first.year, last.year + 1) for day in _of_the_country(year)}
    known |= {day for day, holiday in rows if holiday}
    return frozenset(known - {day for day, holiday in rows if not holiday})


@lru_cache(maxsize=16)
def national_days(year: int, locale: str) -> tuple[tuple[date, str], ...]:
    """Return the holidays of Việt Nam in a year, with their names in a language."""
    known = holidays.country_holidays(COUNTRY, years=[year], language="en_US" if locale == "en" else "vi")
    return tuple(sorted(known.items()))


@lru_cache(maxsize=16)
def _of_the_country(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(COUNTRY, years=[year]))


async def holidays_around(connection: AsyncConnection, since: datetime, until: datetime) -> frozenset[date]:
    """Return the holidays that a window may touch, in any time zone."""
    day = timedelta(days=1)
    first, last = since.astimezone(VIETNAM).date() - day, until.astimezone(VIETNAM).date() + day
    return await holidays_between(connection, first, last)


async def coverings(
    connection: AsyncConnection, since: datetime, until: datetime, codes: Collection[str] | None = None
) -> Mapping[Target, Sequence[Covering]]:
    """Return who is on duty between two moments, by target; of every team without `codes`."""
    statement = (
        select(duty, is_reachable(people.c.id).label("reachable"))
        .join(people, people.c.id == duty.c.person_id)
        .where(duty.c.starts_at < until, _not_over(since), ~people.c.disabled)
        .order_by(duty.c.starts_at)
    )
    if codes is not None:
        statement = statement.where(duty.c.team_code.in_(sorted(codes)))
    found: dict[Target, list[Covering]] = defaultdict(list)
    for row in (await connection.execute(statement)).mappings():
        covering = Covering(row["person_id"], row["starts_at"], row["ends_at"], row["reachable"])
        found[Target(row["team_code"], Position(row["position"]))].append(covering)
    return found


async def people_of(connection: AsyncConnection, team_code: str) -> Sequence[RowMapping]:
    """Return the people of a team, by name."""
    statement = select(people).where(people.c.team_code == team_code, ~people.c.disabled).order_by(people.c.name)
    return (await connection.execute(statement)).mappings().all()


async def names_of(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of people."""
    rows = await connection.execute(select(people.c.id, people.c.name).where(people.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def far_future(connection: AsyncConnection, codes: Collection[str], at: datetime) -> dict[Target, list[OnDuty]]:
    """Return who is planned at a moment for positions whose duty is not written that far."""
    rosters = PLANS.rosters
    short = select(rosters).where(rosters.c.team_code.in_(sorted(codes)), rosters.c.filled_until <= at)
    found: dict[Target, list[OnDuty]] = {}
    for row in (await connection.execute(short)).mappings().all():
        target = Target(row["team_code"], Position(row["position"]))
        until = at + timedelta(seconds=1)
        free = await holidays_around(connection, at, until)
        ids = [turn.person_id for turn in turns(await plan_of(connection, target, at), at, until, free)]
        found[target] = await store.on_duty(connection, target, ids)
    return found
