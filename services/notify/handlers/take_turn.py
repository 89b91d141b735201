"""Whether a message may be sent now: how much its person had of late, how busy the sender is, and what shares an SMS.

Whatever waits keeps a task of its own, so that it is sent whatever becomes of others. Each page keeps its row and its
alert's clock; only the SMS is shared. Nothing at IMMEDIATE waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean as Bool
from sqlalchemy import DateTime, Interval, bindparam, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.handlers.desk import SEND_TASK, Desk
from services.notify.models import TEMPLATES, alerts, messages, people
from services.notify.rules import sms_text
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import DeliveryState
from services.notify.templates_in_force import wording_in_force
from shared.clock import vietnam_time
from shared.contracts.vocabulary import Level, ServiceName

WORTH_NOTING: Final = timedelta(seconds=5)
"""A shorter wait is not written into the timeline."""
YIELD_FOR: Final = "15 seconds"
"""A graver message that should have gone longer ago than this is in trouble of its own, and nobody waits for it."""

_NOT_SENT = (DeliveryState.QUEUED.value, DeliveryState.CANCELLED.value)
_own_sms = or_(messages.c.bundle_id.is_(None), messages.c.bundle_id == messages.c.id)
_pace = TEMPLATES.pace

_ASKED = (
    select(
        messages.c.person_id,
        messages.c.report_id,
        messages.c.kind,
        messages.c.channel,
        messages.c.state,
        messages.c.attempts,
        messages.c.held_until,
        messages.c.created_at,
        alerts.c.level,
        func.clock_timestamp().label("now"),
    )
    .outerjoin(alerts, alerts.c.report_id == messages.c.report_id)
    .where(messages.c.id == bindparam("message_id"))
)
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("person"), 7)))
"""Two processes never count the same person's messages at once."""
_HAD = select(messages.c.claimed_at).where(
    messages.c.person_id == bindparam("person_id"),
    messages.c.claimed_at > bindparam("since", type_=DateTime(timezone=True)),
    messages.c.state.not_in(_NOT_SENT),
    _own_sms,
)
_taken = insert(_pace).values(
    sender=bindparam("sender_"), free_at=func.clock_timestamp() + bindparam("step", type_=Interval)
)
_TAKE_SLOT = _taken.on_conflict_do_update(
    index_elements=[_pace.c.sender],
    set_={"free_at": func.greatest(_pace.c.free_at, func.clock_timestamp()) + bindparam("step", type_=Interval)},
    where=or_(bindparam("at_once", type_=Bool), _pace.c.free_at <= func.clock_timestamp()),
).returning(_pace.c.free_at)
_BUSY_UNTIL = select(_pace.c.free_at).where(_pace.c.sender == bindparam("sender_"))
_waits = (messages.c.state == DeliveryState.QUEUED.value) & messages.c.held_until.is_not(None)
_AHEAD = (
    select(
        func.count(),
        func.count().filter(
            alerts.c.level > bindparam("level"),
            messages.c.held_until.between(
                func.clock_timestamp() - text(f"interval '{YIELD_FOR}'"), func.clock_timestamp()
            ),
        ),
    )
    .join(alerts, alerts.c.report_id == messages.c.report_id)
    .where(
        _waits,
        _own_sms,
        messages.c.id != bindparam("message_id"),
        messages.c.held_by == "sender",
        or_(
            alerts.c.level > bindparam("level"),
            (alerts.c.level == bindparam("level")) & (messages.c.created_at < bindparam("created")),
        ),
    )
)
"""How many wait for the sender before this one, and how many graver ones are due now."""
_HOLD = (
    update(messages)
    .where(messages.c.id == bindparam("message_id"))
    .values(held_until=bindparam("until"), held_by=bindparam("why"))
)
_TOGETHER = (
    select(messages.c.id, alerts.c.case_code, alerts.c.level, alerts.c.acknowledge_by)
    .join(alerts, alerts.c.report_id == messages.c.report_id)
    .where(
        messages.c.person_id == bindparam("person_id"),
        messages.c.kind == "page",
        messages.c.channel == ContactChannel.SMS,
        alerts.c.level < Level.IMMEDIATE.value,
        alerts.c.state == "open",
        alerts.c.plan == messages.c.plan,
        exclusion.may_have(messages.c.person_id),
        or_(messages.c.id == bindparam("message_id"), _waits & messages.c.bundle_id.is_(None)),
    )
    .order_by(alerts.c.level.desc(), alerts.c.acknowledge_by, messages.c.created_at, alerts.c.case_code)
    .with_for_update(of=messages)
)
_FREE = (
    update(messages)
    .where(
        messages.c.bundle_id == bindparam("leader"),
        messages.c.id != bindparam("leader"),
        messages.c.state == DeliveryState.QUEUED.value,
    )
    .values(bundle_id=None)
    .returning(messages.c.id)
)


