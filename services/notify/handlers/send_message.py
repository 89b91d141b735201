"""Send one message: claim it, ask the gateway, record what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Text, bindparam, case, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.gateways.gateway import LookUpFailedError, Outgoing
from services.notify.gateways.pool import Pool
from services.notify.handlers.desk import SEND_TASK, Desk
from services.notify.handlers.miss_person import Place, could_not_reach, share_outcome
from services.notify.handlers.take_turn import bundle, free_bundle, must_wait
from services.notify.models import alerts, messages
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import (
    Accepted,
    DeliveryState,
    NeverRetry,
    OtherChannel,
    Outcome,
    RetryLater,
)
from services.notify.rules.sms_text import LEVEL_WORDS
from shared.clock import vietnam_time
from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events.errors import OutageError
from shared.observability import MESSAGES_SENT, logger

LEASE = "15 seconds"
"""A claim older than this belongs to a process that died; longer than the gateway's limit."""
LONGEST_PAUSE = 30.0
"""Seconds between attempts while the gateway is away: a page goes out soon after it is back."""
LOOK_UPS = 2
"""Times the gateway is asked whether it has a doubtful message; then it is sent: a second page is better than none."""
LOOK_UP_PAUSE = 10.0
"""Seconds before it is asked again."""
NO_GATEWAY = 0
"""Stands for an error code where nothing here speaks to a channel."""
LATE = timedelta(minutes=1)
"""A page that took longer than this from its intent to the gateway is shown as late."""

log = logger(__name__)


_of_this_round = (alerts.c.step == messages.c.step) & (alerts.c.round == messages.c.round)
_still_open = select(alerts.c.report_id).where(
    alerts.c.report_id == messages.c.report_id,
    alerts.c.state == "open",
    alerts.c.plan == messages.c.plan,
    (messages.c.channel != ContactChannel.VOICE.value) | (messages.c.attempts == 0) | _of_this_round,
)
_needless = (messages.c.kind == "page") & ~_still_open.exists()
_excluded = (
    select(alerts.c.report_id)
    .where(alerts.c.report_id == messages.c.report_id, ~exclusion.may_have(messages.c.person_id))
    .correlate_except(alerts)
    .exists()
)
_CODE = "contact_code"
_CODE_HOLDS = timedelta(minutes=15)
_too_late = (messages.c.kind == _CODE) & (messages.c.created_at < bindparam("codes_since"))
_spoken_later = messages.c.channel == ContactChannel.VOICE.value
_without_code = case(((messages.c.kind == _CODE) & ~_spoken_later, ""), else_=messages.c.body)
"""A code proves who has the number, so its text is not kept once it has left; a call speaks it when it is answered."""
_left_behind = messages.c.state == DeliveryState.SENDING.value
_expired = messages.c.claimed_at < func.now() - text(f"interval '{LEASE}'")


def _bound(channel: ContactChannel, which: str) -> ColumnElement[str | None]:
    return bindparam(f"{channel}_{which}", type_=Text)


_last_one_again = messages.c.doubtful | _left_behind
_gateway = case(
    (_last_one_again & messages.c.gateway.is_not(None), messages.c.gateway),
    *(
        ((messages.c.channel == one) & (messages.c.gateway == _bound(one, "first")), _bound(one, "second"))
        for one in ContactChannel
    ),
    *((messages.c.channel == one, _bound(one, "first")) for one in ContactChannel),
)
"""Which gateway is asked: the one that may have it, otherwise another than the last. Known before it is asked, so that
whoever finds the message left behind knows where to look."""
_CLAIM = (
    update(messages)
    .where(
        messages.c.id == bindparam("message_id"),
        (messages.c.state == DeliveryState.QUEUED.value) | (_left_behind & _expired),
        messages.c.bundle_id.is_(None) | (messages.c.bundle_id == messages.c.id),
    )
    .values(
        state=case(
            (_needless | _excluded | _too_late, DeliveryState.CANCELLED.value), else_=DeliveryState.SENDING.value
        ),
        body=case((_too_late, ""), else_=messages.c.body),
        doubtful=messages.c.doubtful | _left_behind,
        attempts=messages.c.attempts + 1,
        claimed_at=func.now(),
        gateway=_gateway,
        changed_at=bindparam("now"),
    )
    .returning(messages)
)
"""A page is needless when its alert is no longer open, or follows another plan; a call that
has been tried also when the next round has begun, which calls anew. Whoever is excluded gets nothing.

A code that has run out is not sent."""

_ACCEPTED = (
    update(messages)
    .where(messages.c.id == bindparam("message_id"))
    .values(
        sid=bindparam("new_sid"),
        body=_without_code,
        state=case((_left_behind, DeliveryState.ACCEPTED.value), else_=messages.c.state),
        changed_at=bindparam("now"),
        accepted_at=bindparam("now"),
        possible_duplicate=messages.c.possible_duplicate | bindparam("perhaps_second", type_=Boolean),
    )
)
"""A delivery report may have come first, and stays."""


