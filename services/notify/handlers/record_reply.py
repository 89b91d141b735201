"""A person answers by SMS, through any gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TypedDict, assert_never
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.contextvars import bind_contextvars

from services.notify import contacts, exclusion, store
from services.notify.handlers import change_alert
from services.notify.handlers.acknowledge import acknowledge
from services.notify.handlers.change_alert import Act
from services.notify.handlers.desk import Desk
from services.notify.handlers.miss_person import opt_in, opt_out
from services.notify.models import alerts, pages, people, replies
from services.notify.records import Alert, AlertClosedError, PersonExcludedError
from services.notify.rules import sms_text
from services.notify.rules.reply import (
    Acknowledge,
    AskStatus,
    BareVerb,
    Decline,
    Escalate,
    Help,
    NotUnderstood,
    OptIn,
    OptOut,
    parse_reply,
)
from services.notify.rules.sms_text import Words
from services.notify.templates_in_force import wording_in_force
from shared.clock import vietnam_time
from shared.database import Database
from shared.observability import logger

SAID_AGAIN = timedelta(minutes=2)
"""The same words from a phone within this time are one reply, where the gateway gives no id."""
EXPLAINED_WITHIN = timedelta(minutes=10)
"""A phone gets the same explanation of how to reply once in this time."""
EXPLAINED_AT_MOST = 3
"""And no more than so many different ones, so that two machines cannot talk for ever."""
EXPLANATIONS = ("bare", "not_understood", "unknown_code")
ANSWERED_AT_MOST = 20
"""Answers of any kind that a phone gets in that time; what it asks for is done all the same."""
CODES_SHOWN = 3

_LANGUAGE = (
    select(people.c.language)
    .where(contacts.answers_from(people.c.id, bindparam("phone", type_=Text)), ~people.c.disabled)
    .limit(1)
)

log = logger(__name__)


@dataclass(frozen=True)
class Incoming:
    """What a person answered; `sid` is the gateway's own id for it (null: it gives none), `phone` E.164.

    `how` is the way it came, as the timeline tells it; `person_id` is known where we called a certain person.
    """

    gateway: str
    sid: str | None
    phone: str
    body: str
    how: str = "sms"
    person_id: UUID | None = None


class _Ends(TypedDict):
    duty: str
    words: Words


@dataclass(frozen=True)
class _Done:
    """What a reply did and the text to answer with; the person and the case that it turned out to concern."""

    outcome: str
    answer: str | None
    report_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True)
class _Voice:
    """How this phone is answered: the number to call, in the words of its owner's language."""

    number: str
    words: Words

    @property
    def ends(self) -> _Ends:
        return {"duty": self.number, "words": self.words}


@dataclass(frozen=True)
class Answer:
    """What a reply did, and the SMS to answer with, if any."""

    outcome: str
    text: str | None


async def record_reply(database: Database, desk: Desk, incoming: Incoming) -> str | None:
    """Do what a reply says and return the text to answer with, if any; a repeated callback gets the same answer."""
    return (await take_reply(database, desk, incoming)).text


async def take_reply(database: Database, desk: Desk, incoming: Incoming) -> Answer:
    """Do what a reply says; one that is repeated does nothing and gets the same answer."""
    async with database.transaction() as connection:
        if incoming.sid is None:
            incoming = replace(incoming, sid=await sid_of_copy(connection, desk, incoming))
        if not await _is_new(connection, desk, incoming):
            kept = select(replies.c.outcome, replies.c.answer).where(replies.c.sid == incoming.sid)
            row = (await connection.execute(kept)).one()
            return Answer(row.outcome, row.answer)
        done = await _act(connection, desk, incoming)
        told_enough = done.outcome != "acknowledged" and await _told_enough(connection, desk, incoming, done)
        answer = None if told_enough else done.answer
        await connection.execute(
            update(replies)
            .where(replies.c.sid == incoming.sid)
            .values(person_id=done.person_id, report_id=done.report_id, outcome=done.outcome, answer=answer)
        )
    log.info("reply_recorded", outcome=done.outcome)
    return Answer(done.outcome, answer)


