"""Page the next people of an alert."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.handlers.desk import Desk
from services.notify.records import Alert
from services.notify.rules.contacts import ContactChannel
from services.notify.rules.escalation import REPEAT, Firing, OnDuty, choose, choose_last, next_due
from services.notify.store import Draft, Duty
from shared.contracts.vocabulary import Level

Entry = tuple[str, UUID | None, dict[str, Any]]
"""What happened, to or by whom, and its codes and numbers, for the timeline."""

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Start:
    """The first step of a plan that reaches anybody (`firing` null: none does), and when the next one is due."""

    firing: Firing | None
    step: int
    due: datetime

    @classmethod
    def of(cls, alert: Alert, duty: Duty, now: datetime, *, since: datetime, spent: Collection[UUID] = ()) -> Start:
        """Choose; `since` is the moment from which the plan's times count."""
        firing = choose(alert.steps, 1, duty.by_target, alert.excluded_people, spent)
        if firing is None:
            return cls(None, len(alert.steps), now + REPEAT[alert.level])
        return cls(firing, firing.step, next_due(alert.steps, firing.step, alert.level, since, now))

    def columns(self, now: datetime) -> dict[str, Any]:
        """Return what the alert's row says of it; with nobody to page the alarm is on."""
        alarm_at = None if self.firing else now
        return {"step": self.step, "round": 0, "next_step_at": self.due, "alarm_at": alarm_at}

    def entries(self, why: str) -> Sequence[Entry]:
        """Return the timeline's entries."""
        if self.firing is None:
            return (("nobody_to_page", None, {"step": self.step}),)
        return _fired(self.firing, why)


async def duty_of(connection: AsyncConnection, alert: Alert, desk: Desk) -> Duty:
    """Return who is on duty now, and may have the alert, for every team of its plan and those it tells."""
    codes = {target.team_code for step in alert.steps for target in step.targets}
    found = await store.who_is_on_duty(connection, codes.union(alert.support, alert.told_at_once), desk.clock.now())
    return await exclusion.allowed_duty(connection, alert, found)


async def start_paging(
    connection: AsyncConnection,
    alert: Alert,
    desk: Desk,
    start: Start,
    duty: Duty,
    known: Collection[UUID],
    *entries: Entry,
) -> None:
    """Page the first step, tell support teams, and record all of it; `known` have heard of the alert before."""
    now = desk.clock.now()
    people = start.firing.people if start.firing else ()
    drafts = _pages(alert, desk, people, duty)
    drafts += supporting(alert, desk, duty, {*known, *(person.person_id for person in people)})
    told = len(drafts) - len(people)
    await store.write_pages(connection, alert, people, now)
    ids = await store.write_messages(connection, alert, drafts, now)
    notices: Sequence[Entry] = (("support_told", None, {"people": told}),) if told else ()
    await store.note(connection, alert.report_id, now, *entries, *start.entries("opened"), *notices)
    await desk.tell(connection, alert, paged=None if known else len(people))
    await desk.queue_sending(connection, alert, ids[: len(people)])
    await desk.queue_notices(connection, alert, ids[len(people) :])


async def start_over(
    connection: AsyncConnection,
    alert: Alert,
    desk: Desk,
    *entries: Entry,
    spent: Collection[UUID] = (),
    values: Mapping[str, Any] = NOTHING,
) -> Alert:
    """Follow the plan that `alert` has now from its first step, as a new one of the same alert.

    Nothing that happened is forgotten: pages of the plan before stay, and its unsent ones are cancelled as they
    come up. Times count from now. `values` are other columns to change; `spent` are people not to be asked again.
    """
    now = desk.clock.now()
    duty = await duty_of(connection, alert, desk)
    known = await store.people_told(connection, alert.report_id)
    start = Start.of(alert, duty, now, since=now, spent=spent)
    reset = dict.fromkeys(("acknowledged_by", "acknowledged_at", "closed_by", "closed_at", "contact_at", "reminded_at"))
    changed = await store.change_alert(
        connection,
        alert.report_id,
        **{**values, **reset, **start.columns(now)},
        state="open",
        plan=alert.plan + 1,
        alarm_silenced_by=None,
    )
    await start_paging(connection, changed, desk, start, duty, known, *entries)
    return changed


async def fire_next_step(connection: AsyncConnection, alert: Alert, desk: Desk, why: str) -> Alert:
    """Fire the step after the current one, or repeat the last; the alert is open and locked by the caller."""
    duty = await duty_of(connection, alert, desk)
    last = alert.step >= len(alert.steps)
    spent = frozenset() if last else await spent_people(connection, alert)
    firing = None if last else choose(alert.steps, alert.step + 1, duty.by_target, alert.excluded_people, spent)
    if firing is not None:
        return await _fire(connection, alert, desk, firing, duty, why)
    return await _repeat_last(connection, alert, desk, duty, why)


