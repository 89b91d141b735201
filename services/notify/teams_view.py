"""What the pages of teams show: each with its place, its phone, and how many of its people are reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import is_reachable
from services.notify.models import people, teams
from services.notify.people_changes import changes_of_team
from services.notify.people_view import Person, load_members
from shared import places
from shared.places import fold


@dataclass(frozen=True)
class TeamRow:
    """A team; `people` are those who have not left, `reachable` those of them whom a message reaches, `missed` the others' names."""

    row: RowMapping
    people: int
    reachable: int
    missed: Sequence[str] = ()

    @property
    def unit_name(self) -> str | None:
        """The commune's name, its code where there is none of this code today; None at the province."""
        return unit_name(self.row["unit_code"])


@dataclass(frozen=True)
class TeamPage:
    """A team with its people and what was changed about it, newest first."""

    team: TeamRow
    people: Sequence[Person]
    changes: Sequence[RowMapping]


def unit_name(unit_code: int | None) -> str | None:
    """Return a commune's name, or its code; None for the province."""
    if unit_code is None:
        return None
    unit = places.by_code(unit_code)
    return unit.name if unit is not None else str(unit_code)


async def load_rows(connection: AsyncConnection, find: str) -> Sequence[TeamRow]:
    """Return teams by name; `find` is in a name, the place or the code, however it is written."""
    words = fold(find)
    here = people.c.team_code == teams.c.code
    counted = (
        select(
            teams,
            func.count(people.c.id).label("people"),
            func.count(people.c.id).filter(is_reachable(people.c.id)).label("reachable"),
            func.array_agg(people.c.name).filter(people.c.id.is_not(None), ~is_reachable(people.c.id)).label("missed"),
        )
        .outerjoin(people, here & ~people.c.disabled)
        .group_by(teams.c.code)
        .order_by(teams.c.name_vi, teams.c.code)
    )
    rows = (await connection.execute(counted)).mappings().all()
    found = [TeamRow(row, row["people"], row["reachable"], sorted(row["missed"] or ())) for row in rows]
    return [one for one in found if words in fold(_searched(one))]


async def load_page(connection: AsyncConnection, code: str, now: datetime) -> TeamPage | None:
    """Return a team's page; None for no team's code."""
    row = (await connection.execute(select(teams).where(teams.c.code == code))).mappings().first()
    if row is None:
        return None
    members = await load_members(connection, code, now)
    here = [one for one in members if not one.row["disabled"]]
    team = TeamRow(row, len(here), sum(bool(one.row["reachable"]) for one in here))
    return TeamPage(team, members, await changes_of_team(connection, code))


async def load_codes(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Return the code and names of every team, to choose from."""
    statement = select(teams.c.code, teams.c.name_vi, teams.c.name_en).order_by(teams.c.name_vi, teams.c.code)
    return (await connection.execute(statement)).mappings().all()


def _searched(one: TeamRow) -> str:
    return f"{one.row['name_vi']} {one.row['name_en']} {one.row['code']} {one.unit_name or ''}"