async def sid_of_copy(connection: AsyncConnection, desk: Desk, incoming: Incoming) -> str:
    """Return an id for a reply whose gateway gives none: that of the last from this phone if it said the same just now.

    A provider that has not heard that we took a reply hands it over again within moments. Whatever was said in between
    makes the same words a new reply: who takes a case, gives it back and takes it again is taken at their word.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(incoming.phone))))
    said = sha256(incoming.body.strip().casefold().encode()).hexdigest()[:16]
    mark = f"{incoming.gateway}:{said}:"
    of_phone = select(replies.c.sid, replies.c.at).where(replies.c.phone == incoming.phone)
    last = (await connection.execute(of_phone.order_by(replies.c.at.desc()).limit(1))).first()
    if last is not None and last.sid.startswith(mark) and desk.clock.now() - last.at < SAID_AGAIN:
        return str(last.sid)
    return mark + uuid4().hex


async def _is_new(connection: AsyncConnection, desk: Desk, incoming: Incoming) -> bool:
    """Keep the gateway's id, or find it kept; a copy that comes at the same moment waits for the first."""
    row = {"sid": incoming.sid, "gateway": incoming.gateway, "phone": incoming.phone}
    statement = (
        insert(replies)
        .values(**row, outcome="received", at=desk.clock.now())
        .on_conflict_do_nothing()
        .returning(replies.c.sid)
    )
    return (await connection.execute(statement)).first() is not None


async def _act(connection: AsyncConnection, desk: Desk, incoming: Incoming) -> _Done:
    voice = await _voice(connection, incoming.phone)
    reply = parse_reply(incoming.body)
    match reply:
        case OptOut():
            await opt_out(connection, desk, incoming.phone)
            return _Done("opted_out", None)
        case OptIn():
            await opt_in(connection, desk, incoming.phone)
            return _Done("opted_in", None)
        case Help() | NotUnderstood():
            return _Done("not_understood", sms_text.answer_how_to(reply=desk.reply_to, **voice.ends))
        case BareVerb():
            return await _bare(connection, desk, incoming.phone, voice)
        case Acknowledge(code) | Decline(code) | Escalate(code) | AskStatus(code):
            person_id, correlation_id = await _concerned(connection, code, incoming)
            if person_id is None:
                return _Done("unknown_code", sms_text.answer_unknown_code(reply=desk.reply_to, **voice.ends))
            bind_contextvars(correlation_id=correlation_id)
            return await _with_code(connection, desk, reply, Act(code, person_id, incoming.how), voice)
        case _:
            assert_never(reply)


async def _voice(connection: AsyncConnection, phone: str) -> _Voice:
    language = await connection.scalar(_LANGUAGE, {"phone": phone})
    wording = await wording_in_force(connection)
    return _Voice(await store.duty_number(connection), wording.of(language or "vi"))


async def _with_code(
    connection: AsyncConnection,
    desk: Desk,
    reply: Acknowledge | Decline | Escalate | AskStatus,
    act: Act,
    voice: _Voice,
) -> _Done:
    try:
        match reply:
            case Acknowledge():
                done = await acknowledge(connection, desk, act)
                outcome = "acknowledged" if done.first else "too_late"
                alert, text = done.alert, _ok(done.alert, act.person_id, voice)
            case Decline():
                outcome, alert = "declined", await change_alert.decline(connection, desk, act)
                text = sms_text.answer_decline(code=act.case_code, **voice.ends)
            case Escalate():
                outcome, alert = "escalated", await change_alert.escalate(connection, desk, act)
                text = sms_text.answer_escalated(code=act.case_code, **voice.ends)
            case AskStatus():
                outcome, alert = "asked", await store.alert_by_code(connection, act.case_code)
                text = _state(alert, voice)
    except PersonExcludedError:
        return _Done("unknown_code", sms_text.answer_unknown_code(reply=desk.reply_to, **voice.ends))
    except AlertClosedError:
        outcome, alert = "closed_already", await store.alert_by_code(connection, act.case_code)
        text = _state(alert, voice)
    if isinstance(reply, Decline | Escalate) and alert.state != "open":
        text = _state(alert, voice)
    return _Done(outcome, text, alert.report_id, act.person_id)


def _ok(alert: Alert, person_id: UUID, voice: _Voice) -> str:
    """Confirm to whoever took the case; tell anybody else that it is taken."""
    if alert.acknowledged_by != person_id:
        return _state(alert, voice)
    taken_at = vietnam_time(alert.acknowledged_at or alert.received_at)
    contact = vietnam_time(alert.contact_by or alert.acknowledge_by)
    return sms_text.answer_ok(code=alert.case_code, time=taken_at, contact=contact, **voice.ends)


