"""Whom a case that is not there yet would page, from what triage foresees of it; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.models import people
from services.notify.queue_view import role_name
from services.notify.rules.escalation import OnDuty, Step, steps
from services.notify.store import Duty
from shared.contracts.preview import Chain, ChainAsked, ChainPerson, ChainStep


async def foreseen_chain(connection: AsyncConnection, asked: ChainAsked, now: datetime) -> Chain:
    """Return the steps that an alert of such a case would have, with whoever is on duty at `now` (aware)."""
    plan = steps(asked.level, asked.led_by, asked.unit_code, timedelta(minutes=asked.acknowledge_within))
    codes = {target.team_code for step in plan for target in step.targets}
    found = await store.who_is_on_duty(connection, codes, now)
    teams = await exclusion.codes_of(connection, asked.excluded_team_ids)
    duty = await exclusion.duty_without(connection, found, frozenset(asked.excluded_person_ids), teams)
    names = await _names(connection, duty)
    return Chain(
        steps=tuple(
            ChainStep(
                number=number,
                after_minutes=int(step.after.total_seconds() // 60),
                people=tuple(
                    ChainPerson(
                        name=names[one.person_id],
                        role=role_name(one.target.team_code, one.target.position),
                        reachable=one.reachable,
                    )
                    for one in _each_once(step, duty)
                ),
            )
            for number, step in enumerate(plan, 1)
        )
    )


def _each_once(step: Step, duty: Duty) -> Iterator[OnDuty]:
    """Give each person of a step in the first position that they have there, as they would be paged."""
    seen: set[UUID] = set()
    for target in step.targets:
        for one in duty.by_target.get(target, ()):
            if one.person_id not in seen:
                seen.add(one.person_id)
                yield one


async def _names(connection: AsyncConnection, duty: Duty) -> dict[UUID, str]:
    ids = {one.person_id for on_duty in duty.by_target.values() for one in on_duty}
    rows = await connection.execute(select(people.c.id, people.c.name).where(people.c.id.in_(ids)))
    return {row.id: row.name for row in rows}
