"""Load teams, their people and a standing duty for everybody; repeats change nothing but names and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import load_numbers
from services.notify.models import PLANS, duty, people, teams
from services.notify.rules.escalation import Position
from services.notify.rules.schedule import Source

NAMESPACE = UUID("6f1a2f0e-6a35-4cf0-9c3e-2f7f54d3a7b1")
BATCH = 500
"""Rows a statement, well under the limit of its parameters."""

_PLANNED = select(PLANS.rosters.c.team_code, PLANS.rosters.c.position)


@dataclass(frozen=True)
class TeamEntry:
    """A team; `unit_code` null for one of the province, `duty_phone` at most 11 characters.

    `institutions` are names of what its people work for, beside the team's own: schools, a health station.
    """

    code: str
    name_vi: str
    name_en: str
    unit_code: int | None
    duty_phone: str
    institutions: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonEntry:
    """A colleague; `key` names them for ever, `phone` is E.164 and verified."""

    key: str
    name: str
    phone: str
    team_code: str
    position: Position
    language: str = "vi"

    @property
    def id(self) -> UUID:
        """The person's id, the same at every load."""
        return uuid5(NAMESPACE, self.key)


async def load_organisation(
    connection: AsyncConnection, team_entries: Sequence[TeamEntry], person_entries: Sequence[PersonEntry], now: datetime
) -> None:
    """Write the organisation; everybody is on duty from `now`, but where somebody has planned duty already."""
    await _upsert(
        connection, teams, [{**vars(team), "institutions": list(team.institutions)} for team in team_entries], ["code"]
    )
    await load_people(connection, person_entries, now)
    planned = {(code, place) for code, place in await connection.execute(_PLANNED)}
    shifts = [
        {
            "team_code": person.team_code,
            "position": person.position.value,
            "person_id": person.id,
            "starts_at": now,
            "source": Source.STANDING.value,
        }
        for person in person_entries
        if (person.team_code, person.position.value) not in planned
    ]
    for start in range(0, len(shifts), BATCH):
        await connection.execute(insert(duty).values(shifts[start : start + BATCH]).on_conflict_do_nothing())


async def load_people(connection: AsyncConnection, person_entries: Sequence[PersonEntry], now: datetime) -> None:
    """Write people, whose numbers are verified at `now`, without putting anybody on duty."""
    rows = [
        {
            "id": person.id,
            "name": person.name,
            "team_code": person.team_code,
            "position": person.position.value,
            "language": person.language,
        }
        for person in person_entries
    ]
    await _upsert(connection, people, rows, ["id"])
    await load_numbers(connection, [(person.id, person.phone) for person in person_entries], now)


async def _upsert(
    connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]], key: Sequence[str]
) -> None:
    for start in range(0, len(rows), BATCH):
        statement = insert(table).values(list(rows[start : start + BATCH]))
        changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
        await connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))
