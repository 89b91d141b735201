"""Accounts and API keys, made at the command line: the first ones of an installation have nobody to make them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.notify.api_keys import KeptKey, kept_keys
from services.notify.handlers.change_key import KeyRefusedError, revoke_key, rotate_key
from services.notify.handlers.create_account import AccountExistsError, AccountIncompleteError, create_account
from services.notify.handlers.create_key import create_key
from services.notify.models import ACCOUNTS
from shared.contracts.vocabulary import Role
from shared.database import Database
from shared.events import EventBus
from shared.identity.actor import Scope
from shared.identity.limits import Limits
from shared.identity.sessions import real_now
from shared.settings import SettingError, Settings, load_keys

PASSWORD_BYTES: Final = 12


class AccountLine(NamedTuple):
    """An account as the list shows it."""

    login: str
    roles: Sequence[str]
    team_codes: Sequence[str]
    disabled: bool


def _bus(settings: Settings, database: Database) -> EventBus:
    """Return a bus that only publishes."""
    return EventBus(database, kafka=settings.kafka_bootstrap_servers, keys=load_keys(settings), clock=settings.clock)


async def invite(
    settings: Settings, database: Database, *, login: str, name: str, roles: Collection[Role], teams: Collection[str]
) -> str:
    """Create an account and return its first password, which is shown once."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    units = {int(code.rpartition("-")[2]) for code in teams if code.rpartition("-")[2].isdigit()}
    try:
        async with database.transaction() as connection:
            await create_account(
                connection,
                _bus(settings, database),
                login=login,
                display_name=name,
                password=password,
                roles=roles,
                team_codes=teams,
                unit_codes=units,
                now=datetime.now(UTC),
            )
    except (AccountExistsError, AccountIncompleteError) as error:
        raise SettingError(str(error)) from None
    return password


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
    """Return every account, by sign-in name."""
    accounts = ACCOUNTS.accounts.c
    statement = select(accounts.login, accounts.roles, accounts.team_codes, accounts.disabled).order_by(accounts.login)
    async with database.reading() as connection:
        return [AccountLine(*row) for row in (await connection.execute(statement)).all()]
