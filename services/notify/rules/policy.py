"""Escalation policies: what a province puts in the place of the built-in plan of a team and level.

A policy may page more people, sooner or in another order. It may not wait longer than the level allows: checks here
keep the floor of domain: routing and escalation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from services.notify.rules.escalation import REPEAT, Position, Step, Target
from shared.contracts.vocabulary import Level

ANYWHERE: Final = "-*"
"""Ends a team code that stands for this function's team of whichever commune the alert is about: `social-*`."""
PERSON: Final = "person:"
"""Begins a target that is one named person, by id."""
MOST_STEPS: Final = 10
MOST_TARGETS: Final = 10
CHANNELS: Final = ("sms", "voice", "email")
FIRST_ESCALATION: Final = {
    Level.IMMEDIATE: timedelta(minutes=10),
    Level.URGENT: timedelta(minutes=60),
    Level.PRIORITY: timedelta(hours=4),
    Level.ROUTINE: timedelta(days=5),
}
"""The second step is due no later than the time in which the level wants a human (ROUTINE: a working day, which holidays
can put five days away)."""

_TEAM: Final = re.compile(r"(province-[a-z-]+|[a-z]+-(\*|[0-9]{1,5}))")


@dataclass(frozen=True)
class Seat:
    """Whoever is on duty in a team; `position` null means both, the whole team together."""

    team: str
    position: Position | None


@dataclass(frozen=True)
class Named:
    """One person, on duty or not."""

    person_id: UUID


@dataclass(frozen=True)
class PolicyStep:
    """People to page together, `after` receipt; `channels` in order, none means each person's own.

    `all_must`: the alert counts as taken only when everybody of the step has acknowledged.
    """

    after: timedelta
    targets: tuple[Seat | Named, ...]
    all_must: bool = False
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    """The plan of a team (`social-9190`, `social-*`, `province-duty`) at a level; `repeat` of its last step."""

    team: str
    level: Level
    repeat: timedelta
    steps: tuple[PolicyStep, ...]


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a policy: `step` from 1, null for the whole; `reason` is a key of the page's words."""

    step: int | None
    reason: str


@dataclass(frozen=True)
class Plan:
    """What an alert follows, once and for all: the version it came from, its steps and its repeat."""

    version: int
    repeat: timedelta
    steps: tuple[Step, ...]


def checked(policy: Policy) -> tuple[Wrong, ...]:
    """Return everything that keeps a policy from being used."""
    whole = [
        (not _TEAM.fullmatch(policy.team), "team"),
        (not policy.steps, "no_steps"),
        (len(policy.steps) > MOST_STEPS, "too_many_steps"),
        (not timedelta(minutes=1) <= policy.repeat <= REPEAT[policy.level], "repeat"),
        (bool(policy.steps) and not _has_duty(policy.steps[-1]), "last_step_needs_duty"),
    ]
    return (
        *(Wrong(None, reason) for is_wrong, reason in whole if is_wrong),
        *(wrong for number, step in enumerate(policy.steps, 1) for wrong in _step_wrong(policy, number, step)),
    )


def _step_wrong(policy: Policy, number: int, step: PolicyStep) -> Sequence[Wrong]:
    before = policy.steps[number - 2].after if number > 1 else None
    teams = [target.team for target in step.targets if isinstance(target, Seat)]
    found = [
        (before is None and step.after != timedelta(), "first_step_at_once"),
        (before is not None and step.after <= before, "later_than_before"),
        (number == 2 and step.after > FIRST_ESCALATION[policy.level], "too_late"),  # noqa: PLR2004 - the second step
        (not step.targets, "no_targets"),
        (len(step.targets) > MOST_TARGETS, "too_many_targets"),
        (any(not _TEAM.fullmatch(team) for team in teams), "team"),
        (any(channel not in CHANNELS for channel in step.channels), "channel"),
        (len(set(step.channels)) < len(step.channels), "channel_twice"),
    ]
    return [Wrong(number, reason) for is_wrong, reason in found if is_wrong]


