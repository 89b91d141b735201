"""How paging itself is doing, as the system page shows it: no case, no person, only counts and moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.models import alerts, messages
from services.notify.rules.delivery import DeliveryState
from shared.events.waiting import QueueLength, queue_lengths
from shared.places import TEST_UNIT

LATE_STEP = timedelta(seconds=5)
"""A step that has been due for longer is late; the sweep looks four times a second."""
LATE_SENDING = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STUCK = timedelta(minutes=2)
"""Work that has waited longer than this is shown as late, as the ledger does."""
WATCH_LATE = timedelta(hours=1)
"""Longer since the last test of the watch than four of its usual rounds."""

WAITING = (DeliveryState.QUEUED.value, DeliveryState.SENDING.value)
FAILED = (DeliveryState.UNDELIVERED.value, DeliveryState.FAILED.value)
TAKEN = (DeliveryState.ACCEPTED.value, DeliveryState.SENT.value, DeliveryState.DELIVERED.value)

ERRORS: Mapping[int, tuple[str, str]] = {
    21211: ("Số không đúng", "Not a phone number"),
    21408: ("Tài khoản không được gửi tới nước này", "The account may not send to this country"),
    21610: ("Số chặn tin", "Opted out"),
    21612: ("Người gửi này không gửi được tới số đó", "Not reachable from this sender"),
    21614: ("Không phải số di động", "Not a mobile"),
    30003: ("Máy tắt hoặc ngoài vùng phủ sóng", "Switched off or out of reach"),
    30004: ("Số chặn tin", "Blocked"),
    30005: ("Số không tồn tại", "Unknown number"),
    30006: ("Số cố định, hoặc nhà mạng không nhận", "Landline or unreachable carrier"),
    30007: (
        "Nhà mạng lọc tin: kiểm tra tên người gửi và mẫu tin đã đăng ký",
        "Filtered: check the registered sender and templates",
    ),
    30008: ("Nhà mạng không nói lý do", "The carrier gave no reason"),
}
"""Twilio's error codes in words, Vietnamese and English; others show their number."""


@dataclass(frozen=True)
class Sending:
    """Messages of a span of time: taken by a gateway, told as arrived, failed, and sent in the fullest minute."""

    taken: int
    delivered: int
    failed: int
    fullest_minute: int


@dataclass(frozen=True)
class Way:
    """Messages of the last day by gateway and channel; `gateway` null for what no gateway was found for."""

    gateway: str | None
    channel: str
    taken: int
    failed: int


@dataclass(frozen=True)
class ErrorCount:
    """A provider's error over the last day; `code` null where none was given."""

    code: int | None
    count: int
    last: datetime

    def text(self, locale: str) -> str:
        """Return it in words."""
        vi, en = ERRORS.get(
            self.code or 0,
            ("Lỗi khác, xem mã ở trang của nhà cung cấp", "Another error: look the code up at the provider"),
        )
        return en if locale == "en" else vi


@dataclass(frozen=True)
class Health:
    """Everything that the page shows; spans of lateness are null where nothing is late."""

    open_alerts: int
    late_steps: int
    latest: timedelta | None
    waiting: int
    waiting_since: datetime | None
    hour: Sending
    day: Sending
    errors: Sequence[ErrorCount]
    ways: Sequence[Way]
    queues: Sequence[QueueLength]
    watch_raised: datetime | None
    watch_answered: datetime | None
    now: datetime
    real: datetime

    def stuck(self, queue: QueueLength) -> bool:
        """Whether a queue's oldest work has waited for too long; the queue goes by real time."""
        return queue.oldest is not None and self.real - queue.oldest > STUCK

    @property
    def sending_late(self) -> bool:
        """Whether a message has waited for too long."""
        return self.waiting_since is not None and self.now - self.waiting_since > LATE_SENDING

    @property
    def watch_late(self) -> bool:
        """Whether a watch that was once set up has gone quiet, or its last test was not answered in time."""
        if self.watch_raised is None:
            return False
        answered = self.watch_answered is not None and self.watch_answered >= self.watch_raised
        return self.now - self.watch_raised > (WATCH_LATE if answered else timedelta(minutes=10))

    @property
    def well(self) -> bool:
        """Whether nothing on the page needs a person."""
        stuck = any(queue.dead or self.stuck(queue) for queue in self.queues)
        return not (self.late_steps or self.sending_late or self.watch_late or stuck)


_STEPS = select(
    func.count(),
    func.count().filter(alerts.c.next_step_at < bindparam("late")),
    func.min(alerts.c.next_step_at),
).where(alerts.c.state == "open")
_WAITS = select(func.count(), func.min(messages.c.created_at)).where(
    messages.c.created_at > bindparam("since"), messages.c.state.in_(WAITING)
)
_recent = messages.c.created_at > bindparam("since")
_SENT = select(
    func.count().filter(messages.c.state.in_(TAKEN)),
    func.count().filter(messages.c.state == DeliveryState.DELIVERED.value),
    func.count().filter(messages.c.state.in_(FAILED)),
).where(_recent)
_minutes = (
    select(func.count().label("sent"))
    .where(_recent, messages.c.state.in_(TAKEN + FAILED))
    .group_by(func.date_trunc("minute", messages.c.created_at))
    .subquery()
)
_FULLEST = select(func.coalesce(func.max(_minutes.c.sent), 0))
_ERRORS = (
    select(messages.c.error_code, func.count(), func.max(messages.c.changed_at))
    .where(_recent, messages.c.state.in_(FAILED))
    .group_by(messages.c.error_code)
    .order_by(func.count().desc())
)
_WAYS = (
    select(
        messages.c.gateway,
        messages.c.channel,
        func.count().filter(messages.c.state.in_(TAKEN)),
        func.count().filter(messages.c.state.in_(FAILED)),
    )
    .where(_recent, messages.c.state.in_(TAKEN + FAILED))
    .group_by(messages.c.gateway, messages.c.channel)
    .order_by(messages.c.channel, messages.c.gateway)
)
_WATCH = select(func.max(alerts.c.opened_at), func.max(alerts.c.acknowledged_at)).where(
    alerts.c.unit_code == TEST_UNIT.code, alerts.c.opened_at > bindparam("since")
)
_REMEMBERED = timedelta(days=30)


async def load_health(connection: AsyncConnection, now: datetime) -> Health:
    """Read it; `now` is the service's clock, and messages older than a day count no more."""
    open_alerts, late, first = (await connection.execute(_STEPS, {"late": now - LATE_STEP})).one()
    waiting, since = (await connection.execute(_WAITS, {"since": now - DAY})).one()
    errors = (await connection.execute(_ERRORS, {"since": now - DAY})).all()
    raised, answered = (await connection.execute(_WATCH, {"since": now - _REMEMBERED})).one()
    return Health(
        open_alerts=open_alerts,
        late_steps=late,
        latest=now - first if late else None,
        waiting=waiting,
        waiting_since=since,
        hour=await _sending(connection, now - HOUR),
        day=await _sending(connection, now - DAY),
        ways=[Way(*row) for row in await connection.execute(_WAYS, {"since": now - DAY})],
        errors=[ErrorCount(code, count, last) for code, count, last in errors],
        queues=await queue_lengths(connection),
        watch_raised=raised,
        watch_answered=answered,
        now=now,
        real=datetime.now(UTC),
    )


async def _sending(connection: AsyncConnection, since: datetime) -> Sending:
    taken, delivered, failed = (await connection.execute(_SENT, {"since": since})).one()
    return Sending(taken, delivered, failed, int(await connection.scalar(_FULLEST, {"since": since}) or 0))
