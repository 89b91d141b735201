"""A newer state of a case: bring its alert up to date, and page again where that is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.handlers.alert_work import Entry
from services.notify.handlers.desk import Desk
from services.notify.handlers.fire_step import duty_of, fire_if_emptied, start_over, supporting
from services.notify.handlers.follow_work import follow_work
from services.notify.records import Alert
from services.notify.rules.escalation import next_due
from services.notify.rules.revision import Change, LeadExcluded, LevelRaised, Lowered, Moved, Updated, UpToDate, compare
from shared.contracts.events import CaseAssessed
from shared.observability import logger

log = logger(__name__)


class CaseCodeTakenError(Exception):
    """Another report's alert has this case code: codes are never given twice, so this needs a human."""


async def revise_alert(connection: AsyncConnection, desk: Desk, event: CaseAssessed) -> None:
    """Compare a newer state of a case with the alert as it stands; one that is not newer only has the alert told of again.

    Whoever is newly excluded gets nothing more, not even what waits to be sent.
    """
    alert = await store.alert_by_report(connection, event.report_id)
    if alert is None:
        raise CaseCodeTakenError(event.case_code)
    proposed = Alert.proposed(event, await exclusion.codes_of(connection, event.excluded_team_ids))
    proposed = replace(proposed, level=event.level if event.lowered else max(alert.level, event.level))
    proposed = await desk.following(connection, proposed, event.route.lead)
    excluded = await exclusion.excluded_from(connection, proposed)
    standing = replace(proposed.standing, level=event.level, excluded_people=excluded)
    change = compare(alert.standing, standing, lowered=event.lowered)
    if isinstance(change, UpToDate):
        await desk.tell(connection, alert)
        return
    await _drop(connection, desk, alert, excluded)
    await _apply(connection, desk, event, proposed, alert=alert, change=change)
    await follow_work(connection, desk, event)


async def _drop(connection: AsyncConnection, desk: Desk, alert: Alert, excluded: frozenset[UUID]) -> None:
    """Cancel what waits to be sent to people who are excluded from now on, and wait for none of them."""
    banned = excluded - await exclusion.excluded_from(connection, alert)
    if banned:
        now = desk.clock.now()
        await store.drop_people(connection, alert.report_id, banned, now)
        await store.note(connection, alert.report_id, now, ("people_excluded", None, {}))


async def _apply(
    connection: AsyncConnection, desk: Desk, event: CaseAssessed, proposed: Alert, *, alert: Alert, change: Change
) -> None:
    columns = _columns(event, proposed)
    match change:
        case UpToDate():
            return
        case Updated():
            await _update(connection, desk, alert, columns, ("revised", None, {"sequence": event.sequence}))
        case Lowered():
            detail = {"from": alert.level.name, "to": event.level.name, "sequence": event.sequence}
            columns |= _waiting(proposed, alert, desk.clock.now())
            await _update(connection, desk, alert, columns, ("level_lowered", None, detail))
        case LevelRaised() | Moved() | LeadExcluded():
            plan = replace(proposed, plan=alert.plan)
            entry = (change.what, None, {"from": alert.level.name, "to": plan.level.name, "sequence": event.sequence})
            await start_over(connection, plan, desk, entry, values={**columns, "policy": plan.policy_document})
            log.info("alert_started_over", case_code=alert.case_code, case_level=plan.level.name, why=change.what)
        case _:
            assert_never(change)


async def _update(connection: AsyncConnection, desk: Desk, alert: Alert, columns: dict[str, Any], entry: Entry) -> None:
    """Keep new deadlines and the route; teams that are new in it are told."""
    now = desk.clock.now()
    changed = await store.change_alert(connection, alert.report_id, **columns)
    await store.note(connection, alert.report_id, now, entry)
    if changed.state != "closed":
        duty = await duty_of(connection, changed, desk)
        notices = supporting(changed, desk, duty, await store.people_told(connection, alert.report_id))
        await desk.queue_notices(connection, changed, await store.write_messages(connection, changed, notices, now))
    await desk.tell(connection, await fire_if_emptied(connection, changed, desk))


def _columns(event: CaseAssessed, proposed: Alert) -> dict[str, Any]:
    """Return what the state sets; a level falls only where a person lowered it."""
    return {**store.assessed(event, proposed.excluded_teams), "level": int(proposed.level)}


def _waiting(proposed: Alert, alert: Alert, now: datetime) -> dict[str, Any]:
    """Return when the next step of an open alert is due that a person lowered: as late as its level has it."""
    if alert.state != "open":
        return {}
    step = min(alert.step, len(proposed.steps))
    due = next_due(proposed.steps, step, proposed.repeat, proposed.received_at, now)
    return {
        "step": step,
        "next_step_at": due,
        "policy": proposed.policy_document,
        "must_all": proposed.steps[step - 1].all_must,
    }
