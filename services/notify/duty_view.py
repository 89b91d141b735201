"""The duty board as the page shows it: lanes of teams over a week, and the holes of the days to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import is_reachable
from services.notify.handlers.rehearse_coverage import coverage_holes
from services.notify.models import duty, people, teams
from services.notify.rules.escalation import Position, Target
from services.notify.rules.rehearsal import Hole
from shared import places
from shared.clock import VIETNAM
from shared.contracts.vocabulary import Level

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
WEEK: Final = timedelta(days=7)
MOST_TEAMS: Final = 25
DAWN, DUSK = 5, 17
"""A turn that begins between these local hours is one of the day."""
HOLE_WORDS: Final = {
    "nobody": "không có ai trực",
    "unreachable": "có tên, không nhắn được",
    "excluded": "người trực bị loại khỏi vụ",
    "twice": "bậc trước đã báo đúng những người này",
}
POSITION_WORDS: Final = {"worker": "Người trực", "head": "Trưởng nhóm"}
PROVINCE: Final = "Cấp tỉnh"


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
class TeamRow:
    """A team on the board: its lanes, each a position and bars of which none overlaps another."""

    code: str
    name_vi: str
    name_en: str
    lanes: list[tuple[str, list[Bar]]]

    @property
    def gaps(self) -> int:
        """Count the gaps of the week."""
        return sum(bar.css == "gp" for _, bars in self.lanes for bar in bars)


@dataclass(frozen=True)
class HoleLine:
    """Holes of several levels that are one: where, whom, from when until when."""

    place: str
    levels: tuple[Level, ...]
    step: int
    words: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    target: Target
    case_code: str | None


def hole_lines(holes: Sequence[Hole]) -> list[HoleLine]:
    """Return holes as people read them, those of several levels together."""
    grouped: dict[tuple[object, ...], list[Hole]] = defaultdict(list)
    for hole in holes:
        grouped[hole.unit_code, hole.kind, hole.starts_at, hole.ends_at, hole.targets, hole.case_code].append(hole)
    lines = []
    for alike in grouped.values():
        first = alike[0]
        unit = places.by_code(first.unit_code) if first.unit_code is not None else None
        levels = tuple(dict.fromkeys(hole.level for hole in alike))
        words, place = HOLE_WORDS[first.kind.value], unit.name if unit else PROVINCE
        span = (first.starts_at, first.ends_at)
        kind = first.kind.value
        lines.append(HoleLine(place, levels, first.step, words, kind, *span, first.targets[0], first.case_code))
    return lines


async def load_holes(connection: AsyncConnection, now: datetime) -> list[HoleLine]:
    """Return the holes of the next 14 days."""
    return hole_lines(await coverage_holes(connection, now))


async def load_board(
    connection: AsyncConnection, since: datetime, now: datetime, unit: int | None, team: str, first: Sequence[str]
) -> list[TeamRow]:
    """Return at most 25 teams for the week from `since`; `first` are codes that go before the others."""
    wanted = select(teams).order_by(teams.c.unit_code.nulls_first(), teams.c.code)
    if unit is not None:
        wanted = wanted.where(teams.c.unit_code == unit)
    if team:
        wanted = wanted.where(teams.c.code == team)
    if unit is None and not team:
        alerting = ("social-%", "province-duty", "province-police", "province-committee")
        wanted = wanted.where(or_(*(teams.c.code.like(code) for code in alerting), teams.c.code.in_(first)))
    rows = sorted((await connection.execute(wanted)).mappings().all(), key=lambda row: row["code"] not in first)
    shown = rows[:MOST_TEAMS]
    lanes = await _lanes(connection, since, now, [row["code"] for row in shown])
    return [TeamRow(row["code"], row["name_vi"], row["name_en"], lanes[row["code"]]) for row in shown]


async def _lanes(
    connection: AsyncConnection, since: datetime, now: datetime, codes: Sequence[str]
) -> dict[str, list[tuple[str, list[Bar]]]]:
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
        bar = _bar(since, row["starts_at"], row["ends_at"], row["name"].split()[-1], css)
        found[row["team_code"]].setdefault(row["position"], []).append(bar)
    return {code: _stacked(found[code] or {Position.WORKER.value: []}, since, now) for code in codes}


def _stacked(by_position: Mapping[str, list[Bar]], since: datetime, now: datetime) -> list[tuple[str, list[Bar]]]:
    """Return the lanes of a team, workers first; gaps stand in the first lane of a position."""
    lanes: list[tuple[str, list[Bar]]] = []
    for position in sorted(by_position, reverse=True):
        stack: list[list[Bar]] = [[]]
        for bar in by_position[position]:
            free = next((lane for lane in stack if not lane or (lane[-1].ends_at or _NEVER) <= bar.starts_at), None)
            if free is None:
                stack.append([bar])
            else:
                free.append(bar)
        stack[0] += _gaps(by_position[position], since, now)
        lanes += [(position, lane) for lane in stack]
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


async def team_choices(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Return the codes and names of teams."""
    rows = await connection.execute(select(teams.c.code, teams.c.name_vi).order_by(teams.c.name_vi))
    return [(row.code, row.name_vi) for row in rows]


async def colleagues_of(connection: AsyncConnection, team_code: str) -> list[tuple[UUID, str, bool]]:
    """Return the people of a team: id, name, whether they can be reached."""
    statement = (
        select(people.c.id, people.c.name, is_reachable(people.c.id).label("reachable"))
        .where(people.c.team_code == team_code, ~people.c.disabled)
        .order_by(people.c.name)
    )
    return [(row.id, row.name, row.reachable) for row in await connection.execute(statement)]
