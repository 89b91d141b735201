"""Page the next people of an alert."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.contacts import usable_ways
from services.notify.handlers.alert_work import AlertWork, Entry
from services.notify.handlers.desk import Desk
from services.notify.records import Alert
from services.notify.rules.contact import ContactChannel
from services.notify.rules.escalation import Firing, OnDuty, choose, choose_last, next_due
from services.notify.store import Draft, Duty
from shared.contracts.vocabulary import Level

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Start:
    """The first step of a plan that reaches anybody (`firing` null: none does), and when the next one is due."""

    firing: Firing | None
    step: int
    due: datetime
    must_all: bool

    @classmethod
    def of(cls, alert: Alert, duty: Duty, now: datetime, *, since: datetime, spent: Collection[UUID] = ()) -> Start:
        """Choose; `since` is the moment from which the plan's times count."""
        firing = choose(alert.steps, 1, duty.by_target, alert.excluded_people, spent)
        if firing is None:
            return cls(None, len(alert.steps), now + alert.repeat, must_all=False)
        due = next_due(alert.steps, firing.step, alert.repeat, since, now)
        return cls(firing, firing.step, due, alert.steps[firing.step - 1].all_must)

    def columns(self, now: datetime) -> dict[str, Any]:
        """Return what the alert's row says of it; with nobody to page the alarm is on."""
        alarm_at = None if self.firing else now
        return {
            "step": self.step,
            "round": 0,
            "next_step_at": self.due,
            "alarm_at": alarm_at,
            "must_all": self.must_all,
        }

    def entries(self, why: str) -> Sequence[Entry]:
        """Return the timeline's entries."""
        if self.firing is None:
            return (("nobody_to_page", None, {"step": self.step}),)
        return _fired(self.firing, why)


async def duty_of(connection: AsyncConnection, alert: Alert, desk: Desk) -> Duty:
    """Return who is on duty now, and may have the alert, for every team of its plan and those it tells."""
    found = await _on_duty(connection, [alert], desk)
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
    drafts = _pages(alert, desk, start.firing, duty)
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
    (fired,) = await fire_next_steps(connection, [alert], desk, why)
    return fired


async def fire_next_steps(
    connection: AsyncConnection, alerts: Sequence[Alert], desk: Desk, why: str
) -> Sequence[Alert]:
    """Fire the next step of each of many alerts, in as many statements as for one; all are open and locked."""
    now = desk.clock.now()
    duty = await _on_duty(connection, alerts, desk)
    spent = await store.spent_people(connection, [alert for alert in alerts if not _is_last(alert)])
    done = AlertWork(now)
    for alert in alerts:
        allowed = await exclusion.allowed_duty(connection, alert, duty)
        _decide(alert, desk, allowed, spent.get(alert.report_id, frozenset()), why, done)
    await done.write(connection, desk)
    return done.alerts


def _decide(alert: Alert, desk: Desk, duty: Duty, spent: Collection[UUID], why: str, done: AlertWork) -> None:
    """Page the next step that reaches somebody; the last one, and a plan that reaches nobody further, repeats."""
    firing = None
    if not _is_last(alert):
        firing = choose(alert.steps, alert.step + 1, duty.by_target, alert.excluded_people, spent)
    if firing is None:
        _repeat_last(alert, desk, duty, why, done)
        return
    due = next_due(alert.steps, firing.step, alert.repeat, alert.received_at, done.now)
    changed = done.move(alert, step=firing.step, round_=0, due=due)
    done.note(changed, *_fired(firing, why))
    done.page(changed, firing.people, _pages(changed, desk, firing, duty))


def _repeat_last(alert: Alert, desk: Desk, duty: Duty, why: str, done: AlertWork) -> None:
    """Page the last step again, whoever declined before, and raise the alarm that a person must silence.

    Where the last step has nobody to page, the last one before it that has somebody is paged instead.
    """
    last = len(alert.steps)
    firing = choose_last(alert.steps, duty.by_target, alert.excluded_people)
    people = firing.people if firing else ()
    due = done.now + alert.repeat
    changed = done.move(alert, step=last, round_=alert.round + 1, due=due, alarm=True)
    detail = {"step": last, "round": changed.round, "why": why, "people": len(people)}
    done.note(changed, ("step_repeated" if people else "nobody_to_page", None, detail))
    done.page(changed, people, _pages(changed, desk, firing, duty))
    if desk.calls:
        done.call(changed, _calls(changed, desk, people, duty))


def _is_last(alert: Alert) -> bool:
    return alert.step >= len(alert.steps)


def _codes(alert: Alert) -> set[str]:
    """Return the teams of an alert's plan, and those it tells."""
    return {target.team_code for step in alert.steps for target in step.targets}.union(
        alert.support, alert.told_at_once
    )


async def _on_duty(connection: AsyncConnection, alerts: Sequence[Alert], desk: Desk) -> Duty:
    """Return who is on duty for the plans of alerts, whoever may have them."""
    codes = {code for alert in alerts for code in _codes(alert)}
    duty = await store.who_is_on_duty(connection, codes, desk.clock.now())
    if any(step.channels for alert in alerts for step in alert.steps):
        persons = {person.person_id for found in duty.by_target.values() for person in found}
        duty = replace(duty, ways=await usable_ways(connection, persons))
    return duty


def _pages(alert: Alert, desk: Desk, firing: Firing | None, duty: Duty) -> list[Draft]:
    """Return the message to everybody of a step, by its channels where it names some and the person has one of them."""
    if firing is None:
        return []
    channels = alert.steps[firing.step - 1].channels

    def draft(person: OnDuty) -> Draft:
        ways = duty.ways.get(person.person_id, {})
        asked = next((channel for channel in channels if channel in ways), None)
        address = ways[asked] if asked else person.address
        channel = ContactChannel(asked) if asked else person.channel or ContactChannel.SMS
        text = desk.page_text(alert, duty.number, duty.wording.of(person.language), channel)
        return Draft(person.person_id, address, "page", text, channel)

    return [draft(person) for person in firing.people]


def _calls(alert: Alert, desk: Desk, people: Collection[OnDuty], duty: Duty) -> list[Draft]:
    """Return a call to everybody who has a phone by which they are reached, unless a call is what pages them anyway."""
    by_sms = [person for person in people if person.channel is ContactChannel.SMS]
    return [
        Draft(
            person.person_id,
            person.address,
            "page",
            desk.page_text(alert, duty.number, duty.wording.of(person.language), ContactChannel.VOICE),
            ContactChannel.VOICE,
        )
        for person in by_sms
    ]


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
    return [
        Draft(
            person.person_id,
            person.address,
            "support",
            desk.support_text(alert, duty.number, duty.wording.of(person.language)),
            person.channel or ContactChannel.SMS,
        )
        for person in told.values()
    ]


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
    """Tell whether somebody paged in the current step has neither answered nor turned out to be out of reach.

    Where everybody has to acknowledge, whoever did so already cannot stand for somebody who declined.
    """
    rows = await store.paged_people(connection, alert.report_id)
    current = [row for row in rows if (row["plan"], row["step"], row["round"]) == (alert.plan, alert.step, alert.round)]
    done = ("declined_at", "unreachable_at", "acknowledged_at")
    return any(all(row[name] is None for name in done) for row in current)


def _fired(firing: Firing, why: str) -> Sequence[Entry]:
    skipped = [("step_skipped", None, {"step": step}) for step in firing.skipped]
    return *skipped, ("step_fired", None, {"step": firing.step, "why": why, "people": len(firing.people)})
