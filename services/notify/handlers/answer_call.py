"""A call that we placed is answered: say what waits, or do what the key says, as an SMS reply would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select, update

from services.notify import exclusion
from services.notify.handlers.desk import Desk
from services.notify.handlers.record_delivery import CODE
from services.notify.handlers.record_reply import Incoming, take_reply
from services.notify.models import alerts, messages, people
from services.notify.rules.calls import KEYS, Spoken, answered, ask, is_machine, say_code
from services.notify.rules.contact import ContactChannel
from shared.contracts.vocabulary import Level
from shared.database import Database

_DIGITS = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Call:
    """What Twilio tells of a call: our message, its own id, who answered, and the key pressed, if any."""

    message_id: UUID | None
    sid: str
    answered_by: str
    digits: str | None


async def answer_call(database: Database, desk: Desk, call: Call) -> Spoken | None:
    """Return what to say, or None to hang up: on a machine, and on a call that is none of ours."""
    async with database.reading() as connection:
        row = (await connection.execute(_called(call.message_id))).mappings().first()
        proving = (await connection.execute(_proving(call.message_id))).first() if row is None else None
    if is_machine(call.answered_by):
        return None
    if proving is not None and (digits := _DIGITS.search(proving.body)):
        return say_code(proving.language, digits[0])
    if row is None:
        return None
    if row["case_state"] != "open" and call.digits is None:
        return answered(row["language"], "closed_already" if row["case_state"] == "closed" else "too_late", row["code"])
    if call.digits not in KEYS:
        return ask(row["language"], Level(row["level"]), row["code"])
    return await _press(database, desk, call, row)


async def _press(database: Database, desk: Desk, call: Call, row: RowMapping) -> Spoken:
    body = f"{KEYS[call.digits or '']} {row['code']}"
    incoming = Incoming("voice", f"{call.sid}:{call.digits}", row["phone"], body, "voice", row["person_id"])
    done = await take_reply(database, desk, incoming)
    async with database.transaction() as connection:
        await connection.execute(update(messages).where(messages.c.id == call.message_id).values(result="answered"))
    return answered(row["language"], done.outcome, row["code"])


def _proving(message_id: UUID | None) -> Select[Any]:
    """Return the text with the code that this call is to speak, and its person's language."""
    return (
        select(messages.c.body, people.c.language)
        .join(people, people.c.id == messages.c.person_id)
        .where(
            messages.c.id == message_id,
            messages.c.kind == CODE,
            messages.c.channel == ContactChannel.VOICE.value,
            ~people.c.disabled,
        )
    )


def _called(message_id: UUID | None) -> Select[Any]:
    """Return the call's person and case; nothing for whoever must not have the case any more."""
    return (
        select(
            messages.c.person_id,
            messages.c.phone,
            people.c.language,
            alerts.c.case_code.label("code"),
            alerts.c.level,
            alerts.c.state.label("case_state"),
        )
        .join(alerts, alerts.c.report_id == messages.c.report_id)
        .join(people, people.c.id == messages.c.person_id)
        .where(
            messages.c.id == message_id,
            messages.c.channel == ContactChannel.VOICE.value,
            ~people.c.disabled,
            exclusion.may_have(people.c.id),
        )
    )
