"""Whom a policy would page now, in one commune."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import store
from services.notify.policy_view import names_of
from services.notify.rules.escalation import OnDuty
from services.notify.rules.policy import Named, Policy, PolicyStep, Seat, plan_of, targets_of
from services.notify.store import Duty


@dataclass(frozen=True)
class Reached:
    """Somebody whom a step would page; not `reachable` without a verified number that is known to work."""

    name: str
    reachable: bool


@dataclass(frozen=True)
class SeenStep:
    """A step as it would be now; `empty` are its targets for whom nobody is on duty."""

    number: int
    step: PolicyStep
    people: tuple[Reached, ...]
    empty: tuple[Seat | Named, ...]

    @property
    def skipped(self) -> bool:
        """Whether it reaches nobody, so that the next step comes at once."""
        return not any(person.reachable for person in self.people)


@dataclass(frozen=True)
class Preview:
    """Who would be paged; `usable` false where the policy needs a commune and there is none."""

    usable: bool
    steps: tuple[SeenStep, ...] = ()

    @property
    def nobody(self) -> bool:
        """Whether no step reaches anybody."""
        return all(step.skipped for step in self.steps)


async def load_preview(connection: AsyncConnection, policy: Policy, unit_code: int | None, now: datetime) -> Preview:
    """Return whom a policy would page for a case of a commune that came in now."""
    plan = plan_of(policy, 0, unit_code)
    if plan is None:
        return Preview(usable=False)
    codes = {target.team_code for step in plan.steps for target in step.targets}
    duty = await store.who_is_on_duty(connection, codes, now)
    names = await names_of(connection, {one.person_id for found in duty.by_target.values() for one in found})
    steps = (_seen(number, step, unit_code, duty, names) for number, step in enumerate(policy.steps, 1))
    return Preview(usable=True, steps=tuple(steps))


def _seen(number: int, step: PolicyStep, unit_code: int | None, duty: Duty, names: Mapping[UUID, str]) -> SeenStep:
    found = [(target, _on_duty(target, unit_code, duty)) for target in step.targets]
    people = {one.person_id: Reached(names[one.person_id], one.reachable) for _, ones in found for one in ones}
    return SeenStep(number, step, tuple(people.values()), tuple(target for target, ones in found if not ones))


def _on_duty(target: Seat | Named, unit_code: int | None, duty: Duty) -> Sequence[OnDuty]:
    return [one for each in targets_of(target, unit_code) for one in duty.by_target.get(each, ())]
