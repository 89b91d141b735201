"""How often something was done on the public pages from one address, in real time; nobody is named."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import public_tries
from shared.crypto import Keys

IPV6_PREFIX: Final = 64
"""Bits: one household or phone has all addresses below such a prefix."""
PURGED_AT_ONCE: Final = 100


def subject(keys: Keys, what: str, address: str) -> bytes:
    """Return what tries of `what` from an address are counted by."""
    return keys.digest(f"{what}\0{_network(address)}", "intake.public_tries")


async def count(connection: AsyncConnection, who: bytes, *, span: timedelta, now: datetime) -> tuple[int, datetime]:
    """Count a try; return how many there are since the first of this span, and when the span ends."""
    counting = public_tries.c.counted_until > now
    statement = (
        insert(public_tries)
        .values(subject=who, tries=1, counted_until=now + span)
        .on_conflict_do_update(
            index_elements=["subject"],
            set_={
                "tries": case((counting, public_tries.c.tries + 1), else_=1),
                "counted_until": case((counting, public_tries.c.counted_until), else_=now + span),
            },
        )
        .returning(public_tries.c.tries, public_tries.c.counted_until)
    )
    row = (await connection.execute(statement)).one()
    return row.tries, row.counted_until


async def take_back(connection: AsyncConnection, who: bytes, *, now: datetime) -> None:
    """Take one try back, and drop what has run out."""
    await connection.execute(
        update(public_tries)
        .where(public_tries.c.subject == who)
        .values(tries=func.greatest(public_tries.c.tries - 1, 0))
    )
    await purge(connection, now=now)


async def purge(connection: AsyncConnection, *, now: datetime) -> None:
    """Drop some of what has run out."""
    run_out = select(public_tries.c.subject).where(public_tries.c.counted_until <= now).limit(PURGED_AT_ONCE)
    await connection.execute(
        delete(public_tries).where(public_tries.c.subject.in_(run_out.with_for_update(skip_locked=True)))
    )


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:  # noqa: PLR2004 - IPv4
        return address
    return str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False))
