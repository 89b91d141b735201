"""What handlers that page people share: the bus, the clock, the way of answering, and telling what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.policies import PoliciesInForce
from services.notify.records import Alert
from services.notify.rules import sms_text
from services.notify.rules.allowance import NO_LIMITS, Limits, person_allowances, rate_of
from services.notify.rules.contact import ContactChannel
from services.notify.rules.sms_text import VIETNAMESE, Words
from services.notify.store import people_paged
from shared.clock import Clock, vietnam_time
from shared.contracts.events import AlertChanged
from shared.contracts.vocabulary import ServiceName
from shared.events import EventBus
from shared.service import Parts
from shared.settings import PREFIX, SettingError, Settings

SEND_TASK = "send_message"
END_TASK = "end_call"
CALLS_AFTER = timedelta(seconds=15)
"""Real time from the SMS to the call: long enough to be read and answered, so that the phone need not ring."""
PAGES_FIRST = timedelta(seconds=0.5)
"""Real time that notices wait, so that no page stands behind them at the gateway."""
THIS_NUMBER = "so nay"
"""Where to answer when a messaging service chooses the number."""
PERSON_SMS = 10
"""SMS below IMMEDIATE that one person gets in ten minutes; more cases come together in one."""
LONGEST_DUTY_NUMBER = "02223800000"
"""As long as the database lets one be."""


@dataclass(frozen=True)
class Desk:
    """Built once; `reply_to` is where people answer, as it stands in messages, and empty when they cannot.

    `calls`: people of a last step that repeats are called too.
    """

    bus: EventBus
    clock: Clock
    reply_number: str | None
    sender_receives: bool
    reply_to: str
    limits: Limits = NO_LIMITS
    calls: bool = False
    policies: PoliciesInForce = field(default_factory=PoliciesInForce)

    @classmethod
    def of(cls, parts: Parts) -> Desk:
        """Build from the parts of the service."""
        number, sender = parts.settings.reply_number, parts.settings.twilio_from or ""
        receives = sender_receives(parts.settings)
        reply_to = local_number(number or sender) or THIS_NUMBER
        _check_fits(reply_to)
        return cls(
            parts.bus,
            parts.clock,
            number and local_number(number),
            receives,
            reply_to,
            limits(parts.settings),
            parts.settings.calls_from is not None,
        )

    async def following(self, connection: AsyncConnection, alert: Alert, lead: str) -> Alert:
        """Return an alert that is about to begin, with the policy that it follows from now on, if there is one."""
        plan = await self.policies.plan(connection, lead, alert.level, alert.unit_code)
        return replace(alert, policy=plan)

    def page_text(
        self, alert: Alert, number: str, words: Words = VIETNAMESE, channel: ContactChannel = ContactChannel.SMS
    ) -> str:
        """Return the text that asks to take an alert; `number` is the duty desk's. Only an SMS is answered where it came from."""
        return sms_text.page(
            level=alert.level,
            code=alert.case_code,
            time=vietnam_time(alert.acknowledge_by),
            duty=number,
            reply_number=self.reply_number,
            sender_receives=self.sender_receives and channel is ContactChannel.SMS,
            words=words,
        )

    @property
    def answer_by_sms(self) -> str | None:
        """Where people answer by SMS, or null where they cannot."""
        return self.reply_to if self.reply_number is not None or self.sender_receives else None

    def support_text(self, alert: Alert, number: str, words: Words = VIETNAMESE) -> str:
        """Return the SMS that tells a team that it works with the lead."""
        return sms_text.support_notice(level=alert.level, code=alert.case_code, duty=number, words=words)

    async def tell(self, connection: AsyncConnection, alert: Alert, paged: int | None = None) -> None:
        """Publish how the alert stands now; `paged` counts the people asked so far, where that is known."""
        if paged is None:
            await self.tell_all(connection, [alert])
        else:
            await self.bus.publish(connection, self._changed(alert, paged))

    async def tell_all(self, connection: AsyncConnection, alerts: Sequence[Alert]) -> None:
        """Publish how each of some alerts stands now."""
        paged = await people_paged(connection, {alert.report_id for alert in alerts})
        events = [self._changed(alert, paged.get(alert.report_id, 0)) for alert in alerts]
        await self.bus.publish(connection, *events)

    def _changed(self, alert: Alert, paged: int) -> AlertChanged:
        return AlertChanged(
            occurred_at=self.clock.now(),
            correlation_id=alert.correlation_id,
            report_id=alert.report_id,
            case_code=alert.case_code,
            sequence=alert.sequence,
            level=alert.level,
            state=alert.state,
            step=alert.step,
            paged=paged,
            acknowledged_by=alert.acknowledged_by,
            acknowledged_at=alert.acknowledged_at,
            contact_at=alert.contact_at,
        )

    async def queue_all(
        self,
        connection: AsyncConnection,
        sends: Sequence[tuple[Alert, UUID]],
        *,
        not_before: datetime | None = None,
    ) -> None:
        """Have messages, each of its alert, sent in this order once the transaction commits; `not_before` is real time."""
        tasks = [({"message_id": str(message_id)}, alert.correlation_id) for alert, message_id in sends]
        await self.bus.enqueue_each(connection, ServiceName.NOTIFY, SEND_TASK, tasks, not_before=not_before)

    async def queue_sending(
        self,
        connection: AsyncConnection,
        alert: Alert,
        message_ids: Sequence[UUID],
        *,
        not_before: datetime | None = None,
    ) -> None:
        """Have an alert's messages sent once the transaction commits; `not_before` is real time."""
        await self.bus.enqueue(
            connection,
            ServiceName.NOTIFY,
            SEND_TASK,
            *({"message_id": str(message_id)} for message_id in message_ids),
            correlation_id=alert.correlation_id,
            not_before=not_before,
        )

    async def queue_notices(self, connection: AsyncConnection, alert: Alert, message_ids: Sequence[UUID]) -> None:
        """Have messages that ask nothing of anybody sent a moment after those that do."""
        await self.queue_sending(connection, alert, message_ids, not_before=datetime.now(UTC) + PAGES_FIRST)


def limits(settings: Settings) -> Limits:
    """Return what one person and the sender are limited to.

    A carrier on this machine has no limits unless they are set; a setting of 0 is no limit.
    """
    sender = settings.twilio_from or settings.twilio_messaging_service_sid or ""
    local = settings.carrier_is_local
    rate, persons = settings.sender_per_second, settings.person_sms_in_ten_minutes
    if rate is None:
        rate = 0 if local else rate_of(sender)
    if persons is None:
        persons = 0 if local else PERSON_SMS
    return Limits(person_allowances(persons), sender, rate or None)


def _check_fits(reply_to: str) -> None:
    """Raise `SettingError` unless the longest answer that names where to reply is one segment."""
    try:
        sms_text.answer_how_to(reply=reply_to, duty=LONGEST_DUTY_NUMBER)
    except sms_text.TextTooLongError:
        raise SettingError(
            f"{PREFIX}REPLY_NUMBER is too long for one SMS: write a phone number of at most 16 digits."
        ) from None


def sender_receives(settings: Settings) -> bool:
    """Tell whether a reply to the sender comes back: a number or a messaging service, but not a sender name."""
    return settings.twilio_messaging_service_sid is not None or (settings.twilio_from or "").startswith("+")


def local_number(number: str) -> str:
    """Write a Vietnamese number as people dial it, `0912345678`; others as they are."""
    return "0" + number[3:] if number.startswith("+84") else number
