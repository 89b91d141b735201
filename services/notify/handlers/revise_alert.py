"""A newer state of a case: bring its alert up to date, and page again where that is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import store
from services.notify.handlers.desk import Desk
from services.notify.handlers.fire_step import Entry, duty_of, fire_if_exhausted, start_over, supporting
from services.notify.handlers.follow_work import follow_work
from services.notify.records import Alert
from services.notify.rules.escalation import next_due
from services.notify.rules.revision import Change, LeadExcluded, LevelRaised, Lowered, Moved, Updated, UpToDate, compare
from shared.contracts.events import CaseAssessed
from shared.observability import logger

log = logger(__name__)


async def revise_alert(connection: AsyncConnection, desk: Desk, event: CaseAssessed) -> None:
    """Compare a newer state of a case with the alert as it stands; one that is not newer only has the alert told of again.

    Whoever is newly excluded gets nothing more, not even what waits to be sent.
    """
    alert = await store.alert_by_report(connection, event.report_id)
    if alert is None:
        return
    proposed = Alert.proposed(event)
    change = compare(alert.standing, proposed.standing, lowered=event.lowered)
    if not isinstance(change, UpToDate) and (banned := proposed.excluded_people - alert.excluded_people):
        await store.drop_people(connection, event.report_id, banned, desk.clock.now())
    await _apply(connection, desk, event, alert, change)
    if not isinstance(change, UpToDate):
        await follow_work(connection, desk, event)


async def _apply(connection: AsyncConnection, desk: Desk, event: CaseAssessed, alert: Alert, change: Change) -> None:
    match change:
        case UpToDate():
            await desk.tell(connection, alert)
        case Updated():
            await _update(connection, desk, event, alert, ("revised", None, {"sequence": event.sequence}))
        case Lowered():
            detail = {"from": alert.level.name, "to": event.level.name, "sequence": event.sequence}
            await _update(connection, desk, event, alert, ("level_lowered", None, detail))
        case LevelRaised() | Moved() | LeadExcluded():
            plan = replace(Alert.proposed(event), level=max(alert.level, event.level), plan=alert.plan)
            entry = (change.what, None, {"from": alert.level.name, "to": plan.level.name, "sequence": event.sequence})
            await start_over(connection, plan, desk, entry, values=_columns(event, alert))
            log.info("alert_started_over", case_code=alert.case_code, case_level=plan.level.name, why=change.what)
        case _:
            assert_never(change)


async def _update(connection: AsyncConnection, desk: Desk, event: CaseAssessed, alert: Alert, entry: Entry) -> None:
    """Keep new deadlines and the route; teams that are new in it are told."""
    now = desk.clock.now()
    columns = _columns(event, alert) | _waiting(event, alert, now)
    changed = await store.change_alert(connection, alert.report_id, **columns)
    await store.note(connection, alert.report_id, now, entry)
    if changed.state != "closed":
        duty = await duty_of(connection, changed, desk)
        notices = supporting(changed, desk, duty, await store.people_told(connection, alert.report_id))
        await desk.queue_notices(connection, changed, await store.write_messages(connection, changed, notices, now))
    await desk.tell(connection, await fire_if_exhausted(connection, changed, desk, "excluded"))


def _columns(event: CaseAssessed, alert: Alert) -> dict[str, Any]:
    """Return what the state sets; a level falls only where a person lowered it."""
    level = event.level if event.lowered else max(alert.level, event.level)
    return {**store.assessed(event), "level": int(level)}


def _waiting(event: CaseAssessed, alert: Alert, now: datetime) -> dict[str, Any]:
    """Return when the next step of an open alert is due that a person lowered: as late as its level has it."""
    if alert.state != "open" or not event.lowered or event.level >= alert.level:
        return {}
    steps = Alert.proposed(event).steps
    step = min(alert.step, len(steps))
    return {"step": step, "next_step_at": next_due(steps, step, event.level, event.received_at, now)}
