"""A message has not reached its person: remember a number that cannot be reached, and go on without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import contacts, store
from services.notify.handlers.desk import Desk
from services.notify.handlers.fire_step import fire_if_exhausted
from services.notify.models import alerts, messages, pages, people
from services.notify.people_changes import ending, note_change
from services.notify.records import Alert
from services.notify.rules.contact import ContactChannel, next_contact
from services.notify.rules.delivery import LOST, DeliveryState, marks_contact
from services.notify.store import Draft
from services.notify.templates_in_force import wording_in_force

OPTED_OUT_AT_CARRIER = 21610
"""The error with which Twilio refuses a number that has sent STOP."""


@dataclass(frozen=True)
class Place:
    """Where a message belongs: whose it is, to what address, of what kind, and for which step of which plan and round.

    `report_id` null: it belongs to no alert. `gateway` is the one that was asked last.
    """

    report_id: UUID | None
    person_id: UUID
    phone: str
    kind: str
    plan: int
    step: int
    round: int
    channel: str
    gateway: str | None

    def of(self, table: Table) -> ColumnElement[bool]:
        """Return which rows of `pages` or `messages` belong to this person's page."""
        mine = (table.c.report_id == self.report_id) & (table.c.person_id == self.person_id)
        return mine & (table.c.plan == self.plan) & (table.c.step == self.step) & (table.c.round == self.round)


async def could_not_reach(
    connection: AsyncConnection, desk: Desk, place: Place, code: int | None, result: str | None = None
) -> None:
    """Record that a person has not got a message; try their next channel, then the next people, at once.

    The message's own row says already that it failed. `result` says how a call ended, or that a receipt is missing.
    A number that has opted out at the carrier is passed over in every other open alert too, as if it had sent STOP here.
    """
    now = desk.clock.now()
    if code == OPTED_OUT_AT_CARRIER and place.channel == ContactChannel.SMS:
        await opt_out(connection, desk, place.phone, besides=place.report_id, error_code=code)
    else:
        await _mark_failing(connection, place, code, now)
    if place.report_id is None:
        return
    alert = await store.alert_by_report(connection, place.report_id)
    detail = {"kind": place.kind, "error_code": code, "channel": place.channel, "gateway": place.gateway}
    detail |= {"result": result} if result else {}
    if code == OPTED_OUT_AT_CARRIER:
        await store.note(connection, place.report_id, now, ("opted_out", place.person_id, {}))
    await store.note(connection, place.report_id, now, ("not_delivered", place.person_id, detail))
    if place.kind != "page" or alert is None or await _goes_by_next_channel(connection, desk, alert, place):
        return
    if not await _another_may_arrive(connection, place):
        await connection.execute(update(pages).where(place.of(pages)).values(unreachable_at=now))
        await fire_if_exhausted(connection, alert, desk, "not_delivered")


async def _mark_failing(connection: AsyncConnection, place: Place, code: int | None, now: datetime) -> None:
    """Remember what an error says of the number itself."""
    if place.channel in {ContactChannel.SMS, ContactChannel.VOICE} and code is not None and marks_contact(code):
        for person_id in await contacts.mark_failing(connection, place.phone, code, now):
            to = ending(place.phone)
            await note_change(connection, person_id, None, "contact_failing", now, to=to, error_code=code)


async def _goes_by_next_channel(connection: AsyncConnection, desk: Desk, alert: Alert, place: Place) -> bool:
    """Page the person by the first of their channels that this page has not used; false when there is none.

    Only while the alert still waits for an answer to this page.
    """
    if alert.state != "open" or (alert.plan, alert.step, alert.round) != (place.plan, place.step, place.round):
        return False
    used = select(messages.c.channel).where(place.of(messages), messages.c.kind == "page")
    tried = [ContactChannel(channel) for channel in (await connection.execute(used)).scalars()]
    contact = next_contact(await contacts.ways_to(connection, place.person_id), tried)
    if contact is None:
        return False
    language = await connection.scalar(select(people.c.language).where(people.c.id == place.person_id))
    words = (await wording_in_force(connection)).of(language or "vi")
    text = desk.page_text(alert, await store.duty_number(connection), words, contact.channel)
    draft = Draft(place.person_id, contact.address, "page", text, contact.channel)
    now = desk.clock.now()
    ids = await store.write_messages(connection, alert, [draft], now)
    entry = ("other_channel", place.person_id, {"channel": contact.channel.value})
    await store.note(connection, alert.report_id, now, entry)
    await desk.queue_sending(connection, alert, ids)
    return True


async def _another_may_arrive(connection: AsyncConnection, place: Place) -> bool:
    """Tell whether the same page went, or goes, to its person by another channel too."""
    may_arrive = messages.c.state.not_in([*LOST, DeliveryState.CANCELLED]) & messages.c.missed_at.is_(None)
    others = (messages.c.kind == "page") & (messages.c.channel != place.channel)
    found = select(messages.c.id).where(place.of(messages), others, may_arrive).limit(1)
    return (await connection.execute(found)).first() is not None


async def share_outcome(connection: AsyncConnection, message_id: UUID, values: Mapping[str, Any]) -> Sequence[Place]:
    """Give the pages that one SMS carried what became of it; return their places. Cancelled ones stay so."""
    carried = (messages.c.bundle_id == message_id) & (messages.c.id != message_id) & (messages.c.state != "cancelled")
    changed = await connection.execute(update(messages).where(carried).values(**values).returning(messages))
    return [Place(**{name: row[name] for name in Place.__dataclass_fields__}) for row in changed.mappings()]


async def opt_out(
    connection: AsyncConnection, desk: Desk, phone: str, *, besides: UUID | None = None, **detail: int
) -> None:
    """Remember that a phone wants no messages, with `detail` of why; open alerts go on without its people.

    `besides` is an alert that the caller sees to.
    """
    now = desk.clock.now()
    ids = await contacts.mark_opted_out(connection, phone, now)
    for person_id in ids:
        await note_change(connection, person_id, None, "opted_out", now, to=ending(phone), **detail)
    mine = select(pages.c.report_id).where(pages.c.person_id.in_(ids))
    waiting = select(alerts.c.report_id).where(alerts.c.state == "open", alerts.c.report_id.in_(mine))
    for report_id in (await connection.execute(waiting.order_by(alerts.c.report_id))).scalars().all():
        alert = await store.alert_by_report(connection, report_id)
        if alert is not None and alert.state == "open" and report_id != besides:
            await store.drop_people(connection, report_id, ids, now)
            await store.note(connection, report_id, now, *(("opted_out", person_id, {}) for person_id in ids))
            await fire_if_exhausted(connection, alert, desk, "not_delivered")


async def opt_in(connection: AsyncConnection, desk: Desk, phone: str) -> None:
    """Let messages reach a phone again that had wanted none; other reasons why a number fails stay."""
    for person_id in await contacts.mark_opted_in(connection, phone):
        await note_change(connection, person_id, None, "opted_in", desk.clock.now(), to=ending(phone))
