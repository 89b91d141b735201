"""The store of tries to sign in, which makes guessing a password slow.

A try is counted before the password is looked at, so that many tries at once count as many. A name that nobody
has is counted like any other, so that the answer does not tell which names exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import ACCOUNTS
from shared.crypto import Keys

LOGIN_LIMIT: Final = 10
"""Tries for one name, from anywhere."""
ADDRESS_LIMIT: Final = 50
"""Tries from one address; a commune's office shares one."""
LOCKED_FOR: Final = timedelta(minutes=15)
"""From the last try that was allowed; tries during the lock do not lengthen it."""
PURGED_AT_ONCE: Final = 100

_TRIES: Final = ACCOUNTS.sign_in_tries


@dataclass(frozen=True)
class Subjects:
    """What tries are counted by: keyed hashes, so that the table names nobody."""

    login: bytes
    address: bytes


def subjects(keys: Keys, *, login: str, address: str) -> Subjects:
    """Return the subjects of a try; `login` folded."""
    return Subjects(keys.digest(login, "sign-in login"), keys.digest(address, "sign-in address"))


async def count_try(connection: AsyncConnection, tried: Subjects, *, now: datetime) -> timedelta | None:
    """Count a try in real time; return how long to wait when there were too many."""
    waits = [
        await _count(connection, tried.login, LOGIN_LIMIT, now),
        await _count(connection, tried.address, ADDRESS_LIMIT, now),
    ]
    return max((wait for wait in waits if wait is not None), default=None)


async def forget_try(connection: AsyncConnection, tried: Subjects, *, now: datetime) -> None:
    """Forget the tries of a name after a right password, take one from the address, and drop what has run out."""
    await connection.execute(delete(_TRIES).where(_TRIES.c.subject == tried.login))
    await connection.execute(
        update(_TRIES).where(_TRIES.c.subject == tried.address).values(tries=func.greatest(_TRIES.c.tries - 1, 0))
    )
    run_out = select(_TRIES.c.subject).where(_TRIES.c.counted_until <= now).limit(PURGED_AT_ONCE)
    await connection.execute(delete(_TRIES).where(_TRIES.c.subject.in_(run_out.with_for_update(skip_locked=True))))


async def _count(connection: AsyncConnection, subject: bytes, limit: int, now: datetime) -> timedelta | None:
    counting, locked = _TRIES.c.counted_until > now, _TRIES.c.tries >= limit
    statement = (
        insert(_TRIES)
        .values(subject=subject, tries=1, counted_until=now + LOCKED_FOR)
        .on_conflict_do_update(
            index_elements=["subject"],
            set_={
                "tries": case((counting, _TRIES.c.tries + 1), else_=1),
                "counted_until": case((counting & locked, _TRIES.c.counted_until), else_=now + LOCKED_FOR),
            },
        )
        .returning(_TRIES.c.tries, _TRIES.c.counted_until)
    )
    row = (await connection.execute(statement)).one()
    return row.counted_until - now if row.tries > limit else None
