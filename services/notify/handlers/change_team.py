"""Make a team, or change what it is called, where it is called and whom it works for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import teams
from services.notify.people_changes import note_team_change
from services.notify.rules.team import TeamFault, TeamForm


class NoSuchTeamError(LookupError):
    """There is no team of this code."""


class TeamExistsError(Exception):
    """There is a team of this code already."""


class WrongTeamError(ValueError):
    """Some fields of a team are wrong; `faults` says which and why."""

    def __init__(self, faults: Mapping[str, TeamFault]) -> None:
        super().__init__(", ".join(sorted(faults)))
        self.faults = faults


async def create_team(
    connection: AsyncConnection,
    code: str,
    unit_code: int | None,
    form: TeamForm,
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    """Add a team, which has nobody yet. Raises `WrongTeamError` or `TeamExistsError`."""
    _check(form)
    added = insert(teams).values(code=code, unit_code=unit_code, **_columns(form)).on_conflict_do_nothing()
    if (await connection.execute(added.returning(teams.c.code))).first() is None:
        raise TeamExistsError(code)
    await note_team_change(connection, code, by, "team_created", now, **_columns(form))


async def change_team(
    connection: AsyncConnection, code: str, form: TeamForm, *, by: UUID | None, now: datetime
) -> bool:
    """Change a team and keep each field that differs, before and after; False when nothing does.

    Raises `WrongTeamError` or `NoSuchTeamError`.
    """
    _check(form)
    statement = select(teams).where(teams.c.code == code).with_for_update()
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise NoSuchTeamError(code)
    differs = {name: value for name, value in _columns(form).items() if row[name] != value}
    if not differs:
        return False
    await connection.execute(update(teams).where(teams.c.code == code).values(**differs))
    for name, value in differs.items():
        await note_team_change(connection, code, by, name, now, before=row[name], after=value)
    return True


def _check(form: TeamForm) -> None:
    if faults := form.faults():
        raise WrongTeamError(faults)


def _columns(form: TeamForm) -> dict[str, Any]:
    return {**vars(form), "institutions": list(form.institutions)}