class SendingElsewhereError(OutageError):
    """Another worker holds this message, or died with it; try again until its lease is over."""


@dataclass(frozen=True)
class Claim:
    """A message that this worker may send now.

    `doubtful`: an earlier attempt may have sent it already; `look_ups`: how often the gateway could not say since.
    """

    id: UUID
    report_id: UUID | None
    person_id: UUID
    kind: str
    plan: int
    step: int
    round: int
    phone: str
    body: str
    attempts: int
    doubtful: bool
    look_ups: int
    bundle_id: UUID | None
    created_at: datetime
    channel: ContactChannel
    gateway: str | None

    @property
    def place(self) -> Place:
        """Whose page it is."""
        where = (self.plan, self.step, self.round, self.channel.value, self.gateway)
        return Place(self.report_id, self.person_id, self.phone, self.kind, *where)


async def send_message(database: Database, desk: Desk, pool: Pool, body: dict[str, Any]) -> None:
    """Send the message of a queued task. Raises to be tried again; a message already sent stays as it is."""
    claim = await _claim(database, desk, pool, UUID(body["message_id"]))
    if claim is None:
        return
    outgoing = await _outgoing(database, claim)
    if not claim.doubtful:
        await _record(database, desk, pool, claim, await _send(pool, claim, outgoing))
        return
    try:
        sid = await pool.find(claim.gateway, outgoing)
    except LookUpFailedError:
        await _not_looked_up(database, desk, pool, claim, outgoing)
        return
    if sid is not None:
        await _record(database, desk, pool, claim, Accepted(sid))
    else:
        await _send_anew(database, desk, pool, claim, outgoing)


async def _not_looked_up(database: Database, desk: Desk, pool: Pool, claim: Claim, outgoing: Outgoing) -> None:
    """Ask again after a pause; when the gateway still cannot say, send: this may be the second time."""
    if claim.look_ups + 1 < LOOK_UPS:
        await _queue_again(database, desk, claim, LOOK_UP_PAUSE, look_ups=claim.look_ups + 1)
    else:
        await _send_anew(database, desk, pool, claim, outgoing, perhaps_second=True)


async def _send_anew(
    database: Database, desk: Desk, pool: Pool, claim: Claim, outgoing: Outgoing, *, perhaps_second: bool = False
) -> None:
    """Send what was in doubt, by another gateway where there is one; which one is known before it is asked."""
    name = pool.other(claim.channel, claim.gateway)
    if name != claim.gateway:
        async with database.transaction() as connection:
            await connection.execute(update(messages).where(messages.c.id == claim.id).values(gateway=name))
        claim = replace(claim, gateway=name)
    await _record(database, desk, pool, claim, await _send(pool, claim, outgoing), perhaps_second=perhaps_second)


async def _send(pool: Pool, claim: Claim, outgoing: Outgoing) -> Outcome:
    return await pool.send(claim.gateway, outgoing) if claim.gateway else OtherChannel(NO_GATEWAY)


async def _outgoing(database: Database, claim: Claim) -> Outgoing:
    """Return what the gateway gets; what fills a template is read for channels that may need it."""
    if claim.channel is ContactChannel.SMS or claim.report_id is None:
        return Outgoing(claim.id, claim.phone, claim.body)
    async with database.reading() as connection:
        statement = select(alerts.c.case_code, alerts.c.level, alerts.c.acknowledge_by)
        row = (await connection.execute(statement.where(alerts.c.report_id == claim.report_id))).one()
    words = {"code": row.case_code, "level": LEVEL_WORDS[row.level], "time": vietnam_time(row.acknowledge_by)}
    return Outgoing(claim.id, claim.phone, claim.body, words)


async def _claim(database: Database, desk: Desk, pool: Pool, message_id: UUID) -> Claim | None:
    """Take the message when it waits, or when whoever took it died; drop a page of an alert that no longer pages."""
    now = desk.clock.now()
    values: dict[str, Any] = {"message_id": message_id, "now": now, "codes_since": now - _CODE_HOLDS}
    for channel in ContactChannel:
        values[f"{channel}_first"], values[f"{channel}_second"] = pool.pair(channel)
    async with database.transaction() as connection:
        if await must_wait(connection, desk, message_id):
            return None
        claimed = await connection.execute(_CLAIM, values)
        row = claimed.mappings().first()
        if row is None:
            await _not_claimed(connection, desk, message_id)
            return None
        if row["state"] == DeliveryState.CANCELLED.value:
            await free_bundle(connection, desk, message_id)
            return None
        columns = {name: row[name] for name in Claim.__dataclass_fields__}
        claim = Claim(**{**columns, "channel": ContactChannel(row["channel"])})
        if claim.attempts > 1 or claim.kind != "page" or not desk.limits.person or claim.channel != ContactChannel.SMS:
            return claim
        body = await bundle(connection, desk, message_id, claim.person_id)
        return replace(claim, body=body, bundle_id=claim.id) if body else claim


