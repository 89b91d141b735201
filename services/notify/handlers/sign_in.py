"""Let a person in by name and password, in real time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notify.accounts import account_of, fold_login
from services.notify.passwords import Passwords
from services.notify.sign_in_tries import count_try, forget_try, subjects
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.database import Database
from shared.observability import logger

log = logger(__name__)


@dataclass(frozen=True)
class SignedIn:
    """The name and the password are right."""

    person_id: UUID
    display_name: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class WrongNameOrPassword:
    """Nobody has this name and password, or the account is closed; which of these is not told."""


@dataclass(frozen=True)
class TooManyTries:
    """Tries for this name or from this address are refused for `wait`, right or wrong."""

    wait: timedelta


SignInOutcome = SignedIn | WrongNameOrPassword | TooManyTries


async def sign_in(
    database: Database, keys: Keys, passwords: Passwords, *, login: str, password: str, address: str, now: datetime
) -> SignInOutcome:
    """Count the try, look at the password outside any transaction, and forget the try if it was right."""
    tried = subjects(keys, login=fold_login(login), address=address)
    async with database.transaction() as connection:
        wait = await count_try(connection, tried, now=now)
        account = None if wait else await account_of(connection, login)
    if wait:
        log.warning("sign_in_locked")
        return TooManyTries(wait)
    open_account = account if account and not account.disabled else None
    right = await passwords.matches(password, open_account.password_hash if open_account else None)
    if open_account is None or not right:
        log.info("sign_in_refused")
        return WrongNameOrPassword()
    async with database.transaction() as connection:
        await forget_try(connection, tried, now=now)
    log.info("signed_in", person_id=str(open_account.person_id))
    return SignedIn(open_account.person_id, open_account.display_name, open_account.roles)
