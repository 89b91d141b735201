"""Send one message: claim it, ask the gateway, record what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.gateway import Gateway, LookUpFailedError
from services.notify.handlers.desk import SEND_TASK, Desk
from services.notify.handlers.fire_step import fire_if_exhausted
from services.notify.models import alerts, messages, pages, people
from services.notify.rules.delivery import (
    Accepted,
    DeliveryState,
    NeverRetry,
    Outcome,
    ResendWithoutCallback,
    RetryLater,
    marks_contact,
)
from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events.errors import OutageError
from shared.observability import MESSAGES_SENT, logger

LEASE = "15 seconds"
"""A claim older than this belongs to a process that died; longer than the gateway's limit."""
LONGEST_PAUSE = 30.0
"""Seconds between attempts while the gateway is away: a page goes out soon after it is back."""
LATE = timedelta(minutes=1)
"""A page that took longer than this from its intent to the gateway is shown as late."""
LOOK_UPS = 2
"""Times the gateway is asked whether it has a doubtful message; then it is sent: a second page is better than none."""

log = logger(__name__)


class SendingElsewhereError(Exception):
    """Another worker holds this message; try again when its lease is over."""


@dataclass(frozen=True)
class Claim:
    """A message that this worker may send now. `doubtful`: an earlier attempt may have sent it already."""

    id: UUID
    report_id: UUID
    person_id: UUID
    kind: str
    phone: str
    body: str
    attempts: int
    doubtful: bool
    created_at: datetime


async def send_message(
    database: Database, desk: Desk, gateway: Gateway, callback: str | None, body: dict[str, Any]
) -> None:
    """Send the message of a queued task. Raises to be tried again; a message already sent stays as it is."""
    message_id = UUID(body["message_id"])
    claim = await _claim(database, desk, message_id)
    if claim is None:
        return
    if claim.doubtful and (sid := await _find(gateway, claim)) is not None:
        await _record(database, desk, claim, Accepted(sid))
        return
    outcome = await _send(gateway, claim, callback)
    await _record(database, desk, claim, outcome)


async def _send(gateway: Gateway, claim: Claim, callback: str | None) -> Outcome:
    url = f"{callback}?message={claim.id}" if callback else None
    outcome = await gateway.send(claim.phone, claim.body, url)
    if isinstance(outcome, ResendWithoutCallback):
        outcome = await gateway.send(claim.phone, claim.body, None)
    return outcome


async def _find(gateway: Gateway, claim: Claim) -> str | None:
    """Ask the gateway whether it has a doubtful message; after some failed look-ups send it all the same."""
    try:
        return await gateway.find(claim.phone, claim.body)
    except LookUpFailedError:
        if claim.attempts <= LOOK_UPS:
            raise OutageError from None
        return None


async def _claim(database: Database, desk: Desk, message_id: UUID) -> Claim | None:
    """Take the message when it waits, or when whoever took it died; drop a page of an alert that no longer pages."""
    expired = messages.c.claimed_at < func.now() - text(f"interval '{LEASE}'")
    free = or_(
        messages.c.state == DeliveryState.QUEUED.value,
        (messages.c.state == DeliveryState.SENDING.value) & expired,
    )
    statement = (
        update(messages)
        .where(messages.c.id == message_id, free)
        .values(
            state=case((_needless(), DeliveryState.CANCELLED.value), else_=DeliveryState.SENDING.value),
            doubtful=messages.c.doubtful | (messages.c.state == DeliveryState.SENDING.value),
            attempts=messages.c.attempts + 1,
            claimed_at=func.now(),
            changed_at=desk.clock.now(),
        )
        .returning(messages)
    )
    async with database.transaction() as session:
        row = (await session.execute(statement)).mappings().first()
        if row is None:
            state = await session.scalar(select(messages.c.state).where(messages.c.id == message_id))
            if state == DeliveryState.SENDING.value:
                raise SendingElsewhereError
            return None
    if row["state"] == DeliveryState.CANCELLED.value:
        return None
    return Claim(**{name: row[name] for name in Claim.__dataclass_fields__})


