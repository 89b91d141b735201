"""What else a human does to an alert: decline, escalate, close, record the first contact, silence the alarm."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.handlers.acknowledge import cancel_waiting
from services.notify.handlers.desk import Desk
from services.notify.handlers.fire_step import fire_if_exhausted, fire_next_step
from services.notify.models import pages
from services.notify.records import Alert, AlertClosedError
from shared.observability import logger

log = logger(__name__)


async def _open_for_change(session: AsyncSession, case_code: str, person_id: UUID) -> Alert:
    await store.person_exists(session, person_id)
    alert = await store.alert_by_code(session, case_code, lock=True)
    if alert.state == "closed":
        raise AlertClosedError(case_code)
    return alert


async def decline(
    session: AsyncSession, desk: Desk, case_code: str, person_id: UUID, *, how: str, text: str = ""
) -> Alert:
    """Record that a person cannot take a case; when everybody of the step has, the next step fires at once."""
    alert = await _open_for_change(session, case_code, person_id)
    now = desk.clock.now()
    mine = (pages.c.report_id == alert.report_id) & (pages.c.person_id == person_id) & pages.c.declined_at.is_(None)
    await session.execute(update(pages).where(mine, pages.c.plan == alert.plan).values(declined_at=now))
    await store.note(session, alert.report_id, now, ("declined", person_id, {"how": how, "note": text}))
    log.info("alert_declined", case_code=case_code, how=how)
    return await fire_if_exhausted(session, alert, desk, "declined")


async def escalate(
    session: AsyncSession, desk: Desk, case_code: str, person_id: UUID, *, how: str, text: str = ""
) -> Alert:
    """Fire the next step now; an acknowledged alert stays with whoever took it."""
    alert = await _open_for_change(session, case_code, person_id)
    await store.note(
        session, alert.report_id, desk.clock.now(), ("escalation_asked", person_id, {"how": how, "note": text})
    )
    return await fire_next_step(session, alert, desk, "asked") if alert.state == "open" else alert


async def close(session: AsyncSession, desk: Desk, case_code: str, person_id: UUID, *, text: str) -> Alert:
    """Close an alert: nobody is paged for it any more."""
    alert = await _open_for_change(session, case_code, person_id)
    now = desk.clock.now()
    changed = await store.change_alert(
        session, alert.report_id, state="closed", closed_by=person_id, closed_at=now, next_step_at=None, alarm_at=None
    )
    await cancel_waiting(session, alert.report_id, desk)
    await store.note(session, alert.report_id, now, ("closed", person_id, {"note": text}))
    await desk.tell(session, changed)
    log.info("alert_closed", case_code=case_code)
    return changed


async def record_contact(session: AsyncSession, desk: Desk, case_code: str, person_id: UUID, *, text: str) -> Alert:
    """Record the first contact with the child or whoever reported; a later one is added to the timeline."""
    alert = await _open_for_change(session, case_code, person_id)
    now = desk.clock.now()
    await store.note(session, alert.report_id, now, ("contact_recorded", person_id, {"note": text}))
    if alert.contact_at is not None:
        return alert
    changed = await store.change_alert(session, alert.report_id, contact_at=now)
    await desk.tell(session, changed)
    return changed


async def silence_alarm(session: AsyncSession, desk: Desk, case_code: str, person_id: UUID) -> Alert:
    """Silence the alarm of an alert that nobody answers; paging goes on."""
    alert = await _open_for_change(session, case_code, person_id)
    await store.note(session, alert.report_id, desk.clock.now(), ("alarm_silenced", person_id, {}))
    return await store.change_alert(session, alert.report_id, alarm_silenced_by=person_id)
