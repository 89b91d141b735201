"""Accounts and API keys, made at the command line: the first ones of an installation have nobody to make them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.accounts import Account, add_account, fold_login
from services.notify.api_keys import KeptKey, kept_keys
from services.notify.handlers.change_key import KeyRefusedError, revoke_key, rotate_key
from services.notify.handlers.create_key import create_key
from services.notify.handlers.create_person import (
    NO_PASSWORD,
    PersonFault,
    PersonForm,
    WrongPersonError,
    create_person,
    units_of,
)
from services.notify.handlers.invite_person import make_invitation
from services.notify.models import ACCOUNTS, CONTACTS
from services.notify.people_changes import ending
from services.notify.rules.contact import contact_state
from services.notify.rules.escalation import Position
from shared.contracts.vocabulary import Role
from shared.database import Database
from shared.events import EventBus
from shared.identity.actor import Scope
from shared.identity.limits import Limits
from shared.identity.sessions import real_now
from shared.settings import SettingError, Settings, load_keys

_WRONG: Final = {
    PersonFault.NAME_MISSING: "--name is empty: write the person's name.",
    PersonFault.TEAM: "--team is wrong: make the team at /people/teams first, or name the code of one that is there.",
    PersonFault.ADDRESS: "--phone is wrong: write it as 0912345678 or +84912345678.",
    PersonFault.LOGIN_MISSING: "an account needs a sign-in name and at least one role",
    PersonFault.LOGIN_TAKEN: "this sign-in name is taken, or this person already has an account",
}


class AccountLine(NamedTuple):
    """An account as the list shows it."""

    login: str
    roles: Sequence[str]
    team_codes: Sequence[str]
    disabled: bool
    contacts: Sequence[str]


def _bus(settings: Settings, database: Database) -> EventBus:
    """Return a bus that only publishes."""
    return EventBus(database, kafka=settings.kafka_bootstrap_servers, keys=load_keys(settings), clock=settings.clock)


@dataclass(frozen=True)
class Invited:
    """Whom an account is for. A worker, and whoever has a `phone`, is a colleague of the first of `teams`."""

    login: str
    name: str
    roles: frozenset[Role]
    teams: tuple[str, ...] = ()
    phone: str = ""


async def invite(settings: Settings, database: Database, invited: Invited) -> str:
    """Create an account, and its colleague where they are paged; return the link that opens it, shown once."""
    async with database.transaction() as connection:
        bus = _bus(settings, database)
        if Role.WORKER in invited.roles or invited.phone:
            token = await _colleague(connection, bus, invited)
        else:
            token = await _account(connection, bus, invited)
    root = (settings.public_url or f"http://127.0.0.1:{settings.port}").rstrip("/")
    return f"{root}/invite/{token}"


async def _colleague(connection: AsyncConnection, bus: EventBus, invited: Invited) -> str:
    if not invited.teams:
        raise SettingError("--team is missing: whoever is paged serves a team; name its code, as social-9190.")
    form = PersonForm(
        name=" ".join(invited.name.split()),
        team_code=invited.teams[0],
        position=Position.WORKER.value,
        language="vi",
        address=invited.phone,
        login=invited.login,
        roles=invited.roles,
        more_teams=invited.teams[1:],
    )
    try:
        token = await create_person(connection, bus, uuid4(), form, by=None, now=datetime.now(UTC))
    except WrongPersonError as error:
        raise SettingError(" ".join(_WRONG.get(fault, str(fault)) for fault in error.faults.values())) from None
    return str(token)


async def _account(connection: AsyncConnection, bus: EventBus, invited: Invited) -> str:
    login, now = fold_login(invited.login), datetime.now(UTC)
    if not login or not invited.roles:
        raise SettingError("an account needs a sign-in name and at least one role")
    account = Account(
        person_id=uuid4(),
        login=login,
        display_name=invited.name,
        password_hash=NO_PASSWORD,
        roles=invited.roles,
        team_codes=frozenset(invited.teams),
        unit_codes=units_of(frozenset(invited.teams)),
    )
    if not await add_account(connection, bus, account, valid_from=real_now(), now=now):
        raise SettingError(_WRONG[PersonFault.LOGIN_TAKEN])
    return await make_invitation(connection, account.person_id, by=None, real=real_now(), now=now)


async def create_api_key(
    settings: Settings, database: Database, *, name: str, scopes: Collection[Scope], limits: Limits
) -> str:
    """Create an API key and return it, which is shown once."""
    async with database.transaction() as connection:
        return await create_key(
            connection, _bus(settings, database), name=name, scopes=scopes, limits=limits, now=real_now()
        )


async def rotate_api_key(settings: Settings, database: Database, key_id: UUID, *, overlap: timedelta) -> str:
    """Give a key a new secret, beside which the others stay valid for `overlap`; return it, shown once."""
    try:
        async with database.transaction() as connection:
            return await rotate_key(
                connection, _bus(settings, database), key_id=key_id, overlap=overlap, by=None, now=real_now()
            )
    except KeyRefusedError as error:
        raise SettingError(str(error)) from None


async def revoke_api_key(settings: Settings, database: Database, key_id: UUID) -> None:
    """Stop a key at once."""
    try:
        async with database.transaction() as connection:
            await revoke_key(connection, _bus(settings, database), key_id=key_id, by=None, now=real_now())
    except KeyRefusedError as error:
        raise SettingError(str(error)) from None


async def api_keys_of(database: Database) -> list[KeptKey]:
    """Return every API key, those in force first."""
    async with database.reading() as connection:
        return await kept_keys(connection)


async def accounts_of(database: Database) -> list[AccountLine]:
    """Return every account, by sign-in name, with the states of its person's contacts."""
    accounts, contacts = ACCOUNTS.accounts.c, CONTACTS.contacts
    columns = (accounts.login, accounts.roles, accounts.team_codes, accounts.disabled, accounts.person_id)
    theirs: dict[UUID, list[str]] = defaultdict(list)
    async with database.reading() as connection:
        rows = (await connection.execute(select(*columns).order_by(accounts.login))).all()
        known = select(contacts).where(contacts.c.person_id.in_(select(accounts.person_id)))
        for contact in (await connection.execute(known.order_by(contacts.c.rank, contacts.c.id))).mappings():
            theirs[contact["person_id"]].append(_contact(contact))
    return [AccountLine(*row[:-1], theirs[row.person_id]) for row in rows]


def _contact(row: RowMapping) -> str:
    """Return a channel, the end of the address and its state: `sms …678 reachable`; never the whole address."""
    state = contact_state(row["channel"], row["verified_at"], row["opted_out_at"], row["failing_since"])
    return f"{row['channel']} {ending(row['address'])} {state.value.replace('_', ' ')}"
