"""Change what a colleague is called, their position and their teams, or let them leave."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import accounts
from services.notify.handlers.change_person import set_disabled
from services.notify.handlers.create_person import PersonFault, PersonForm, WrongPersonError, faults_of, units_of
from services.notify.handlers.disable_account import disable_account
from services.notify.models import ACCOUNTS, people
from services.notify.people_changes import note_change
from shared.events import EventBus

_accounts = ACCOUNTS.accounts


class NoSuchColleagueError(LookupError):
    """There is nobody of this id."""


class OneselfError(Exception):
    """Nobody shuts themselves out: another administrator does."""


async def edit_person(
    connection: AsyncConnection,
    bus: EventBus,
    person_id: UUID,
    *,
    by: UUID | None,
    now: datetime,
    name: str | None = None,
    team_code: str | None = None,
    position: str | None = None,
    more_teams: Collection[str] | None = None,
) -> None:
    """Change what is given and keep each change, before and after; their account says the same.

    `more_teams` are all the teams that the account sees beside the person's own; without it a change of team takes
    the former team away from the account and gives it the new one. Raises `WrongPersonError` or
    `NoSuchColleagueError`.
    """
    row = (
        (await connection.execute(select(people).where(people.c.id == person_id).with_for_update())).mappings().first()
    )
    if row is None:
        raise NoSuchColleagueError(str(person_id))
    wanted = {"name": name, "team_code": team_code, "position": position}
    values = {column: row[column] if value is None else value for column, value in wanted.items()}
    kept = await connection.scalar(select(_accounts.c.team_codes).where(_accounts.c.person_id == person_id))
    others = tuple(more_teams if more_teams is not None else set(kept or ()) - {row["team_code"]})
    form = PersonForm(values["name"], values["team_code"], values["position"], row["language"], more_teams=others)
    await _check(connection, form, strict=more_teams is not None)
    differs = {column: value for column, value in values.items() if row[column] != value}
    if differs:
        await connection.execute(update(people).where(people.c.id == person_id).values(**differs))
    for column, value in differs.items():
        await note_change(connection, person_id, by, column, now, before=row[column], to=value)
    if kept is None:
        return
    codes = frozenset(kept) if more_teams is None and "team_code" not in differs else form.all_teams
    units = units_of(codes)
    described = await accounts.describe(
        connection, bus, person_id, name=form.name, team_codes=codes, unit_codes=units, now=now
    )
    if described and set(kept) != codes:
        before, after = ", ".join(sorted(kept)), ", ".join(sorted(codes))
        await note_change(connection, person_id, by, "account_teams", now, before=before, to=after)


async def let_go(
    connection: AsyncConnection, bus: EventBus, person_id: UUID, *, by: UUID | None, now: datetime
) -> None:
    """Page a person no more, close their account and end its sessions. Raises `OneselfError`."""
    if person_id == by:
        raise OneselfError(str(person_id))
    await set_disabled(connection, person_id, disabled=True, by=by, now=now)
    if await disable_account(connection, bus, person_id=person_id, now=now):
        await note_change(connection, person_id, by, "account_disabled", now)


async def _check(connection: AsyncConnection, form: PersonForm, *, strict: bool) -> None:
    """Refuse what is wrong; teams that an account has had all along are no fault of a form that leaves them."""
    faults = dict(await faults_of(connection, form))
    if not strict and faults.get("more_teams") is PersonFault.TEAM:
        del faults["more_teams"]
    if faults:
        raise WrongPersonError(faults)