def _has_duty(step: PolicyStep) -> bool:
    return any(isinstance(target, Seat) for target in step.targets)


def scopes(lead: str) -> tuple[str, ...]:
    """Return the teams whose policies an alert led by `lead` may follow, the most particular first."""
    function, _, unit = lead.rpartition("-")
    return (lead, function + ANYWHERE) if unit.isdigit() else (lead,)


def plan_of(policy: Policy, version: int, unit_code: int | None) -> Plan | None:
    """Return a policy as the plan of one alert; None where it needs a commune and the alert has none."""
    steps: list[Step] = []
    for step in policy.steps:
        targets = [target for seat in step.targets for target in targets_of(seat, unit_code)]
        if not targets:
            return None
        steps.append(Step(step.after, tuple(targets), step.all_must, step.channels))
    return Plan(version, policy.repeat, tuple(steps))


def targets_of(seat: Seat | Named, unit_code: int | None) -> Sequence[Target]:
    """Return whom a target of a step means for a case of a commune; nobody where it needs a commune and there is none."""
    if isinstance(seat, Named):
        return [Target(f"{PERSON}{seat.person_id}", Position.WORKER)]
    if seat.team.endswith(ANYWHERE) and unit_code is None:
        return []
    team = f"{seat.team.removesuffix(ANYWHERE)}-{unit_code}" if seat.team.endswith(ANYWHERE) else seat.team
    return [Target(team, position) for position in ([seat.position] if seat.position else list(Position))]


def policy_document(policy: Policy) -> dict[str, Any]:
    """Return a policy as JSON; times are seconds."""
    return {
        "team": policy.team,
        "level": policy.level.name,
        "repeat": int(policy.repeat.total_seconds()),
        "steps": [
            {
                "after": int(step.after.total_seconds()),
                "all_must": step.all_must,
                "channels": list(step.channels),
                "targets": [
                    {"person": str(target.person_id)}
                    if isinstance(target, Named)
                    else {"team": target.team, "position": target.position.value if target.position else None}
                    for target in step.targets
                ],
            }
            for step in policy.steps
        ],
    }


def read_policy(document: dict[str, Any]) -> Policy:
    """Read what `policy_document` wrote; raises `ValueError` or `KeyError` for anything else."""
    return Policy(
        team=str(document["team"]),
        level=Level[document["level"]],
        repeat=timedelta(seconds=int(document["repeat"])),
        steps=tuple(
            PolicyStep(
                after=timedelta(seconds=int(step["after"])),
                targets=tuple(_read_target(target) for target in step["targets"]),
                all_must=bool(step["all_must"]),
                channels=tuple(str(channel) for channel in step["channels"]),
            )
            for step in document["steps"]
        ),
    )


def _read_target(target: dict[str, Any]) -> Seat | Named:
    if "person" in target:
        return Named(UUID(target["person"]))
    return Seat(str(target["team"]), Position(target["position"]) if target["position"] else None)


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return an alert's plan as JSON, to be stored with it."""
    return {
        "version": plan.version,
        "repeat": int(plan.repeat.total_seconds()),
        "steps": [
            {
                "after": int(step.after.total_seconds()),
                "targets": [[target.team_code, target.position.value] for target in step.targets],
                "all_must": step.all_must,
                "channels": list(step.channels),
            }
            for step in plan.steps
        ],
    }


def read_plan(document: dict[str, Any] | None) -> Plan | None:
    """Read what `plan_document` wrote; null is null."""
    if document is None:
        return None
    steps = [
        Step(
            timedelta(seconds=step["after"]),
            tuple(Target(code, Position(position)) for code, position in step["targets"]),
            step["all_must"],
            tuple(step["channels"]),
        )
        for step in document["steps"]
    ]
    return Plan(document["version"], timedelta(seconds=document["repeat"]), tuple(steps))
