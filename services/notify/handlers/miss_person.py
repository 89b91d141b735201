"""A message has not reached its person: remember a number that cannot be reached, and go on without them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import contacts, store
from services.notify.handlers.desk import Desk
from services.notify.handlers.fire_step import fire_if_exhausted
from services.notify.models import alerts, pages
from services.notify.people_changes import ending, note_change
from services.notify.rules.delivery import marks_contact

OPTED_OUT_AT_CARRIER = 21610
"""The error with which Twilio refuses a number that has sent STOP."""


@dataclass(frozen=True)
class Place:
    """Where a message belongs: whose it is, to what number, of what kind, and for which step of which plan and round.

    `report_id` null: it belongs to no alert.
    """

    report_id: UUID | None
    person_id: UUID
    phone: str
    kind: str
    plan: int
    step: int
    round: int


async def could_not_reach(connection: AsyncConnection, desk: Desk, place: Place, code: int) -> None:
    """Record that a person has not got a message; go on at once when nobody else of the step can answer.

    A number that has opted out at the carrier is passed over in every open alert, as if it had sent STOP here.
    """
    if code == OPTED_OUT_AT_CARRIER:
        await opt_out(connection, desk, place.phone, error_code=code)
    else:
        await _mark_failing(connection, place.phone, code, desk.clock.now())
    if place.report_id is None:
        return
    now = desk.clock.now()
    alert = await store.alert_by_report(connection, place.report_id)
    detail = {"kind": place.kind, "error_code": code}
    await store.note(connection, place.report_id, now, ("not_delivered", place.person_id, detail))
    if place.kind == "page" and alert is not None:
        mine = (pages.c.report_id == place.report_id) & (pages.c.person_id == place.person_id)
        step = (pages.c.plan == place.plan) & (pages.c.step == place.step) & (pages.c.round == place.round)
        await connection.execute(update(pages).where(mine & step).values(unreachable_at=now))
        await fire_if_exhausted(connection, alert, desk, "not_delivered")


async def _mark_failing(connection: AsyncConnection, phone: str, code: int, now: datetime) -> None:
    if marks_contact(code):
        for person_id in await contacts.mark_failing(connection, phone, code, now):
            await note_change(connection, person_id, None, "contact_failing", now, to=ending(phone), error_code=code)


async def opt_out(connection: AsyncConnection, desk: Desk, phone: str, **detail: int) -> None:
    """Remember that a phone wants no messages, with `detail` of why; open alerts go on without its people."""
    now = desk.clock.now()
    ids = await contacts.mark_opted_out(connection, phone, now)
    for person_id in ids:
        await note_change(connection, person_id, None, "opted_out", now, to=ending(phone), **detail)
    mine = select(pages.c.report_id).where(pages.c.person_id.in_(ids))
    waiting = select(alerts.c.report_id).where(alerts.c.state == "open", alerts.c.report_id.in_(mine))
    for report_id in (await connection.execute(waiting.order_by(alerts.c.report_id))).scalars().all():
        alert = await store.alert_by_report(connection, report_id)
        if alert is not None and alert.state == "open":
            await store.drop_people(connection, report_id, ids, now)
            await store.note(connection, report_id, now, *(("opted_out", person_id, {}) for person_id in ids))
            await fire_if_exhausted(connection, alert, desk, "not_delivered")


async def opt_in(connection: AsyncConnection, desk: Desk, phone: str) -> None:
    """Let messages reach a phone again that had wanted none; other reasons why a number fails stay."""
    for person_id in await contacts.mark_opted_in(connection, phone):
        await note_change(connection, person_id, None, "opted_in", desk.clock.now(), to=ending(phone))
