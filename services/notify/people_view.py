"""What the pages of people show: who they are, how they are reached, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import is_reachable, sendable
from services.notify.models import ACCOUNTS, CONTACTS, duty, people, teams
from services.notify.people_changes import changes_of
from services.notify.rules.contact import ContactState, contact_state
from shared.places import fold

AHEAD: Final = timedelta(days=14)
"""How far ahead a turn of duty makes a missing contact a warning."""

_contacts = CONTACTS.contacts
_accounts = ACCOUNTS.accounts


@dataclass(frozen=True)
class Contact:
    """A contact as it is shown."""

    id: UUID
    channel: str
    address: str
    state: ContactState


@dataclass(frozen=True)
class Person:
    """A colleague with their contacts, in the order in which they are tried.

    `on_duty`: now or within `AHEAD`.
    """

    row: RowMapping
    contacts: Sequence[Contact]

    @property
    def unreachable_on_duty(self) -> bool:
        """Whether they have a turn of duty without a contact that reaches them."""
        return bool(self.row["on_duty"] and not self.row["disabled"] and not self.row["reachable"])

    @property
    def left_on_duty(self) -> bool:
        """Whether they have left and a turn of duty is theirs still: it has nobody."""
        return bool(self.row["on_duty"] and self.row["disabled"])

    @property
    def warned(self) -> bool:
        """Whether something has to be done before their turn."""
        return self.unreachable_on_duty or self.left_on_duty


@dataclass(frozen=True)
class Team:
    """A team and those of its people that are shown."""

    row: RowMapping
    people: Sequence[Person]


async def load_teams(connection: AsyncConnection, now: datetime, *, find: str, warned: bool) -> Sequence[Team]:
    """Return teams with their people; `find` is in a name, however it is written, or a team's name or code."""
    words = fold(find)
    everybody = await _people(connection, now)
    rows = (await connection.execute(select(teams).order_by(teams.c.name_vi))).mappings().all()
    found = []
    for row in rows:
        whole = words in fold(f"{row['name_vi']} {row['name_en']} {row['code']}")
        mine = [one for one in everybody if one.row["team_code"] == row["code"] and (one.warned or not warned)]
        shown = [one for one in mine if whole or words in fold(one.row["name"])]
        if shown or (whole and not warned):
            found.append(Team(row, shown))
    return found


async def load_bare_accounts(connection: AsyncConnection, find: str) -> Sequence[RowMapping]:
    """Return accounts of whoever is of no team; `find` is in their name or sign-in name, however it is written."""
    words = fold(find)
    columns = (_accounts.c.person_id, _accounts.c.login, _accounts.c.display_name, _accounts.c.roles)
    bare = ~exists().where(people.c.id == _accounts.c.person_id)
    statement = select(*columns, _accounts.c.disabled).where(bare).order_by(_accounts.c.display_name)
    rows = (await connection.execute(statement)).mappings().all()
    return [row for row in rows if words in fold(f"{row['display_name']} {row['login']}")]


async def load_person(
    connection: AsyncConnection, person_id: UUID, now: datetime
) -> tuple[Person, RowMapping | None, Sequence[RowMapping]] | None:
    """Return a person, their team and what was changed, newest first; None for nobody's id."""
    found = await _people(connection, now, people.c.id == person_id)
    if not found:
        return None
    theirs = select(teams).where(teams.c.code == found[0].row["team_code"])
    team = (await connection.execute(theirs)).mappings().first()
    return found[0], team, await changes_of(connection, person_id)


async def load_members(connection: AsyncConnection, team_code: str, now: datetime) -> Sequence[Person]:
    """Return the people of a team, by name."""
    return await _people(connection, now, people.c.team_code == team_code)


async def _people(connection: AsyncConnection, now: datetime, *which: ColumnElement[bool]) -> Sequence[Person]:
    soon = (
        (duty.c.person_id == people.c.id)
        & (duty.c.starts_at < now + AHEAD)
        & or_(duty.c.ends_at.is_(None), duty.c.ends_at > now)
    )
    columns: tuple[Any, ...] = (
        people,
        is_reachable(people.c.id).label("reachable"),
        exists().where(soon).label("on_duty"),
    )
    rows = (await connection.execute(select(*columns).where(*which).order_by(people.c.name))).mappings().all()
    theirs: dict[UUID, list[Contact]] = {row["id"]: [] for row in rows}
    statement = select(_contacts).order_by(_contacts.c.rank, _contacts.c.id)
    if which:
        statement = statement.where(_contacts.c.person_id.in_(theirs))
    for row in (await connection.execute(statement)).mappings():
        if row["person_id"] in theirs:
            state = contact_state(
                row["channel"], row["verified_at"], row["opted_out_at"], row["failing_since"], sendable()
            )
            theirs[row["person_id"]].append(Contact(row["id"], row["channel"], row["address"], state))
    return [Person(row, theirs[row["id"]]) for row in rows]
