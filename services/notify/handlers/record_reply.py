"""A person answers by SMS, through any gateway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.handlers import change_alert
from services.notify.handlers.acknowledge import acknowledge
from services.notify.handlers.desk import Desk
from services.notify.models import alerts, pages, people, replies
from services.notify.records import Alert, AlertClosedError, NoSuchAlertError
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
    Reply,
    parse_reply,
)
from shared.clock import vietnam_time
from shared.database import Database
from shared.observability import logger

ANSWER_ONCE_IN = timedelta(minutes=10)
"""A phone gets one answer that explains how to reply in this time, so that two machines cannot talk for ever."""
CODES_SHOWN = 3

log = logger(__name__)


@dataclass(frozen=True)
class Incoming:
    """An SMS that came in; `sid` is the gateway's own id for it, `phone` E.164."""

    gateway: str
    sid: str
    phone: str
    body: str


@dataclass(frozen=True)
class _Done:
    """What a reply did; `explains`: the answer only says how to reply, and is limited."""

    outcome: str
    answer: str | None
    report_id: UUID | None = None
    explains: bool = False


async def record_reply(database: Database, desk: Desk, incoming: Incoming) -> str | None:
    """Do what a reply says and return the text to answer with, if any; a repeated callback gets the same answer."""
    async with database.transaction() as session:
        claimed = await session.execute(
            insert(replies)
            .values(
                sid=incoming.sid,
                gateway=incoming.gateway,
                phone=incoming.phone,
                outcome="received",
                at=desk.clock.now(),
            )
            .on_conflict_do_nothing()
            .returning(replies.c.sid)
        )
        if claimed.first() is None:
            return await session.scalar(select(replies.c.answer).where(replies.c.sid == incoming.sid))
        person_id = await session.scalar(
            select(people.c.id).where(people.c.phone == incoming.phone, ~people.c.disabled)
        )
        done = await _act(session, desk, incoming.phone, person_id, parse_reply(incoming.body))
        answer = done.answer
        if done.explains and await _explained_lately(session, incoming, desk.clock.now()):
            answer = None
        await session.execute(
            update(replies)
            .where(replies.c.sid == incoming.sid)
            .values(person_id=person_id, report_id=done.report_id, outcome=done.outcome, answer=answer)
        )
        log.info("reply_recorded", outcome=done.outcome)
        return answer


async def _act(session: AsyncSession, desk: Desk, phone: str, person_id: UUID | None, reply: Reply) -> _Done:
    number = await store.duty_number(session)
    match reply:
        case OptOut():
            await session.execute(update(people).where(people.c.phone == phone).values(unreachable="opted out"))
            return _Done("opted_out", None)
        case OptIn():
            await session.execute(
                update(people)
                .where(people.c.phone == phone, people.c.unreachable == "opted out")
                .values(unreachable=None)
            )
            return _Done("opted_in", None)
        case Help() | NotUnderstood():
            how_to = sms_text.answer_how_to(reply=desk.reply_to, duty=number)
            return _Done("not_understood", how_to, explains=True)
        case BareVerb():
            return await _bare(session, desk, person_id, number)
        case Acknowledge(code) | Decline(code) | Escalate(code) | AskStatus(code):
            if person_id is None or not await _concerns(session, code, person_id):
                unknown = sms_text.answer_unknown_code(reply=desk.reply_to, duty=number)
                return _Done("unknown_code", unknown, explains=True)
            return await _with_code(session, desk, person_id, reply, code, number)
        case _:
            assert_never(reply)


async def _with_code(
    session: AsyncSession,
    desk: Desk,
    person_id: UUID,
    reply: Acknowledge | Decline | Escalate | AskStatus,
    code: str,
    number: str,
) -> _Done:
    try:
        match reply:
            case Acknowledge():
                done = await acknowledge(session, desk, code, person_id, how="sms")
                return _Done(
                    "acknowledged" if done.first else "too_late",
                    _ok(done.alert, person_id, number),
                    done.alert.report_id,
                )
            case Decline():
                alert = await change_alert.decline(session, desk, code, person_id, how="sms")
                return _Done("declined", sms_text.answer_decline(code=code, duty=number), alert.report_id)
            case Escalate():
                alert = await change_alert.escalate(session, desk, code, person_id, how="sms")
                text = sms_text.answer_escalated(code=code, duty=number)
                return _Done("escalated", text if alert.state == "open" else _state(alert, number), alert.report_id)
            case AskStatus():
                alert = await store.alert_by_code(session, code)
                return _Done("asked", _state(alert, number), alert.report_id)
    except AlertClosedError:
        alert = await store.alert_by_code(session, code)
        return _Done("closed_already", _state(alert, number), alert.report_id)


def _ok(alert: Alert, person_id: UUID, number: str) -> str:
    """Confirm to whoever took the case; tell anybody else that it is taken."""
    taken_at = vietnam_time(alert.acknowledged_at or alert.received_at)
    if alert.acknowledged_by != person_id:
        return sms_text.taken_by_other(code=alert.case_code, time=taken_at)
    contact = vietnam_time(alert.contact_by or alert.acknowledge_by)
    return sms_text.answer_ok(code=alert.case_code, time=taken_at, contact=contact, duty=number)


def _state(alert: Alert, number: str) -> str:
    if alert.closed_at is not None:
        return sms_text.answer_closed(code=alert.case_code, time=vietnam_time(alert.closed_at), duty=number)
    if alert.acknowledged_at is not None:
        return sms_text.taken_by_other(code=alert.case_code, time=vietnam_time(alert.acknowledged_at))
    return sms_text.answer_status(
        code=alert.case_code, level=alert.level, time=vietnam_time(alert.acknowledge_by), duty=number
    )


async def _bare(session: AsyncSession, desk: Desk, person_id: UUID | None, number: str) -> _Done:
    """Take nothing for a verb without a code; say which codes wait for this phone, gravest and newest first."""
    waiting: list[str] = []
    if person_id is not None:
        statement = (
            select(alerts.c.case_code)
            .join(pages, (pages.c.report_id == alerts.c.report_id) & (pages.c.person_id == person_id))
            .where(alerts.c.state == "open")
            .group_by(alerts.c.case_code, alerts.c.level)
            .order_by(alerts.c.level.desc(), func.max(pages.c.id).desc())
            .limit(CODES_SHOWN)
        )
        waiting = list((await session.execute(statement)).scalars())
    if not waiting:
        return _Done("bare", sms_text.answer_how_to(reply=desk.reply_to, duty=number), explains=True)
    return _Done("bare", sms_text.answer_bare_ok(codes=waiting, reply=desk.reply_to, duty=number), explains=True)


async def _concerns(session: AsyncSession, code: str, person_id: UUID) -> bool:
    """Tell whether a person was paged for a case; only such a person may answer for it."""
    try:
        alert = await store.alert_by_code(session, code)
    except NoSuchAlertError:
        return False
    mine = select(pages.c.id).where(pages.c.report_id == alert.report_id, pages.c.person_id == person_id).limit(1)
    return await session.scalar(mine) is not None


async def _explained_lately(session: AsyncSession, incoming: Incoming, now: datetime) -> bool:
    earlier = (
        select(replies.c.sid)
        .where(
            replies.c.phone == incoming.phone,
            replies.c.at > now - ANSWER_ONCE_IN,
            replies.c.sid != incoming.sid,
            replies.c.outcome.in_(["bare", "not_understood", "unknown_code"]),
            replies.c.answer.is_not(None),
        )
        .limit(1)
    )
    return await session.scalar(earlier) is not None
