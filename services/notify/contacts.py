"""Reads and writes of people's contacts: the one truth about where a person can be reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    RowMapping,
    Text,
    Uuid,
    any_,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import LateralFromClause

from services.notify.models import CONTACTS, people
from services.notify.rules.contact import SENDABLE, Contact, ContactChannel

_contacts = CONTACTS.contacts

_sendable: list[str] = [channel.value for channel in SENDABLE]


def use_channels(channels: Collection[ContactChannel]) -> None:
    """Take over the channels that this process has gateways for; contacts of others reach nobody."""
    _sendable[:] = [channel.value for channel in ContactChannel if channel in {*channels, *SENDABLE}]


def sendable() -> Sequence[str]:
    """Return the channels that this process has gateways for."""
    return _sendable


REACHABLE: ColumnElement[bool] = (
    (_contacts.c.channel == any_(bindparam("sendable", callable_=lambda: list(_sendable), type_=ARRAY(Text))))
    & _contacts.c.verified_at.is_not(None)
    & _contacts.c.opted_out_at.is_(None)
    & _contacts.c.failing_since.is_(None)
)
"""A contact that a message can be sent to now."""

_NUMBERS = (ContactChannel.SMS.value, ContactChannel.VOICE.value)
BATCH = 500
"""Rows a statement, well under the limit of its parameters."""


class NoSuchContactError(LookupError):
    """There is no such contact."""


async def contact_of(connection: AsyncConnection, contact_id: UUID) -> RowMapping:
    """Return a contact, locked. Raises `NoSuchContactError`."""
    statement = select(_contacts).where(_contacts.c.id == contact_id).with_for_update()
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise NoSuchContactError(str(contact_id))
    return row


def first_reachable(person: ColumnElement[UUID]) -> LateralFromClause:
    """Return `channel` and `address` of a person's first reachable contact, to be joined laterally."""
    return (
        select(_contacts.c.channel, _contacts.c.address)
        .where(_contacts.c.person_id == person, REACHABLE)
        .order_by(_contacts.c.rank, _contacts.c.id)
        .limit(1)
        .lateral("first_contact")
    )


def phones_of(person: ColumnElement[UUID]) -> ColumnElement[list[str]]:
    """Return the numbers (E.164) of a person's contacts, proved or not."""
    numbers = select(_contacts.c.address).where(_contacts.c.person_id == person, _contacts.c.channel.in_(_NUMBERS))
    return func.array(numbers.scalar_subquery(), type_=ARRAY(Text))


