"""Follow what people do on a case elsewhere: first contact, the visit, Mẫu 02, a hand-over, its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.handlers.alert_work import Entry
from services.notify.handlers.desk import Desk
from services.notify.handlers.end_calls import queue_ends
from services.notify.records import Alert
from services.notify.store import Draft
from shared.contracts.events import CaseAssessed, CaseWork

MILESTONES = ("contact", "seen", "form02")


async def follow_work(connection: AsyncConnection, desk: Desk, event: CaseAssessed) -> None:
    """Bring the alert up to what was done; what is known already changes nothing.

    Whoever accepted a hand-over is a human who has the case: nobody is paged for it any more.
    """
    alert = await store.alert_by_report(connection, event.report_id)
    if alert is None:
        return
    now = desk.clock.now()
    values, entries = _milestones(alert, event.work)
    if event.work.offered_to != alert.offered_to:
        values["offered_to"] = event.work.offered_to
    if event.work.held_by is not None and event.work.held_by != alert.held_by and alert.state != "closed":
        values |= _taken(event.work, now)
        entries.append(("handed_over", event.work.held_by, {}))
    if event.work.closed_at is not None and alert.state != "closed":
        values |= {"state": "closed", "closed_by": event.work.closed_by, "closed_at": now}
        values |= {"next_step_at": None, "alarm_at": None}
        entries.append(("closed", event.work.closed_by, {}))
    if not values:
        return
    changed = await store.change_alert(connection, alert.report_id, **values)
    if changed.state != "open":
        await store.cancel_pages(connection, alert.report_id, now)
        await queue_ends(connection, desk, alert)
    if changed.offered_to and changed.offered_to != alert.offered_to:
        entries += await _tell_offered(connection, desk, changed, changed.offered_to, now)
    await store.note(connection, alert.report_id, now, *entries)
    await desk.tell(connection, changed)


def _milestones(alert: Alert, work: CaseWork) -> tuple[dict[str, Any], list[Entry]]:
    """Return the columns and entries of what was reached since; what was reached first counts."""
    values: dict[str, Any] = {}
    entries: list[Entry] = []
    for name in MILESTONES:
        column = f"{name}_at"
        done = getattr(work, column)
        if done is not None and getattr(alert, column) is None:
            values[column] = done
            entries.append((f"{name}_recorded", None, {}))
    return values, entries


def _taken(work: CaseWork, now: datetime) -> dict[str, Any]:
    taken = {"state": "acknowledged", "acknowledged_by": work.held_by, "acknowledged_at": now}
    return {**taken, "held_by": work.held_by, "next_step_at": None, "alarm_at": None}


async def _tell_offered(
    connection: AsyncConnection, desk: Desk, alert: Alert, team_code: str, now: datetime
) -> list[Entry]:
    """Tell one person on duty in the team that is asked to take the case over; asks no reply by SMS."""
    duty = await store.who_is_on_duty(connection, {team_code}, now)
    excluded = await exclusion.excluded_from(connection, alert)
    free = (
        person
        for persons in duty.by_target.values()
        for person in persons
        if person.reachable and person.person_id not in excluded
    )
    person = next(free, None)
    if person is None:
        return [("nobody_to_page", None, {"step": alert.step})]
    text = desk.support_text(alert, duty.number)
    drafts = [Draft(person.person_id, person.address, "support", text)]
    await desk.queue_sending(connection, alert, await store.write_messages(connection, alert, drafts, now))
    return [("offered", person.person_id, {})]