def _needless() -> ColumnElement[bool]:
    """Tell whether a page is needless: its alert is no longer open."""
    still_open = select(alerts.c.report_id).where(
        alerts.c.report_id == messages.c.report_id, alerts.c.state == "open", alerts.c.plan == messages.c.plan
    )
    return (messages.c.kind == "page") & ~still_open.exists()


async def _record(database: Database, desk: Desk, claim: Claim, outcome: Outcome) -> None:
    MESSAGES_SENT.labels(type(outcome).__name__).inc()
    match outcome:
        case Accepted(sid):
            await _accepted(database, desk, claim, sid)
        case NeverRetry(code):
            await _never(database, desk, claim, code)
        case RetryLater(reason, doubtful):
            await _later(database, desk, claim, reason, doubtful=doubtful)
        case ResendWithoutCallback():
            await _later(database, desk, claim, "callback refused", doubtful=False)
        case _:
            assert_never(outcome)


async def _accepted(database: Database, desk: Desk, claim: Claim, sid: str) -> None:
    now = desk.clock.now()
    state = case(
        (messages.c.state == DeliveryState.SENDING.value, DeliveryState.ACCEPTED.value), else_=messages.c.state
    )
    values = {"sid": sid, "state": state, "changed_at": now, "possible_duplicate": claim.doubtful}
    async with database.transaction() as session:
        await session.execute(update(messages).where(messages.c.id == claim.id).values(**values))
        if now - claim.created_at > LATE or claim.doubtful:
            detail = {"kind": claim.kind, "attempts": claim.attempts, "possible_duplicate": claim.doubtful}
            await store.note(session, claim.report_id, now, ("sent_late", claim.person_id, detail))


async def _later(database: Database, desk: Desk, claim: Claim, reason: str, *, doubtful: bool) -> None:
    pause = min(2.0 ** (claim.attempts - 1), LONGEST_PAUSE)
    log.warning("message_waits", message_id=str(claim.id), reason=reason, attempts=claim.attempts)
    values = {
        "state": DeliveryState.QUEUED.value,
        "doubtful": claim.doubtful or doubtful,
        "changed_at": desk.clock.now(),
    }
    async with database.transaction() as session:
        await session.execute(update(messages).where(messages.c.id == claim.id).values(**values))
        task = {"message_id": str(claim.id)}
        again = datetime.now(UTC) + timedelta(seconds=pause)
        await desk.bus.enqueue(session, ServiceName.NOTIFY, SEND_TASK, task, not_before=again)


async def _never(database: Database, desk: Desk, claim: Claim, code: int) -> None:
    async with database.transaction() as session:
        values = {"state": DeliveryState.FAILED.value, "error_code": code, "changed_at": desk.clock.now()}
        await session.execute(update(messages).where(messages.c.id == claim.id).values(**values))
        await could_not_reach(session, desk, claim.report_id, claim.person_id, claim.kind, code)


async def could_not_reach(
    session: AsyncSession, desk: Desk, report_id: UUID, person_id: UUID, kind: str, code: int
) -> None:
    """Record that a person has not got a message; go on at once when nobody else of the step can answer."""
    now = desk.clock.now()
    if marks_contact(code):
        await session.execute(update(people).where(people.c.id == person_id).values(unreachable=str(code)))
    await store.note(session, report_id, now, ("not_delivered", person_id, {"kind": kind, "error_code": code}))
    if kind != "page":
        return
    alert = await store.alert_by_report(session, report_id)
    mine = (pages.c.report_id == report_id) & (pages.c.person_id == person_id) & pages.c.unreachable_at.is_(None)
    await session.execute(update(pages).where(mine).values(unreachable_at=now))
    if alert is not None:
        await fire_if_exhausted(session, alert, desk, "not_delivered")
