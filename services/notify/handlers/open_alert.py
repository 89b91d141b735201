"""A case is assessed: page whoever is on duty; page again when its level rises."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.handlers.desk import Desk, support_draft
from services.notify.handlers.fire_step import duty_of
from services.notify.models import alerts
from services.notify.records import Alert
from services.notify.rules.escalation import REPEAT, Firing, OnDuty, Target, choose, next_due
from services.notify.store import Draft, Duty
from shared.contracts.events import CaseAssessed
from shared.contracts.vocabulary import Level
from shared.observability import logger

log = logger(__name__)


async def open_alert(session: AsyncSession, desk: Desk, event: CaseAssessed) -> None:
    """Open the alert of a report, or bring it up to date with a newer revision; repeats change nothing."""
    proposed = _proposed(event)
    duty = await duty_of(session, proposed, desk, {*event.route.support, *event.route.told_at_once})
    firing = choose(proposed.steps, 1, duty.by_target, proposed.excluded_people)
    now = desk.clock.now()
    step, due = len(proposed.steps), now + REPEAT[proposed.level]
    if firing is not None:
        step, due = firing.step, next_due(proposed.steps, firing.step, proposed.level, proposed.received_at, now)
    timing = {"step": step, "next_step_at": due, "alarm_at": None if firing else now}
    statement = (
        insert(alerts)
        .values(**_columns(event), **timing, state="open", opened_at=now, correlation_id=event.correlation_id)
        .on_conflict_do_nothing(index_elements=[alerts.c.report_id])
        .returning(alerts)
    )
    row = (await session.execute(statement)).mappings().first()
    if row is None:
        await _revise(session, desk, event, proposed)
        return
    alert = Alert.of(row)
    log.info("alert_opened", case_code=alert.case_code, level=alert.level.name, step=alert.step)
    await _page_first(session, desk, alert, event, firing, duty)


async def _page_first(
    session: AsyncSession, desk: Desk, alert: Alert, event: CaseAssessed, firing: Firing | None, duty: Duty
) -> None:
    """Page the first step that reaches anybody, tell support teams, and record all of it."""
    now = desk.clock.now()
    people = firing.people if firing else ()
    text = desk.page_text(alert, duty.number)
    drafts = [Draft(person.person_id, person.phone, "page", text) for person in people]
    told = _told(event, alert, duty.by_target, {person.person_id for person in people})
    drafts += [support_draft(person.person_id, person.phone, alert, duty.number) for person in told]
    await store.write_pages(session, alert, people, now)
    ids = await store.write_messages(session, alert, drafts, now)
    await store.note(session, alert.report_id, now, *_entries(alert, firing, len(told)))
    await desk.tell(session, alert, paged=len(people))
    await desk.queue_sending(session, ids)


def _entries(alert: Alert, firing: Firing | None, told: int) -> Sequence[tuple[str, UUID | None, dict[str, Any]]]:
    opened: tuple[str, UUID | None, dict[str, Any]] = ("opened", None, {"level": alert.level.name, "told": told})
    if firing is None:
        return opened, ("nobody_to_page", None, {"step": alert.step})
    skipped = [("step_skipped", None, {"step": step}) for step in firing.skipped]
    return opened, *skipped, ("step_fired", None, {"step": firing.step, "why": "opened", "people": len(firing.people)})


def _told(
    event: CaseAssessed, alert: Alert, on_duty: Mapping[Target, Sequence[OnDuty]], paged: Collection[UUID]
) -> list[OnDuty]:
    """Return one person a support team, at the grave levels, who is neither excluded nor paged already."""
    if alert.level < Level.URGENT:
        return []
    chosen: dict[UUID, OnDuty] = {}
    for code in dict.fromkeys((*event.route.told_at_once, *event.route.support)):
        free = [
            person
            for target, persons in on_duty.items()
            if target.team_code == code
            for person in persons
            if person.reachable and person.person_id not in alert.excluded_people and person.person_id not in paged
        ]
        if free and not any(person.person_id in chosen for person in free):
            chosen[free[0].person_id] = free[0]
    return list(chosen.values())


async def _revise(session: AsyncSession, desk: Desk, event: CaseAssessed, proposed: Alert) -> None:
    """Bring a known alert up to date. A graver level restarts its plan; nothing that happened is forgotten."""
    alert = await store.alert_by_report(session, event.report_id)
    if alert is None or event.revision <= alert.revision:
        if alert is not None:
            await desk.tell(session, alert)
        return
    now = desk.clock.now()
    if alert.state == "closed" or proposed.level <= alert.level:
        kept = {name: value for name, value in _columns(event).items() if name not in {"level", "led_by", "lead"}}
        changed = await store.change_alert(session, alert.report_id, **kept)
        await store.note(session, alert.report_id, now, ("revised", None, {"revision": event.revision}))
        await desk.tell(session, changed)
        return
    duty = await duty_of(session, proposed, desk, {*event.route.support, *event.route.told_at_once})
    firing = choose(proposed.steps, 1, duty.by_target, proposed.excluded_people)
    step = firing.step if firing else len(proposed.steps)
    changed = await store.change_alert(
        session,
        alert.report_id,
        **_columns(event),
        state="open",
        plan=alert.plan + 1,
        step=step,
        round=0,
        next_step_at=next_due(proposed.steps, step, proposed.level, now, now),
        acknowledged_by=None,
        acknowledged_at=None,
        contact_at=None,
        reminded_at=None,
        alarm_at=None if firing else now,
    )
    raised = ("level_raised", None, {"from": alert.level.name, "to": proposed.level.name})
    await store.note(session, alert.report_id, now, raised)
    log.info("alert_raised", case_code=alert.case_code, level=proposed.level.name)
    await _page_first(session, desk, changed, event, firing, duty)


def _columns(event: CaseAssessed) -> dict[str, Any]:
    return {
        "report_id": event.report_id,
        "case_code": event.case_code,
        "revision": event.revision,
        "channel": event.channel.value,
        "level": int(event.level),
        "unit_code": event.route.unit_code,
        "led_by": event.route.where.value,
        "lead": event.route.lead,
        "support": list(event.route.support),
        "told_at_once": list(event.route.told_at_once),
        "received_at": event.received_at,
        "acknowledge_by": event.clocks.acknowledge_by,
        "contact_by": event.clocks.contact_by,
        "visit_by": event.clocks.visit_by,
        "form02_by": event.clocks.form02_by,
        "legal_by": event.clocks.legal_by,
        "excluded_people": list(event.excluded_person_ids),
        "submitted_by": event.submitted_by,
    }


def _proposed(event: CaseAssessed) -> Alert:
    """Return the alert that the event asks for, before anything is stored."""
    return Alert(
        report_id=event.report_id,
        case_code=event.case_code,
        revision=event.revision,
        level=event.level,
        unit_code=event.route.unit_code,
        led_by=event.route.where,
        received_at=event.received_at,
        acknowledge_by=event.clocks.acknowledge_by,
        contact_by=event.clocks.contact_by,
        excluded_people=frozenset(event.excluded_person_ids),
        state="open",
        plan=1,
        step=1,
        round=0,
        sequence=1,
        acknowledged_by=None,
        acknowledged_at=None,
        closed_at=None,
        contact_at=None,
        alarm_at=None,
        submitted_by=event.submitted_by,
        correlation_id=event.correlation_id,
    )
