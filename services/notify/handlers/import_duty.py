"""Import turns of duty from a file: all of it or nothing, and a row that is there already changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import duty_directory, duty_store
from services.notify.duty_directory import Colleague, Directory
from services.notify.handlers.fill_rosters import fill_roster
from services.notify.models import PLANS, teams
from services.notify.rules.duty_file import Fault, Line, LineFault, read_lines
from services.notify.rules.escalation import Target
from services.notify.rules.schedule import Source
from shared.database import Database


@dataclass(frozen=True)
class ImportedTurn:
    """A row with its person; `known` rows are in the plan already."""

    line: Line
    person: Colleague
    key: str
    known: bool = False

    @property
    def from_elsewhere(self) -> bool:
        """Tell whether the person is of another team."""
        return self.person.team_code != self.line.target.team_code


@dataclass(frozen=True)
class DutyImport:
    """What a file says: rows that can be written, what is wrong, and how many rows were written."""

    turns: tuple[ImportedTurn, ...]
    faults: tuple[LineFault, ...]
    written: int = 0

    @property
    def fresh(self) -> int:
        """Count the rows that are not in the plan yet."""
        return sum(not turn.known for turn in self.turns)


async def import_duty(database: Database, content: bytes, *, by: UUID | None, now: datetime, apply: bool) -> DutyImport:
    """Compare a file with what is planned; write it when asked to and nothing is wrong."""
    lines, wrong = read_lines(content)
    async with database.transaction() as connection:
        directory = await duty_directory.load_directory(connection)
        codes = set((await connection.execute(select(teams.c.code))).scalars())
        found, faults = _people(lines, directory, codes)
        targets = sorted({turn.line.target for turn in found}, key=lambda one: (one.team_code, one.position))
        if apply and not wrong and not faults:
            for target in targets:
                await duty_store.lock_roster(connection, target, now)
        known = await _planned(connection, [turn.key for turn in found])
        turns, late = _against(found, known, now)
        problems = tuple(sorted([*wrong, *faults, *late], key=lambda one: one.line))
        outcome = DutyImport(tuple(turns), problems)
        if not apply or problems:
            return outcome
        await _write(connection, turns, by=by, now=now)
        return DutyImport(outcome.turns, (), outcome.fresh)


def _people(
    lines: Iterable[Line], directory: Directory, codes: Collection[str]
) -> tuple[list[ImportedTurn], list[LineFault]]:
    found: dict[str, ImportedTurn] = {}
    faults: list[LineFault] = []
    for line in lines:
        if line.target.team_code not in codes:
            faults.append(LineFault(line.line, Fault.TEAM, line.target.team_code))
            continue
        match directory.find(line.person, line.target.team_code):
            case [person]:
                key = _key(line, person)
                if key in found:
                    faults.append(LineFault(line.line, Fault.TWICE, str(found[key].line.line)))
                found.setdefault(key, ImportedTurn(line, person, key))
            case []:
                faults.append(LineFault(line.line, Fault.PERSON, line.person))
            case several:
                faults.append(LineFault(line.line, Fault.SEVERAL, "; ".join(one.told_apart for one in several)))
    return list(found.values()), faults


def _key(line: Line, person: Colleague) -> str:
    seat = (line.target.team_code, line.target.position.value, str(person.id))
    return hashlib.sha256("|".join((*seat, line.starts_at.isoformat(), line.ends_at.isoformat())).encode()).hexdigest()


async def _planned(connection: AsyncConnection, keys: Sequence[str]) -> set[str]:
    entries = PLANS.entries
    live = select(entries.c.key).where(entries.c.key.in_(keys), entries.c.cancelled_at.is_(None))
    return {str(key) for key in (await connection.execute(live)).scalars()}


def _against(
    found: Iterable[ImportedTurn], known: Collection[str], now: datetime
) -> tuple[list[ImportedTurn], list[LineFault]]:
    turns: list[ImportedTurn] = []
    late: list[LineFault] = []
    for turn in found:
        if turn.key not in known and turn.line.ends_at <= now:
            late.append(LineFault(turn.line.line, Fault.OVER))
        turns.append(ImportedTurn(turn.line, turn.person, turn.key, turn.key in known))
    return turns, late


async def _write(connection: AsyncConnection, turns: Iterable[ImportedTurn], *, by: UUID | None, now: datetime) -> None:
    fresh = [turn for turn in turns if not turn.known]
    rows = [{**_row(turn), "id": uuid4(), "made_by": by, "made_at": now} for turn in fresh]
    if rows:
        await connection.execute(insert(PLANS.entries), rows)
    changed: set[Target] = {turn.line.target for turn in fresh}
    for target in sorted(changed, key=lambda one: (one.team_code, one.position)):
        await fill_roster(connection, target, now)


def _row(turn: ImportedTurn) -> dict[str, object]:
    line = turn.line
    return {
        "team_code": line.target.team_code,
        "position": line.target.position.value,
        "source": Source.SHIFT.value,
        "person_id": turn.person.id,
        "starts_at": line.starts_at,
        "ends_at": line.ends_at,
        "key": turn.key,
        "note": line.note,
    }