async def _not_claimed(connection: AsyncConnection, desk: Desk, message_id: UUID) -> None:
    """Raise `SendingElsewhereError` for a message that another worker holds; free what a cancelled one was to carry."""
    state = await connection.scalar(select(messages.c.state).where(messages.c.id == message_id))
    if state == DeliveryState.SENDING.value:
        raise SendingElsewhereError
    if state == DeliveryState.CANCELLED.value:
        await free_bundle(connection, desk, message_id)


async def _record(
    database: Database, desk: Desk, pool: Pool, claim: Claim, outcome: Outcome, *, perhaps_second: bool = False
) -> None:
    MESSAGES_SENT.labels(type(outcome).__name__).inc()
    match outcome:
        case Accepted(sid):
            await _accepted(database, desk, pool, claim, sid, perhaps_second=perhaps_second)
        case NeverRetry(code):
            await _never(database, desk, claim, code)
        case OtherChannel(code):
            if claim.attempts < len(pool.order(claim.channel)):
                await _queue_again(database, desk, claim, 0.0)
            else:
                await _never(database, desk, claim, code)
        case RetryLater(reason, doubtful):
            log.warning("message_waits", message_id=str(claim.id), reason=reason, attempts=claim.attempts)
            await _queue_again(database, desk, claim, _pause(pool, claim), doubtful=doubtful)
        case _:
            assert_never(outcome)


async def _accepted(
    database: Database, desk: Desk, pool: Pool, claim: Claim, sid: str, *, perhaps_second: bool
) -> None:
    """Record the gateway's id, and say when the message was late or went another way than usual."""
    now = desk.clock.now()
    values = {"message_id": claim.id, "new_sid": sid, "now": now, "perhaps_second": perhaps_second}
    async with database.transaction() as connection:
        await connection.execute(_ACCEPTED, values)
        if claim.bundle_id is not None:
            shared = {"state": DeliveryState.ACCEPTED.value, "gateway": claim.gateway, "accepted_at": now}
            await share_outcome(connection, claim.id, {**shared, "changed_at": now})
        if claim.report_id is not None and (now - claim.created_at > LATE or perhaps_second):
            detail = {"kind": claim.kind, "attempts": claim.attempts, "possible_duplicate": perhaps_second}
            await store.note(connection, claim.report_id, now, ("sent_late", claim.person_id, detail))
        if claim.report_id is not None and claim.gateway != pool.preferred(claim.channel):
            entry = ("other_gateway", claim.person_id, {"kind": claim.kind, "gateway": claim.gateway})
            await store.note(connection, claim.report_id, now, entry)


def _pause(pool: Pool, claim: Claim) -> float:
    """Return how long to wait, in seconds: not at all while another gateway has not been tried in this round."""
    gateways = len(pool.order(claim.channel)) or 1
    if claim.attempts % gateways:
        return 0.0
    return float(min(2.0 ** (claim.attempts // gateways - 1), LONGEST_PAUSE))


async def _queue_again(
    database: Database, desk: Desk, claim: Claim, pause: float, *, doubtful: bool = False, look_ups: int = 0
) -> None:
    """Put the message back for `pause` seconds of real time, unless a delivery report came meanwhile.

    What was doubtful stays so until the gateway has been asked.
    """
    values = {
        "state": DeliveryState.QUEUED.value,
        "doubtful": claim.doubtful or doubtful,
        "look_ups": look_ups,
        "changed_at": desk.clock.now(),
    }
    mine = (messages.c.id == claim.id) & (messages.c.state == DeliveryState.SENDING.value)
    async with database.transaction() as connection:
        put_back = update(messages).where(mine).values(**values).returning(messages.c.id)
        if (await connection.execute(put_back)).first() is not None:
            again = datetime.now(UTC) + timedelta(seconds=pause)
            task = {"message_id": str(claim.id)}
            await desk.bus.enqueue(connection, ServiceName.NOTIFY, SEND_TASK, task, not_before=again)


async def _never(database: Database, desk: Desk, claim: Claim, code: int) -> None:
    async with database.transaction() as connection:
        values = {"state": DeliveryState.FAILED.value, "error_code": code, "changed_at": desk.clock.now()}
        failed = update(messages).where(messages.c.id == claim.id).values(**values, body=_without_code)
        await connection.execute(failed)
        for place in (claim.place, *await share_outcome(connection, claim.id, values)):
            await could_not_reach(connection, desk, place, code)