async def must_wait(connection: AsyncConnection, desk: Desk, message_id: UUID) -> bool:
    """Put a message off when its person or the sender has had enough for now, and tell so; the caller sends nothing.

    Otherwise the sender's next moment is taken for it.
    """
    if not desk.limits.any:
        return False
    asked = (await connection.execute(_ASKED, {"message_id": message_id})).first()
    if asked is None or asked.state != DeliveryState.QUEUED.value or asked.channel != ContactChannel.SMS:
        return False
    at_once = asked.level is None or asked.level >= Level.IMMEDIATE
    if not at_once and asked.attempts == 0:
        until = await _person_free_at(connection, desk, asked)
        if until > asked.now:
            await _hold(connection, desk, message_id, asked, until, "person")
            return True
    free_at = await _sender_free_at(connection, desk, message_id, asked, at_once=at_once)
    if free_at is not None:
        await _hold(connection, desk, message_id, asked, free_at, "sender")
    return free_at is not None


async def bundle(connection: AsyncConnection, desk: Desk, message_id: UUID, person_id: UUID) -> str | None:
    """Let a claimed page carry every page of its person that waits; return the text, or None when it is alone."""
    found = await connection.execute(_TOGETHER, {"message_id": message_id, "person_id": person_id})
    together = found.all()
    if len(together) < 2 or all(row.id != message_id for row in together):  # noqa: PLR2004 - one page is no bundle
        return None
    language = await connection.scalar(select(people.c.language).where(people.c.id == person_id))
    body = sms_text.page_bundle(
        level=Level(together[0].level),
        codes=[row.case_code for row in together],
        time=vietnam_time(min(row.acknowledge_by for row in together)),
        duty=await store.duty_number(connection),
        reply=desk.answer_by_sms,
        words=(await wording_in_force(connection)).of(language or "vi"),
    )
    ids = [row.id for row in together]
    await connection.execute(update(messages).where(messages.c.id.in_(ids)).values(bundle_id=message_id))
    await connection.execute(update(messages).where(messages.c.id == message_id).values(body=body))
    return body


async def free_bundle(connection: AsyncConnection, desk: Desk, message_id: UUID) -> None:
    """Send on their own the pages that a cancelled message was to carry."""
    freed = (await connection.execute(_FREE, {"leader": message_id})).scalars().all()
    if freed:
        await _queue(connection, desk, freed, None)


async def _person_free_at(connection: AsyncConnection, desk: Desk, asked: Any) -> datetime:
    now: datetime = asked.now
    if not desk.limits.person:
        return now
    await connection.execute(_ONE_AT_A_TIME, {"person": str(asked.person_id)})
    since = asked.now - desk.limits.longest
    had = (await connection.execute(_HAD, {"person_id": asked.person_id, "since": since})).scalars().all()
    return desk.limits.free_at(had, now)


async def _sender_free_at(
    connection: AsyncConnection, desk: Desk, message_id: UUID, asked: Any, *, at_once: bool
) -> datetime | None:
    """Take the sender's next moment, or return when this message should ask again; the gravest go first."""
    limits = desk.limits
    if limits.per_second is None:
        return None
    slot = {"sender_": limits.sender, "step": limits.step(), "at_once": at_once}
    if at_once:
        await connection.execute(_TAKE_SLOT, slot)
        return None
    busy_until = max(await connection.scalar(_BUSY_UNTIL, slot) or asked.now, asked.now)
    mine = {"message_id": message_id, "level": asked.level, "created": asked.created_at}
    ahead, graver = (await connection.execute(_AHEAD, mine)).one()
    if graver == 0 and (await connection.execute(_TAKE_SLOT, slot)).first() is not None:
        return None
    until: datetime = busy_until + limits.step() * max(ahead, 1 if graver else 0)
    return until


async def _hold(
    connection: AsyncConnection, desk: Desk, message_id: UUID, asked: Any, until: datetime, why: str
) -> None:
    await connection.execute(_HOLD, {"message_id": message_id, "until": until, "why": why})
    if asked.held_until is None and until - asked.now > WORTH_NOTING:
        detail = {"kind": asked.kind, "until": vietnam_time(until)}
        await store.note(connection, asked.report_id, desk.clock.now(), ("held", asked.person_id, detail))
    await _queue(connection, desk, [message_id], until)


async def _queue(connection: AsyncConnection, desk: Desk, ids: Sequence[UUID], not_before: datetime | None) -> None:
    tasks = ({"message_id": str(one)} for one in ids)
    await desk.bus.enqueue(connection, ServiceName.NOTIFY, SEND_TASK, *tasks, not_before=not_before)
