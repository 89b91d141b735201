"""Take a colleague in: who they are, where they are first reached, and whether they sign in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.accounts import Account, account_of, add_account, fold_login
from services.notify.handlers.change_person import LANGUAGES, WrongAddressError, add_contact, read_address
from services.notify.handlers.invite_person import make_invitation
from services.notify.models import ACCOUNTS, people, teams
from services.notify.people_changes import note_change
from services.notify.rules.contact import ContactChannel
from services.notify.rules.escalation import Position
from services.notify.rules.team import unit_of
from shared.contracts.vocabulary import Role
from shared.events import EventBus
from shared.identity.sessions import real_now

NAME_LONGEST: Final = 120
LOGIN_LONGEST: Final = 60
NO_PASSWORD: Final = ""
"""Kept where nobody has chosen a password yet: no password matches it."""

_accounts = ACCOUNTS.accounts


class PersonFault(StrEnum):
    """What is wrong with a field of a colleague."""

    NAME_MISSING = "name_missing"
    NAME_LONG = "name_long"
    TEAM = "team"
    POSITION = "position"
    LANGUAGE = "language"
    ADDRESS = "address"
    LOGIN_MISSING = "login_missing"
    LOGIN_LONG = "login_long"
    LOGIN_TAKEN = "login_taken"
    ROLES_MISSING = "roles_missing"


@dataclass(frozen=True)
class PersonForm:
    """A colleague to be; `address` empty: no contact yet; `roles` null: no account.

    `more_teams` are codes of teams, beside their own, whose cases the account sees.
    """

    name: str
    team_code: str
    position: str
    language: str
    channel: ContactChannel = ContactChannel.SMS
    address: str = ""
    login: str = ""
    roles: frozenset[Role] | None = None
    more_teams: tuple[str, ...] = ()

    @property
    def all_teams(self) -> frozenset[str]:
        """Their own team and those that their account sees."""
        return frozenset(code for code in (self.team_code, *self.more_teams) if code)

    @property
    def only_signs_in(self) -> bool:
        """Whether they are of no team and never paged: an account is all there is of them."""
        return bool(self.roles) and Role.WORKER not in (self.roles or ()) and not self.team_code and not self.address


class WrongPersonError(ValueError):
    """Some fields of a colleague are wrong; `faults` says which and why."""

    def __init__(self, faults: Mapping[str, PersonFault]) -> None:
        super().__init__(", ".join(sorted(faults)))
        self.faults = faults


class PersonExistsError(Exception):
    """The same form was sent before."""


async def create_person(
    connection: AsyncConnection, bus: EventBus, person_id: UUID, form: PersonForm, *, by: UUID | None, now: datetime
) -> str | None:
    """Add a colleague; return the token of their invitation, None where they get no account.

    `person_id` is drawn with the form, so that a form sent twice adds one. Raises `WrongPersonError` or
    `PersonExistsError`.
    """
    if await connection.scalar(select(exists().where(_accounts.c.person_id == person_id))):
        raise PersonExistsError(str(person_id))
    faults = await faults_of(connection, form)
    if faults:
        raise WrongPersonError(faults)
    if not form.only_signs_in:
        await _add_colleague(connection, person_id, form, by=by, now=now)
    return None if form.roles is None else await _open_account(connection, bus, person_id, form, by=by, now=now)


async def _add_colleague(
    connection: AsyncConnection, person_id: UUID, form: PersonForm, *, by: UUID | None, now: datetime
) -> None:
    row = {"id": person_id, "name": form.name, "team_code": form.team_code, "position": form.position}
    added = insert(people).values(**row, language=form.language).on_conflict_do_nothing().returning(people.c.id)
    if (await connection.execute(added)).first() is None:
        raise PersonExistsError(str(person_id))
    await note_change(connection, person_id, by, "person_created", now, to=form.team_code)
    if form.address:
        await add_contact(connection, person_id, form.channel, form.address, by=by, now=now)


async def _open_account(
    connection: AsyncConnection, bus: EventBus, person_id: UUID, form: PersonForm, *, by: UUID | None, now: datetime
) -> str:
    roles = form.roles or frozenset()
    account = Account(
        person_id=person_id,
        login=fold_login(form.login),
        display_name=form.name,
        password_hash=NO_PASSWORD,
        roles=roles,
        team_codes=form.all_teams,
        unit_codes=units_of(form.all_teams),
    )
    if not await add_account(connection, bus, account, valid_from=real_now(), now=now):
        raise WrongPersonError({"login": PersonFault.LOGIN_TAKEN})
    await note_change(connection, person_id, by, "account_created", now, to=", ".join(sorted(roles)))
    return await make_invitation(connection, person_id, by=by, real=real_now(), now=now)


async def faults_of(connection: AsyncConnection, form: PersonForm) -> Mapping[str, PersonFault]:
    """Return what is wrong, by field; nothing when the colleague can be kept."""
    faults: dict[str, PersonFault] = {}
    if not form.name:
        faults["name"] = PersonFault.NAME_MISSING
    elif len(form.name) > NAME_LONGEST:
        faults["name"] = PersonFault.NAME_LONG
    known = select(teams.c.code).where(teams.c.code.in_(form.all_teams))
    found = set((await connection.execute(known)).scalars())
    if form.team_code not in found and not form.only_signs_in:
        faults["team"] = PersonFault.TEAM
    if not found.issuperset(form.more_teams):
        faults["more_teams"] = PersonFault.TEAM
    if form.position not in set(Position):
        faults["position"] = PersonFault.POSITION
    if form.language not in LANGUAGES:
        faults["language"] = PersonFault.LANGUAGE
    if form.address and not _reads(form):
        faults["address"] = PersonFault.ADDRESS
    return {**faults, **await _account_faults(connection, form)}


def units_of(team_codes: frozenset[str]) -> frozenset[int]:
    """Return the communes of teams."""
    return frozenset(unit for code in team_codes if (unit := unit_of(code)) is not None)


def _reads(form: PersonForm) -> bool:
    try:
        read_address(form.channel, form.address)
    except WrongAddressError:
        return False
    return True


async def _account_faults(connection: AsyncConnection, form: PersonForm) -> Mapping[str, PersonFault]:
    if form.roles is None:
        return {}
    faults: dict[str, PersonFault] = {}
    if not form.roles:
        faults["roles"] = PersonFault.ROLES_MISSING
    login = fold_login(form.login)
    if not login:
        faults["login"] = PersonFault.LOGIN_MISSING
    elif len(login) > LOGIN_LONGEST:
        faults["login"] = PersonFault.LOGIN_LONG
    elif await account_of(connection, login) is not None:
        faults["login"] = PersonFault.LOGIN_TAKEN
    return faults
