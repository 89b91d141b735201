"""Prove that a contact is the person's: a code of six digits, sent to it and entered on a page.

All limits are in real time, since they keep out guesses: a demonstration's moved clock must not widen them.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.contacts import contact_of, sendable
from services.notify.handlers.desk import SEND_TASK, Desk
from services.notify.models import CONTACTS, messages, people
from services.notify.people_changes import ending, note_change
from services.notify.rules import sms_text
from services.notify.templates_in_force import wording_in_force
from shared.contracts.vocabulary import ServiceName
from shared.crypto import Keys

DIGITS: Final = 6
VALID: Final = timedelta(minutes=15)
TRIES: Final = 5
"""Wrong codes before a new one is needed."""
AN_HOUR: Final = timedelta(hours=1)
CODES_AN_HOUR: Final = 5
"""Codes that a person is sent in an hour, whoever asks."""
KIND: Final = "contact_code"

_contacts, _codes, _sent = CONTACTS.contacts, CONTACTS.codes, CONTACTS.codes_sent


@dataclass(frozen=True)
class CodeSent:
    """The code is on its way."""


@dataclass(frozen=True)
class TooManyCodes:
    """The person has been sent enough codes within the hour."""


@dataclass(frozen=True)
class CannotBeSent:
    """The contact wants no messages, or nothing can be sent on its channel yet."""


@dataclass(frozen=True)
class Verified:
    """The contact is proved."""


@dataclass(frozen=True)
class WrongCode:
    """The code is another one; `left` tries remain."""

    left: int


@dataclass(frozen=True)
class NoCode:
    """There is no code to try: none was sent, its time is over, or it was tried too often."""


async def send_code(
    connection: AsyncConnection, desk: Desk, keys: Keys, contact_id: UUID, *, by: UUID | None, real: datetime
) -> CodeSent | TooManyCodes | CannotBeSent:
    """Send a new code to a contact; an older one is void. `real` is the real time. Raises `NoSuchContactError`."""
    contact = await contact_of(connection, contact_id)
    if contact["channel"] not in sendable() or contact["opted_out_at"] is not None:
        return CannotBeSent()
    person_id: UUID = contact["person_id"]
    await connection.execute(select(people.c.id).where(people.c.id == contact["person_id"]).with_for_update())
    lately = select(func.count()).where(_sent.c.person_id == person_id, _sent.c.at > real - AN_HOUR)
    if (await connection.scalar(lately) or 0) >= CODES_AN_HOUR:
        return TooManyCodes()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    values = {"code_hash": _hash(keys, contact_id, code), "expires_at": real + VALID, "tries": 0}
    kept = insert(_codes).values(contact_id=contact_id, **values)
    await connection.execute(kept.on_conflict_do_update(index_elements=["contact_id"], set_=values))
    await connection.execute(delete(_sent).where(_sent.c.person_id == person_id, _sent.c.at <= real - AN_HOUR))
    await connection.execute(insert(_sent).values(person_id=person_id, at=real))
    await _queue(connection, desk, contact, code)
    now = desk.clock.now()
    await note_change(connection, person_id, by, "code_sent", now, to=ending(contact["address"]))
    return CodeSent()


async def enter_code(
    connection: AsyncConnection, desk: Desk, keys: Keys, contact_id: UUID, code: str, *, by: UUID | None, real: datetime
) -> Verified | WrongCode | NoCode:
    """Compare a code with the one sent; a contact that it proves no longer counts as failing.

    Commit also after a wrong code, since it counts. Raises `NoSuchContactError`.
    """
    contact = await contact_of(connection, contact_id)
    row = (await connection.execute(select(_codes).where(_codes.c.contact_id == contact_id).with_for_update())).first()
    if row is None or row.expires_at <= real or row.tries >= TRIES:
        return NoCode()
    digits = "".join(character for character in code if not character.isspace())
    if not hmac.compare_digest(row.code_hash, _hash(keys, contact_id, digits)):
        await connection.execute(update(_codes).where(_codes.c.contact_id == contact_id).values(tries=row.tries + 1))
        return WrongCode(TRIES - row.tries - 1)
    now = desk.clock.now()
    proved = {"verified_at": now, "verified_by": by, "failing_since": None, "failing_code": None}
    await connection.execute(update(_contacts).where(_contacts.c.id == contact_id).values(**proved))
    await connection.execute(delete(_codes).where(_codes.c.contact_id == contact_id))
    await note_change(connection, contact["person_id"], by, "contact_verified", now, to=ending(contact["address"]))
    return Verified()


async def _queue(connection: AsyncConnection, desk: Desk, contact: RowMapping, code: str) -> None:
    now = desk.clock.now()
    minutes = int(VALID.total_seconds() // 60)
    to = {"person_id": contact["person_id"], "channel": contact["channel"], "phone": contact["address"]}
    message = {"id": uuid4(), "kind": KIND, **to}
    place = {"plan": 0, "step": 0, "round": 0, "created_at": now, "changed_at": now}
    language = await connection.scalar(select(people.c.language).where(people.c.id == contact["person_id"]))
    words = (await wording_in_force(connection)).of(language or "vi")
    body = sms_text.contact_code(otp=code, minutes=minutes, words=words)
    await connection.execute(insert(messages).values(**message, **place, body=body))
    await desk.bus.enqueue(connection, ServiceName.NOTIFY, SEND_TASK, {"message_id": str(message["id"])})


def _hash(keys: Keys, contact_id: UUID, code: str) -> bytes:
    return keys.digest(f"{contact_id}:{code}", "contact code")