async def _fire(connection: AsyncConnection, alert: Alert, desk: Desk, firing: Firing, duty: Duty, why: str) -> Alert:
    now = desk.clock.now()
    changed = await store.change_alert(
        connection,
        alert.report_id,
        step=firing.step,
        round=0,
        next_step_at=next_due(alert.steps, firing.step, alert.level, alert.received_at, now),
    )
    await store.note(connection, alert.report_id, now, *_fired(firing, why))
    await _page(connection, changed, desk, firing.people, duty)
    return changed


async def _repeat_last(connection: AsyncConnection, alert: Alert, desk: Desk, duty: Duty, why: str) -> Alert:
    """Page the last step again, whoever declined before, and raise the alarm that a person must silence.

    Where the last step has nobody to page, the last one before it that has somebody is paged instead.
    """
    now = desk.clock.now()
    last = len(alert.steps)
    firing = choose_last(alert.steps, duty.by_target, alert.excluded_people)
    changed = await store.change_alert(
        connection,
        alert.report_id,
        step=last,
        round=alert.round + 1,
        next_step_at=now + REPEAT[alert.level],
        alarm_at=now,
        alarm_silenced_by=None,
    )
    people = firing.people if firing else ()
    detail = {"step": last, "round": changed.round, "why": why, "people": len(people)}
    await store.note(connection, alert.report_id, now, ("step_repeated" if people else "nobody_to_page", None, detail))
    await _page(connection, changed, desk, people, duty)
    if desk.calls:
        text = desk.page_text(changed, duty.number, ContactChannel.VOICE)
        calls = [Draft(one.person_id, one.phone, "page", text, ContactChannel.VOICE) for one in people]
        await desk.queue_calls(connection, changed, await store.write_messages(connection, changed, calls, now))
    return changed


async def _page(connection: AsyncConnection, alert: Alert, desk: Desk, people: Collection[OnDuty], duty: Duty) -> None:
    """Record pages and their messages, queue the sending, and tell the other services."""
    now = desk.clock.now()
    await store.write_pages(connection, alert, people, now)
    ids = await store.write_messages(connection, alert, _pages(alert, desk, people, duty), now)
    await desk.queue_sending(connection, alert, ids)
    await desk.tell(connection, alert)


def _pages(alert: Alert, desk: Desk, people: Collection[OnDuty], duty: Duty) -> list[Draft]:
    text = desk.page_text(alert, duty.number)
    return [Draft(person.person_id, person.phone, "page", text) for person in people]


def supporting(alert: Alert, desk: Desk, duty: Duty, known: Collection[UUID]) -> list[Draft]:
    """Return one notice for each team that supports or is told at once, at the grave levels.

    A team of which anybody is `known` to have heard is told already.
    """
    if alert.level < Level.URGENT:
        return []
    told: dict[UUID, OnDuty] = {}
    for code in dict.fromkeys((*alert.told_at_once, *alert.support)):
        team = [person for target, persons in duty.by_target.items() if target.team_code == code for person in persons]
        if not any(person.person_id in known or person.person_id in told for person in team):
            free = (one for one in team if one.reachable and one.person_id not in alert.excluded_people)
            told |= {person.person_id: person for person in (next(free, None),) if person is not None}
    text = desk.support_text(alert, duty.number)
    return [Draft(person.person_id, person.phone, "support", text) for person in told.values()]


async def fire_if_exhausted(connection: AsyncConnection, alert: Alert, desk: Desk, why: str) -> Alert:
    """Fire the next step at once when everybody of the current one has declined or cannot be reached.

    The last step never fires early: it repeats on its clock, so that nobody is paged in a tight loop.
    """
    if alert.state != "open" or alert.step >= len(alert.steps) or await _somebody_may_answer(connection, alert):
        return alert
    return await fire_next_step(connection, alert, desk, why)


async def fire_if_emptied(connection: AsyncConnection, alert: Alert, desk: Desk) -> Alert:
    """Fire the next step at once when a revision has excluded whoever could answer; the last step repeats at once."""
    if alert.state != "open" or await _somebody_may_answer(connection, alert):
        return alert
    return await fire_next_step(connection, alert, desk, "excluded")


async def _somebody_may_answer(connection: AsyncConnection, alert: Alert) -> bool:
    """Tell whether somebody paged in the current step has neither declined nor turned out to be out of reach."""
    rows = await store.paged_people(connection, alert.report_id)
    current = [row for row in rows if (row["plan"], row["step"], row["round"]) == (alert.plan, alert.step, alert.round)]
    return any(row["declined_at"] is None and row["unreachable_at"] is None for row in current)


async def spent_people(connection: AsyncConnection, alert: Alert) -> frozenset[UUID]:
    """Return who has declined in the alert's present plan, or could not be reached."""
    rows = await store.paged_people(connection, alert.report_id)
    return frozenset(
        row["person_id"]
        for row in rows
        if row["plan"] == alert.plan and (row["declined_at"] is not None or row["unreachable_at"] is not None)
    )


def _fired(firing: Firing, why: str) -> Sequence[Entry]:
    skipped = [("step_skipped", None, {"step": step}) for step in firing.skipped]
    return *skipped, ("step_fired", None, {"step": firing.step, "why": why, "people": len(firing.people)})
