"""What else a human does to an alert: decline, escalate, close, record the first contact, silence the alarm.

`by` is whoever did it for the person, a supervisor or a program. Each raises `NoSuchAlertError`,
`NoSuchPersonError`, `PersonExcludedError`, and `AlertClosedError` after recording the try, so the caller commits before passing that on.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.handlers.alert_work import Entry
from services.notify.handlers.desk import Desk
from services.notify.handlers.end_calls import queue_ends
from services.notify.handlers.fire_step import fire_if_exhausted, fire_next_step, start_over
from services.notify.models import pages
from services.notify.records import Alert, AlertClosedError, PersonExcludedError
from shared.observability import logger

log = logger(__name__)


@dataclass(frozen=True)
class Act:
    """A person's act on an alert: how it came (`sms`, `api`, `page`), a note, and who did it for them."""

    case_code: str
    person_id: UUID
    how: str
    note: str = ""
    by: UUID | None = None

    def entry(self, what: str) -> Entry:
        """Return the timeline's entry of it."""
        return what, self.person_id, {"how": self.how, "note": self.note, "by": str(self.by) if self.by else None}


async def decline(connection: AsyncConnection, desk: Desk, act: Act) -> Alert:
    """Record that a person cannot take a case; when everybody of the step has, the next step fires at once.

    Whoever had taken it gives it back: it is open again and all others are asked anew.
    """
    alert = await _not_closed(connection, desk, act)
    now = desk.clock.now()
    mine = (pages.c.report_id == alert.report_id) & (pages.c.person_id == act.person_id)
    declining = mine & (pages.c.plan == alert.plan) & pages.c.declined_at.is_(None)
    await connection.execute(update(pages).where(declining).values(declined_at=now))
    log.info("alert_declined", case_code=act.case_code, how=act.how, correlation_id=alert.correlation_id)
    if alert.state == "acknowledged" and alert.acknowledged_by == act.person_id:
        spent = {act.person_id, *(await store.spent_people(connection, [alert])).get(alert.report_id, ())}
        return await start_over(connection, alert, desk, act.entry("given_back"), spent=spent)
    await store.note(connection, alert.report_id, now, act.entry("declined"))
    return await fire_if_exhausted(connection, alert, desk, "declined")


async def escalate(connection: AsyncConnection, desk: Desk, act: Act) -> Alert:
    """Fire the next step now; an acknowledged alert stays with whoever took it."""
    alert = await _not_closed(connection, desk, act)
    await store.note(connection, alert.report_id, desk.clock.now(), act.entry("escalation_asked"))
    return await fire_next_step(connection, alert, desk, "asked") if alert.state == "open" else alert


async def close(connection: AsyncConnection, desk: Desk, act: Act) -> Alert:
    """Close an alert: nobody is paged for it any more."""
    alert = await _not_closed(connection, desk, act)
    now = desk.clock.now()
    values = {"state": "closed", "closed_by": act.person_id, "closed_at": now, "next_step_at": None, "alarm_at": None}
    changed = await store.change_alert(connection, alert.report_id, **values)
    await store.cancel_pages(connection, alert.report_id, now)
    await queue_ends(connection, desk, alert)
    await store.note(connection, alert.report_id, now, act.entry("closed"))
    await desk.tell(connection, changed)
    log.info("alert_closed", case_code=act.case_code, correlation_id=alert.correlation_id)
    return changed


async def record_contact(connection: AsyncConnection, desk: Desk, act: Act) -> Alert:
    """Record the first contact with the child or whoever reported; a later one is added to the timeline."""
    alert = await _not_closed(connection, desk, act)
    now = desk.clock.now()
    await store.note(connection, alert.report_id, now, act.entry("contact_recorded"))
    if alert.contact_at is not None:
        return alert
    changed = await store.change_alert(connection, alert.report_id, contact_at=now)
    await desk.tell(connection, changed)
    return changed


async def silence_alarm(connection: AsyncConnection, desk: Desk, act: Act) -> Alert:
    """Silence the alarm of an alert that nobody answers until the last step repeats; paging goes on."""
    alert = await _not_closed(connection, desk, act)
    await store.note(connection, alert.report_id, desk.clock.now(), act.entry("alarm_silenced"))
    changed = await store.change_alert(connection, alert.report_id, alarm_silenced_by=act.person_id)
    await desk.tell(connection, changed)
    return changed


async def _not_closed(connection: AsyncConnection, desk: Desk, act: Act) -> Alert:
    await store.person_exists(connection, act.person_id)
    alert = await store.alert_by_code(connection, act.case_code, lock=True)
    if not {act.person_id, act.by}.isdisjoint(await exclusion.excluded_from(connection, alert)):
        raise PersonExcludedError(str(act.person_id))
    if alert.state == "closed":
        await store.note(connection, alert.report_id, desk.clock.now(), act.entry("tried_when_closed"))
        raise AlertClosedError(act.case_code)
    return alert
