"""The sample's rotations on a real database: one on duty a position, nobody told at the start, repeats change nothing."""

from __future__ import annotations

from sqlalchemy import func, select

from deploy.demo.organisation import PEOPLE, TEAMS
from deploy.demo.rotations import SECONDS, plan_rotations
from services.notify.handlers.load_organisation import load_organisation, load_people
from services.notify.handlers.tell_handover import tell_handover
from services.notify.models import PLANS
from services.notify.rules.escalation import Position, Target
from tests.integration.notify.test_duty import who
from tests.integration.notify.world import NOON, World


async def load(world: World) -> None:
    async with world.database.transaction() as connection:
        await load_people(connection, SECONDS, NOON)
        await load_organisation(connection, TEAMS, PEOPLE, world.clock.now())
        await plan_rotations(connection, world.clock.now())


async def test_one_is_on_duty_and_nobody_is_told_at_the_start(world: World) -> None:
    await load(world)
    assert await tell_handover(world.database, world.desk) == 0
    for person in SECONDS:
        target = Target(person.team_code, Position.WORKER)
        assert len(await who(world, NOON, target)) == 1
    await load(world)
    async with world.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(PLANS.rotations)) == 5