def _state(alert: Alert, voice: _Voice) -> str:
    if alert.closed_at is not None:
        return sms_text.answer_closed(code=alert.case_code, time=vietnam_time(alert.closed_at), **voice.ends)
    if alert.acknowledged_at is not None:
        return sms_text.taken_by_other(
            code=alert.case_code, time=vietnam_time(alert.acknowledged_at), words=voice.words
        )
    return sms_text.answer_status(
        code=alert.case_code, level=alert.level, time=vietnam_time(alert.acknowledge_by), **voice.ends
    )


async def _bare(connection: AsyncConnection, desk: Desk, phone: str, voice: _Voice) -> _Done:
    """Take nothing for a verb without a code; say which codes wait for this phone, gravest and newest first."""
    statement = (
        select(alerts.c.case_code, alerts.c.report_id, func.array_agg(pages.c.person_id).label("paged"))
        .join(pages, pages.c.report_id == alerts.c.report_id)
        .join(people, people.c.id == pages.c.person_id)
        .where(alerts.c.state == "open", *_answers_from(phone))
        .group_by(alerts.c.report_id)
        .order_by(alerts.c.level.desc(), func.max(pages.c.id).desc())
        .limit(CODES_SHOWN)
    )
    waiting = (await connection.execute(statement)).all()
    if not waiting:
        return _Done("bare", sms_text.answer_how_to(reply=desk.reply_to, **voice.ends))
    for row in waiting:
        await store.note(connection, row.report_id, desk.clock.now(), ("replied_without_code", row.paged[0], {}))
    text = sms_text.answer_bare_ok(codes=[row.case_code for row in waiting], reply=desk.reply_to, **voice.ends)
    return _Done("bare", text, waiting[0].report_id, waiting[0].paged[0])


async def _concerned(connection: AsyncConnection, code: str, incoming: Incoming) -> tuple[UUID | None, str]:
    """Return who at this phone was paged for a case, the last one where colleagues share a phone; and the case's correlation id.

    Only such a person may answer for it. Whoever must not have the case any more is nobody to it.
    """
    statement = (
        select(pages.c.person_id, alerts.c.correlation_id)
        .join(alerts, alerts.c.report_id == pages.c.report_id)
        .join(people, people.c.id == pages.c.person_id)
        .where(alerts.c.case_code == code, *_speaks(incoming))
        .order_by(pages.c.id.desc())
        .limit(1)
    )
    found = (await connection.execute(statement)).first()
    return (found.person_id, found.correlation_id) if found else (None, "")


def _speaks(incoming: Incoming) -> Sequence[ColumnElement[bool]]:
    """Return who may be speaking: a certain person whom we called, or whose number it is."""
    if incoming.person_id is not None:
        return people.c.id == incoming.person_id, ~people.c.disabled, exclusion.may_have(people.c.id)
    return _answers_from(incoming.phone)


def _answers_from(phone: str) -> Sequence[ColumnElement[bool]]:
    return contacts.answers_from(people.c.id, phone), ~people.c.disabled, exclusion.may_have(people.c.id)


async def _told_enough(connection: AsyncConnection, desk: Desk, incoming: Incoming, done: _Done) -> bool:
    """Tell whether this phone gets no answer: it has this very explanation, or too many answers, of late.

    A phone that is nobody's is answered once, and then never again.
    """
    lately = replies.c.at > desk.clock.now() - EXPLAINED_WITHIN
    explained = lately & replies.c.outcome.in_(EXPLANATIONS)
    statement = select(
        func.count(),
        func.count().filter(lately),
        func.count().filter(explained),
        func.count().filter(explained, replies.c.answer == done.answer),
    ).where(replies.c.phone == incoming.phone, replies.c.answer.is_not(None))
    ever, answered, total, same = (await connection.execute(statement)).one()
    if answered >= ANSWERED_AT_MOST:
        return True
    if done.outcome not in EXPLANATIONS:
        return False
    if total >= EXPLAINED_AT_MOST or same > 0:
        return True
    known = await connection.scalar(_LANGUAGE, {"phone": incoming.phone}) is not None
    return not known and ever > 0
