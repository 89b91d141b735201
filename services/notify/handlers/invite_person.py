"""Let a person choose the password of their account, by a link that works once.

The link's time is real time, since it keeps strangers out: a demonstration's moved clock must not widen it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import accounts
from services.notify.models import ACCOUNTS, PEOPLE, people
from services.notify.passwords import Passwords
from services.notify.people_changes import note_change
from shared.database import Database
from shared.events import EventBus
from shared.observability import logger

VALID: Final = timedelta(hours=72)
TOKEN_BYTES: Final = 32

_invitations = PEOPLE.invitations
_accounts = ACCOUNTS.accounts

log = logger(__name__)


class NoAccountError(LookupError):
    """The person has no account that a link could open, or has left."""


@dataclass(frozen=True)
class Welcome:
    """The link holds; `login` is the sign-in name it is for."""

    person_id: UUID
    login: str


@dataclass(frozen=True)
class PasswordSet:
    """The password is chosen and the link used up."""

    login: str


@dataclass(frozen=True)
class LinkOver:
    """The link was used, a newer one took its place, its time is over, or it never was one; which is not told."""


async def make_invitation(
    connection: AsyncConnection, person_id: UUID, *, by: UUID | None, real: datetime, now: datetime
) -> str:
    """Return the token of a new link, which is kept only as a hash; the person's older link is void.

    `real` is the real time. Raises `NoAccountError`.
    """
    left = exists().where(people.c.id == person_id, people.c.disabled)
    statement = select(_accounts.c.person_id).where(_accounts.c.person_id == person_id, ~left).with_for_update()
    if (await connection.execute(statement)).first() is None:
        raise NoAccountError(str(person_id))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"token_hash": _hash(token), "expires_at": real + VALID}
    kept = insert(_invitations).values(person_id=person_id, **values)
    await connection.execute(kept.on_conflict_do_update(index_elements=["person_id"], set_=values))
    await note_change(connection, person_id, by, "invited", now)
    log.info("person_invited", person_id=str(person_id))
    return token


async def read_invitation(connection: AsyncConnection, token: str, *, real: datetime) -> Welcome | LinkOver:
    """Tell whom a link is for."""
    statement = (
        select(_accounts.c.person_id, _accounts.c.login)
        .join(_invitations, _invitations.c.person_id == _accounts.c.person_id)
        .where(_invitations.c.token_hash == _hash(token), _invitations.c.expires_at > real)
    )
    row = (await connection.execute(statement)).first()
    return LinkOver() if row is None else Welcome(row.person_id, row.login)


async def accept_invitation(
    database: Database, bus: EventBus, passwords: Passwords, token: str, password: str, *, real: datetime, now: datetime
) -> PasswordSet | LinkOver:
    """Use a link up and give its account the password; sessions of before end. Raises `PasswordLengthError`.

    The password is hashed outside any transaction, and only for a link that holds.
    """
    async with database.reading() as connection:
        found = await read_invitation(connection, token, real=real)
    if isinstance(found, LinkOver):
        return found
    hashed = await passwords.hash(password)
    mine = (_invitations.c.token_hash == _hash(token)) & (_invitations.c.expires_at > real)
    async with database.transaction() as connection:
        used = await connection.scalar(delete(_invitations).where(mine).returning(_invitations.c.person_id))
        if used is None:
            return LinkOver()
        login = await accounts.set_password(connection, bus, used, hashed, valid_from=real, now=now)
        await note_change(connection, used, used, "password_chosen", now)
    log.info("invitation_accepted", person_id=str(used))
    return LinkOver() if login is None else PasswordSet(login)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
