"""Change how a person is reached, their language, or whether they are still a colleague."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import contact_of
from services.notify.models import CONTACTS, people
from services.notify.people_changes import ending, note_change
from services.notify.rules.contact import ContactChannel
from shared.phones import normalise

LANGUAGES: Final = ("vi", "en")
LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")

_contacts = CONTACTS.contacts


class WrongAddressError(ValueError):
    """The address is no phone number, or no e-mail address."""


def read_address(channel: ContactChannel, text: str) -> str:
    """Return the one form of an address: E.164, or e-mail without case. Raises `WrongAddressError`."""
    if channel is ContactChannel.EMAIL:
        folded = text.strip().casefold()
        if len(folded) > LONGEST_EMAIL or _EMAIL.fullmatch(folded) is None:
            raise WrongAddressError(channel.value)
        return folded
    number = normalise(text)
    if number is None:
        raise WrongAddressError(channel.value)
    return number


async def add_contact(
    connection: AsyncConnection, person_id: UUID, channel: ContactChannel, text: str, *, by: UUID | None, now: datetime
) -> None:
    """Add a contact behind the others, not proved yet; one that is there already stays as it is."""
    address = read_address(channel, text)
    last = select(func.coalesce(func.max(_contacts.c.rank), 0) + 1).where(_contacts.c.person_id == person_id)
    row = {"person_id": person_id, "channel": channel.value, "address": address, "created_at": now}
    added = insert(_contacts).values(**row, rank=last.scalar_subquery()).on_conflict_do_nothing()
    if (await connection.execute(added.returning(_contacts.c.id))).first() is not None:
        detail = {"channel": channel.value, "to": ending(address)}
        await note_change(connection, person_id, by, "contact_added", now, **detail)


async def remove_contact(connection: AsyncConnection, contact_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Remove a contact and whatever code was sent to it. Raises `NoSuchContactError`."""
    contact = await contact_of(connection, contact_id)
    await connection.execute(delete(CONTACTS.codes).where(CONTACTS.codes.c.contact_id == contact_id))
    await connection.execute(delete(_contacts).where(_contacts.c.id == contact_id))
    detail = {"channel": contact["channel"], "to": ending(contact["address"])}
    await note_change(connection, contact["person_id"], by, "contact_removed", now, **detail)


async def put_first(connection: AsyncConnection, contact_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Have a contact tried before the person's others. Raises `NoSuchContactError`."""
    contact = await contact_of(connection, contact_id)
    theirs = _contacts.c.person_id == contact["person_id"]
    rank = case((_contacts.c.id == contact_id, 1), else_=_contacts.c.rank + 1)
    await connection.execute(update(_contacts).where(theirs).values(rank=rank))
    await note_change(connection, contact["person_id"], by, "contact_first", now, to=ending(contact["address"]))


async def set_language(
    connection: AsyncConnection, person_id: UUID, language: str, *, by: UUID | None, now: datetime
) -> None:
    """Write to a person in another language; one that there is no text in changes nothing."""
    other = (people.c.id == person_id) & (people.c.language != language)
    if language not in LANGUAGES:
        return
    changed = update(people).where(other).values(language=language).returning(people.c.id)
    if (await connection.execute(changed)).first() is not None:
        await note_change(connection, person_id, by, "language", now, to=language)


async def set_disabled(
    connection: AsyncConnection, person_id: UUID, *, disabled: bool, by: UUID | None, now: datetime
) -> None:
    """Let a person get nothing any more, or again; their turns of duty stay and count for nobody meanwhile."""
    other = (people.c.id == person_id) & (people.c.disabled != disabled)
    changed = update(people).where(other).values(disabled=disabled).returning(people.c.id)
    if (await connection.execute(changed)).first() is not None:
        await note_change(connection, person_id, by, "disabled" if disabled else "enabled", now)
