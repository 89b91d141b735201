"""Page the next people of an alert."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.handlers.desk import Desk
from services.notify.records import Alert
from services.notify.rules.escalation import REPEAT, Firing, OnDuty, choose, next_due
from services.notify.store import Draft, Duty


async def duty_of(session: AsyncSession, alert: Alert, desk: Desk, extra: Collection[str] = ()) -> Duty:
    """Return who is on duty now for every team of the alert's plan, and for `extra` teams."""
    codes = {target.team_code for step in alert.steps for target in step.targets}
    return await store.who_is_on_duty(session, codes | set(extra), desk.clock.now())


async def fire_next_step(session: AsyncSession, alert: Alert, desk: Desk, why: str) -> Alert:
    """Fire the step after the current one, or repeat the last; the alert is open and locked by the caller."""
    duty = await duty_of(session, alert, desk)
    spent = await _spent(session, alert)
    last = alert.step >= len(alert.steps)
    firing = None if last else choose(alert.steps, alert.step + 1, duty.by_target, alert.excluded_people, spent)
    if firing is not None:
        return await _fire(session, alert, desk, firing, duty.number, why)
    return await _repeat_last(session, alert, desk, duty, why)


async def _fire(session: AsyncSession, alert: Alert, desk: Desk, firing: Firing, number: str, why: str) -> Alert:
    now = desk.clock.now()
    changed = await store.change_alert(
        session,
        alert.report_id,
        step=firing.step,
        round=0,
        next_step_at=next_due(alert.steps, firing.step, alert.level, alert.received_at, now),
    )
    await store.note(
        session,
        alert.report_id,
        now,
        *(("step_skipped", None, {"step": step}) for step in firing.skipped),
        ("step_fired", None, {"step": firing.step, "why": why, "people": len(firing.people)}),
    )
    await page(session, changed, desk, firing.people, number)
    return changed


async def _repeat_last(session: AsyncSession, alert: Alert, desk: Desk, duty: Duty, why: str) -> Alert:
    """Page the last step again, whoever declined before, and raise the alarm that a person must silence."""
    now = desk.clock.now()
    last = len(alert.steps)
    firing = choose(alert.steps, last, duty.by_target, alert.excluded_people)
    changed = await store.change_alert(
        session,
        alert.report_id,
        step=last,
        round=alert.round + 1,
        next_step_at=now + REPEAT[alert.level],
        alarm_at=now,
        alarm_silenced_by=None,
    )
    people = firing.people if firing else ()
    detail = {"step": last, "round": changed.round, "why": why, "people": len(people)}
    await store.note(session, alert.report_id, now, ("step_repeated" if people else "nobody_to_page", None, detail))
    await page(session, changed, desk, people, duty.number)
    return changed


async def page(session: AsyncSession, alert: Alert, desk: Desk, people: Collection[OnDuty], number: str) -> None:
    """Record pages and their messages, queue the sending, and tell the other services."""
    now = desk.clock.now()
    await store.write_pages(session, alert, people, now)
    text = desk.page_text(alert, number)
    drafts = [Draft(person.person_id, person.phone, "page", text) for person in people]
    await desk.queue_sending(session, await store.write_messages(session, alert, drafts, now))
    await desk.tell(session, alert)


async def fire_if_exhausted(session: AsyncSession, alert: Alert, desk: Desk, why: str) -> Alert:
    """Fire the next step at once when everybody of the current one has declined or cannot be reached.

    The last step never fires early: it repeats on its clock, so that nobody is paged in a tight loop.
    """
    if alert.state != "open" or alert.step >= len(alert.steps):
        return alert
    rows = await store.paged_people(session, alert.report_id)
    current = [row for row in rows if (row["plan"], row["step"], row["round"]) == (alert.plan, alert.step, alert.round)]
    if any(row["declined_at"] is None and row["unreachable_at"] is None for row in current):
        return alert
    return await fire_next_step(session, alert, desk, why)


async def _spent(session: AsyncSession, alert: Alert) -> frozenset[UUID]:
    rows = await store.paged_people(session, alert.report_id)
    return frozenset(
        row["person_id"]
        for row in rows
        if row["plan"] == alert.plan and (row["declined_at"] is not None or row["unreachable_at"] is not None)
    )
