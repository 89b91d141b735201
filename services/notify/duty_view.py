"""The duty board as the page shows it: lanes of teams over a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import duty_store
from services.notify.contacts import is_reachable
from services.notify.models import PLANS, duty, people, teams
from services.notify.rules.escalation import Position
from services.notify.rules.schedule import Plan, turns
from shared.clock import VIETNAM
from shared.places.folding import fold

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
WEEK: Final = timedelta(days=7)
MOST_TEAMS: Final = 25
DAWN, DUSK = 5, 17
"""A turn that begins between these local hours is one of the day."""
POSITION_WORDS: Final = {"worker": "Người trực", "head": "Trưởng nhóm"}


@dataclass(frozen=True)
class Bar:
    """A turn, or a gap (`name` empty), in percent of the week; `css` is how it is drawn."""

    left: float
    width: float
    name: str
    css: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Lane:
    """Bars of a position of which none overlaps another; `backup`: a lower layer, which is not paged meanwhile."""

    position: str
    bars: list[Bar]
    backup: bool = False


@dataclass(frozen=True)
class TeamRow:
    """A team on the board."""

    code: str
    name_vi: str
    name_en: str
    lanes: list[Lane]

    @property
    def gaps(self) -> int:
        """Count the gaps of the week."""
        return sum(bar.css == "gp" for lane in self.lanes for bar in lane.bars)

    @property
    def unreached(self) -> int:
        """Count the turns of people whom no SMS can reach."""
        return sum(bar.css == "ur" for lane in self.lanes for bar in lane.bars)


@dataclass(frozen=True)
class Wanted:
    """Which teams a reader wants to see: of a unit, with these words in the name or the code (a whole code: only that one); the page from 1."""

    unit: int | None = None
    team: str = ""
    page: int = 1


@dataclass(frozen=True)
class Board:
    """Teams of a page of the board."""

    rows: list[TeamRow]
    page: int
    pages: int


async def load_board(
    connection: AsyncConnection, since: datetime, now: datetime, wanted: Wanted, first: Sequence[str]
) -> Board:
    """Return a page of at most 25 teams for the week from `since`; `first` are codes that go before the others."""
    rows = sorted(await _teams(connection, wanted, first), key=lambda row: row["code"] not in first)
    pages = max(1, -(-len(rows) // MOST_TEAMS))
    page = min(max(wanted.page, 1), pages)
    shown = rows[(page - 1) * MOST_TEAMS : page * MOST_TEAMS]
    codes = [row["code"] for row in shown]
    lanes = await _lanes(connection, since, now, codes)
    lower = await _backups(connection, since, codes)
    found = [
        TeamRow(row["code"], row["name_vi"], row["name_en"], lanes[row["code"]] + lower[row["code"]]) for row in shown
    ]
    return Board(found, page, pages)


async def _teams(connection: AsyncConnection, wanted: Wanted, first: Sequence[str]) -> list[RowMapping]:
    statement = select(teams).order_by(teams.c.unit_code.nulls_first(), teams.c.code)
    if wanted.unit is not None:
        statement = statement.where(teams.c.unit_code == wanted.unit)
    key = fold(wanted.team)
    if wanted.unit is None and not key:
        alerting = ("social-%", "province-duty", "province-police", "province-committee")
        statement = statement.where(or_(*(teams.c.code.like(code) for code in alerting), teams.c.code.in_(first)))
    rows = (await connection.execute(statement)).mappings().all()
    exact = [row for row in rows if row["code"] == wanted.team.strip()]
    return exact or [row for row in rows if key in fold(f"{row['code']} {row['name_vi']} {row['name_en']}")]


async def _backups(connection: AsyncConnection, since: datetime, codes: Sequence[str]) -> dict[str, list[Lane]]:
    """Return the turns of rotations above which a higher layer stands."""
    table, until = PLANS.rotations, since + WEEK
    live = select(table).where(table.c.team_code.in_(codes), table.c.ended_at.is_(None)).order_by(table.c.layer.desc())
    rows = (await connection.execute(live)).mappings().all()
    top: dict[tuple[str, str], int] = {}
    for row in rows:
        top.setdefault((row["team_code"], row["position"]), row["layer"])
    lower = [row for row in rows if row["layer"] < top[row["team_code"], row["position"]]]
    names = await duty_store.names_of(
        connection, {one for row in lower for one in (*row["members"], *row["holiday_members"])}
    )
    free = await duty_store.holidays_around(connection, since, until) if lower else frozenset()
    found: dict[str, list[Lane]] = defaultdict(list)
    for row in lower:
        planned = turns(Plan((duty_store.rotation_of(row),)), since, until, free)
        bars = [_bar(since, one.starts_at, one.ends_at, _short(names.get(one.person_id, "?")), "bk") for one in planned]
        found[row["team_code"]].append(Lane(row["position"], bars, backup=True))
    return found


def _short(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1]


async def _lanes(
    connection: AsyncConnection, since: datetime, now: datetime, codes: Sequence[str]
) -> dict[str, list[Lane]]:
    until = since + WEEK
    statement = (
        select(duty, people.c.name, is_reachable(people.c.id).label("reachable"))
        .join(people, people.c.id == duty.c.person_id)
        .where(duty.c.team_code.in_(codes), duty.c.starts_at < until, ~people.c.disabled)
        .where(duty.c.ends_at.is_(None) | (duty.c.ends_at > since))
        .order_by(duty.c.starts_at)
    )
    found: dict[str, dict[str, list[Bar]]] = defaultdict(dict)
    for row in (await connection.execute(statement)).mappings():
        css = _css(row["source"], row["position"], row["starts_at"], reachable=row["reachable"])
        bar = _bar(since, row["starts_at"], row["ends_at"], _short(row["name"]), css)
        found[row["team_code"]].setdefault(row["position"], []).append(bar)
    return {code: _stacked(found[code] or {Position.WORKER.value: []}, since, now) for code in codes}


def _stacked(by_position: Mapping[str, list[Bar]], since: datetime, now: datetime) -> list[Lane]:
    """Return the lanes of a team, workers first; gaps stand in the first lane of a position."""
    lanes: list[Lane] = []
    for position in sorted(by_position, reverse=True):
        stack: list[list[Bar]] = [[]]
        for bar in by_position[position]:
            free = next((lane for lane in stack if not lane or (lane[-1].ends_at or _NEVER) <= bar.starts_at), None)
            if free is None:
                stack.append([bar])
            else:
                free.append(bar)
        stack[0] += _gaps(by_position[position], since, now)
        lanes += [Lane(position, lane) for lane in stack]
    return lanes


def _css(source: str, position: str, starts_at: datetime, *, reachable: bool) -> str:
    if not reachable:
        return "ur"
    if source in {"override", "replacement", "swap"}:
        return "ov"
    if position == "head":
        return "b"
    return "d" if source == "standing" or DAWN <= starts_at.astimezone(VIETNAM).hour < DUSK else "n"


def _bar(since: datetime, starts_at: datetime, ends_at: datetime | None, name: str, css: str) -> Bar:
    begin, end = max(starts_at, since), min(ends_at or since + WEEK, since + WEEK)
    return Bar(100 * ((begin - since) / WEEK), 100 * ((end - begin) / WEEK), name, css, starts_at, ends_at)


def _gaps(bars: Sequence[Bar], since: datetime, now: datetime) -> list[Bar]:
    """Return when nobody is on duty in what is still to come of the week."""
    gaps, reached = [], max(since, now)
    for bar in sorted(bars, key=lambda one: one.starts_at):
        if bar.starts_at > reached:
            gaps.append(_bar(since, reached, bar.starts_at, "", "gp"))
        reached = max(reached, bar.ends_at or since + WEEK)
    if reached < since + WEEK:
        gaps.append(_bar(since, reached, since + WEEK, "", "gp"))
    return gaps


async def colleagues_of(connection: AsyncConnection, team_code: str) -> list[tuple[UUID, str, bool]]:
    """Return the people of a team: id, name, whether they can be reached."""
    statement = (
        select(people.c.id, people.c.name, is_reachable(people.c.id).label("reachable"))
        .where(people.c.team_code == team_code, ~people.c.disabled)
        .order_by(people.c.name)
    )
    return [(row.id, row.name, row.reachable) for row in await connection.execute(statement)]