def is_reachable(person: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Tell whether a person has a reachable contact."""
    return exists().where(_contacts.c.person_id == person, REACHABLE)


def answers_from(person: ColumnElement[UUID], phone: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether an SMS from a number is the person's: only one they have proved speaks for them."""
    proved = _contacts.c.verified_at.is_not(None)
    return exists().where(
        _contacts.c.person_id == person, _contacts.c.channel == ContactChannel.SMS, _contacts.c.address == phone, proved
    )


async def reachable_address(connection: AsyncConnection, person_id: UUID) -> str | None:
    """Return the address of a person's first reachable contact; None for whoever has none, or has left."""
    theirs = (_contacts.c.person_id == person_id) & REACHABLE & ~people.c.disabled
    statement = select(_contacts.c.address).join(people, people.c.id == _contacts.c.person_id).where(theirs)
    found: str | None = await connection.scalar(statement.order_by(_contacts.c.rank, _contacts.c.id).limit(1))
    return found


async def ways_to(connection: AsyncConnection, person_id: UUID) -> Sequence[Contact]:
    """Return the ways to reach a person, in the order in which they are tried."""
    theirs = select(_contacts.c.channel, _contacts.c.address, REACHABLE.label("usable")).where(
        _contacts.c.person_id == person_id
    )
    rows = await connection.execute(theirs.order_by(_contacts.c.rank, _contacts.c.id))
    return [Contact(ContactChannel(row.channel), row.address, row.usable) for row in rows]


_WAYS = select(_contacts.c.person_id, _contacts.c.channel, _contacts.c.address).where(
    _contacts.c.person_id == any_(bindparam("persons", type_=ARRAY(Uuid))), REACHABLE
)


async def usable_ways(connection: AsyncConnection, persons: Collection[UUID]) -> Mapping[UUID, Mapping[str, str]]:
    """Return where a message can be sent to people now: by person, the address on each channel, the first by rank."""
    found: dict[UUID, dict[str, str]] = {person: {} for person in persons}
    rows = await connection.execute(_WAYS.order_by(_contacts.c.rank, _contacts.c.id), {"persons": list(persons)})
    for person_id, channel, address in rows:
        found[person_id].setdefault(channel, address)
    return found


async def mark_failing(connection: AsyncConnection, phone: str, code: int, now: datetime) -> Sequence[UUID]:
    """Remember that a number never takes an SMS; return whose it is. Its first reason stays."""
    theirs = (_contacts.c.channel == ContactChannel.SMS) & (_contacts.c.address == phone)
    values = {"failing_since": now, "failing_code": code}
    marked = update(_contacts).where(theirs, _contacts.c.failing_since.is_(None)).values(**values)
    ids: Sequence[UUID] = (await connection.execute(marked.returning(_contacts.c.person_id))).scalars().all()
    return ids


async def mark_opted_out(connection: AsyncConnection, phone: str, now: datetime) -> Sequence[UUID]:
    """Remember that a number wants no SMS; return whose it is, colleagues only, also when it wanted none before."""
    theirs = (_contacts.c.channel == ContactChannel.SMS) & (_contacts.c.address == phone)
    first = func.coalesce(_contacts.c.opted_out_at, now)
    marked = update(_contacts).where(theirs).values(opted_out_at=first).returning(_contacts.c.person_id)
    ids = (await connection.execute(marked)).scalars().all()
    here = select(people.c.id).where(people.c.id.in_(ids), ~people.c.disabled).order_by(people.c.id)
    return (await connection.execute(here)).scalars().all()


async def mark_opted_in(connection: AsyncConnection, phone: str) -> Sequence[UUID]:
    """Let a number have SMS again that had wanted none; return whose it is."""
    theirs = (_contacts.c.channel == ContactChannel.SMS) & (_contacts.c.address == phone)
    back = update(_contacts).where(theirs, _contacts.c.opted_out_at.is_not(None)).values(opted_out_at=None)
    ids: Sequence[UUID] = (await connection.execute(back.returning(_contacts.c.person_id))).scalars().all()
    return ids


async def load_numbers(connection: AsyncConnection, numbers: Sequence[tuple[UUID, str]], now: datetime) -> None:
    """Give people the verified number that the organisation says is theirs, by (person, E.164).

    A number that an earlier load gave them makes way; what they proved themselves, and what they chose, stays.
    """
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        rows: list[dict[str, Any]] = [
            {"person_id": person, "channel": ContactChannel.SMS.value, "address": phone, "rank": 1}
            for person, phone in batch
        ]
        for row in rows:
            row |= {"verified_at": now, "created_at": now}
        await connection.execute(insert(_contacts).values(rows).on_conflict_do_nothing())
    given = (_contacts.c.channel == ContactChannel.SMS) & _contacts.c.verified_at.is_not(None)
    former = (
        delete(_contacts)
        .where(_contacts.c.person_id == bindparam("person"), _contacts.c.address != bindparam("phone"))
        .where(given, _contacts.c.verified_by.is_(None))
    )
    if numbers:
        await connection.execute(former, [{"person": person, "phone": phone} for person, phone in numbers])


async def numbers_of(connection: AsyncConnection, person_ids: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """Return the phone numbers of people, proved or not: whoever is alleged may be known by any of them."""
    statement = select(_contacts.c.person_id, _contacts.c.address).where(
        _contacts.c.person_id.in_(person_ids), _contacts.c.channel.in_(_NUMBERS)
    )
    found: dict[UUID, set[str]] = {}
    for person_id, address in (await connection.execute(statement)).all():
        found.setdefault(person_id, set()).add(address)
    return {person_id: frozenset(addresses) for person_id, addresses in found.items()}
