"""Whom an alert pages, and when (domain: routing and escalation).

Only a human acknowledgement ends escalation. Steps are numbered from 1; the last one repeats until someone answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from services.notify.rules.contact import ContactChannel
from shared.contracts.teams import Function, commune_team, province_team
from shared.contracts.vocabulary import Level, Where


class Position(StrEnum):
    """What a person is in a team."""

    WORKER = "worker"
    HEAD = "head"


@dataclass(frozen=True)
class Target:
    """A position in a team; whoever is on duty there is paged."""

    team_code: str
    position: Position


@dataclass(frozen=True)
class Step:
    """People to page together, `after` the receipt of the report.

    `all_must`: only when all of them have acknowledged has the alert been taken. `channels` in order; none means
    each person's own.
    """

    after: timedelta
    targets: tuple[Target, ...]
    all_must: bool = False
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnDuty:
    """A person on duty for a target, with the first contact that reaches them; `channel` null: there is none."""

    person_id: UUID
    target: Target
    address: str
    channel: ContactChannel | None
    language: str = "vi"

    @property
    def reachable(self) -> bool:
        """Whether they have a verified contact, of a channel that can be sent, that is not known to fail."""
        return self.channel is not None


@dataclass(frozen=True)
class Firing:
    """A step that pages somebody; `skipped` are the steps (from 1) that had nobody to page and were passed at once."""

    step: int
    people: tuple[OnDuty, ...]
    skipped: tuple[int, ...]


REPEAT = {
    Level.IMMEDIATE: timedelta(minutes=10),
    Level.URGENT: timedelta(minutes=10),
    Level.PRIORITY: timedelta(hours=4),
    Level.ROUTINE: timedelta(hours=4),
}
"""How often the last step repeats."""

_PROVINCE_DUTY = Target(province_team(Function.DUTY), Position.WORKER)
_PROVINCE_HEAD = Target(province_team(Function.DUTY), Position.HEAD)
_PROVINCE_POLICE = Target(province_team(Function.POLICE), Position.WORKER)
_COMMITTEE = Target(province_team(Function.COMMITTEE), Position.HEAD)


@lru_cache(maxsize=4096)
def steps(level: Level, where: Where, unit_code: int | None, acknowledge_within: timedelta) -> tuple[Step, ...]:
    """Return the plan of an alert; `acknowledge_within` is the time from receipt to its deadline for taking it.

    At ROUTINE that is the end of the first working day. A PRIORITY case that must be read sooner than in four
    hours (R29: nobody understands it) goes to the head when that time is over.

    A case of the province, or of an unknown place, starts at the province's duty desk.
    """
    if where is Where.PROVINCE or unit_code is None:
        return _province_steps(level, acknowledge_within)
    return _commune_steps(level, unit_code, acknowledge_within)


def _commune_steps(level: Level, unit_code: int, acknowledge_within: timedelta) -> tuple[Step, ...]:
    worker = Target(commune_team(Function.SOCIAL, unit_code), Position.WORKER)
    head = Target(commune_team(Function.SOCIAL, unit_code), Position.HEAD)
    police = Target(commune_team(Function.POLICE, unit_code), Position.WORKER)
    chair = Target(commune_team(Function.LEADERS, unit_code), Position.HEAD)
    match level:
        case Level.IMMEDIATE:
            return (
                Step(timedelta(), (worker, head, police)),
                Step(timedelta(minutes=10), (chair, _PROVINCE_DUTY)),
                Step(timedelta(minutes=20), (_COMMITTEE,)),
            )
        case Level.URGENT:
            return (
                Step(timedelta(), (worker,)),
                Step(timedelta(minutes=30), (head,)),
                Step(timedelta(minutes=60), (_PROVINCE_DUTY,)),
                Step(timedelta(hours=2), (_COMMITTEE,)),
            )
        case Level.PRIORITY:
            return (
                Step(timedelta(), (worker,)),
                Step(min(timedelta(hours=4), acknowledge_within), (head,)),
                Step(timedelta(hours=24), (_PROVINCE_DUTY,)),
            )
        case Level.ROUTINE:
            return (Step(timedelta(), (worker,)), Step(acknowledge_within, (head,)))


def _province_steps(level: Level, acknowledge_within: timedelta) -> tuple[Step, ...]:
    match level:
        case Level.IMMEDIATE:
            return (
                Step(timedelta(), (_PROVINCE_DUTY, _PROVINCE_HEAD, _PROVINCE_POLICE)),
                Step(timedelta(minutes=10), (_COMMITTEE,)),
            )
        case Level.URGENT:
            return (
                Step(timedelta(), (_PROVINCE_DUTY,)),
                Step(timedelta(minutes=30), (_PROVINCE_HEAD,)),
                Step(timedelta(minutes=60), (_PROVINCE_POLICE,)),
                Step(timedelta(hours=2), (_COMMITTEE,)),
            )
        case Level.PRIORITY:
            return (
                Step(timedelta(), (_PROVINCE_DUTY,)),
                Step(min(timedelta(hours=4), acknowledge_within), (_PROVINCE_HEAD,)),
                Step(timedelta(hours=24), (_PROVINCE_POLICE,)),
            )
        case Level.ROUTINE:
            return (Step(timedelta(), (_PROVINCE_DUTY,)), Step(acknowledge_within, (_PROVINCE_HEAD,)))


def choose(
    plan: Sequence[Step],
    first: int,
    on_duty: Mapping[Target, Sequence[OnDuty]],
    excluded: Collection[UUID] = (),
    spent: Collection[UUID] = (),
) -> Firing | None:
    """Return the first step from `first` (from 1) that reaches somebody; None when none does.

    `excluded` are people who must never hear of the case; `spent` those who declined it or could not be reached.
    A person in two targets is paged once.
    """
    skipped: list[int] = []
    for number in range(first, len(plan) + 1):
        found: dict[UUID, OnDuty] = {}
        for target in plan[number - 1].targets:
            for person in on_duty.get(target, ()):
                if person.reachable and person.person_id not in excluded and person.person_id not in spent:
                    found.setdefault(person.person_id, person)
        if found:
            return Firing(number, tuple(found.values()), tuple(skipped))
        skipped.append(number)
    return None


def choose_last(
    plan: Sequence[Step], on_duty: Mapping[Target, Sequence[OnDuty]], excluded: Collection[UUID] = ()
) -> Firing | None:
    """Return the last step that reaches somebody, to be repeated; None when none of the plan does."""
    firings = (choose(plan[:number], number, on_duty, excluded) for number in range(len(plan), 0, -1))
    return next((firing for firing in firings if firing is not None), None)


def next_due(plan: Sequence[Step], fired: int, repeat: timedelta, received_at: datetime, now: datetime) -> datetime:
    """Return when the step after `fired` (from 1) is due, or the repeat of the last one, `repeat` later.

    A step that fired early, since everybody declined, brings the next one forward by its own gap. After an outage
    the next step keeps its planned moment, or its gap when that moment has passed too, so that whoever was just
    paged has time to answer.
    """
    if fired >= len(plan):
        return now + repeat
    gap = plan[fired].after - plan[fired - 1].after
    planned = received_at + plan[fired].after
    return min(planned, now + gap) if planned > now else now + gap
