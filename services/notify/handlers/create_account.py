"""Let a person sign in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.accounts import Account, add_account, fold_login
from services.notify.passwords import Passwords
from shared.contracts.vocabulary import Role
from shared.events import EventBus
from shared.identity.sessions import real_now
from shared.observability import logger

log = logger(__name__)


class AccountExistsError(Exception):
    """The sign-in name is taken, or the person already has an account."""


class AccountIncompleteError(ValueError):
    """An account needs a sign-in name and at least one role."""


async def create_account(
    connection: AsyncConnection,
    bus: EventBus,
    *,
    login: str,
    display_name: str,
    password: str,
    roles: Collection[Role],
    team_codes: Collection[str] = (),
    unit_codes: Collection[int] = (),
    person_id: UUID | None = None,
    now: datetime,
) -> UUID:
    """Create an account and tell the other services; return the person's id.

    Raises `AccountExistsError`, `AccountIncompleteError` or `PasswordLengthError`.
    """
    if not fold_login(login) or not roles:
        raise AccountIncompleteError("an account needs a sign-in name and at least one role")
    account = Account(
        person_id=person_id or uuid4(),
        login=fold_login(login),
        display_name=display_name,
        password_hash=await Passwords().hash(password),
        roles=frozenset(roles),
        team_codes=frozenset(team_codes),
        unit_codes=frozenset(unit_codes),
    )
    if not await add_account(connection, bus, account, valid_from=real_now(), now=now):
        raise AccountExistsError("this sign-in name is taken, or this person already has an account")
    log.info("account_created", person_id=str(account.person_id))
    return account.person_id
