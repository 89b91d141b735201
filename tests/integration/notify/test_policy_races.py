"""Administrators who decide at the same moment: one policy is in force for a team and level, never two, never none."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.notify import policies
from services.notify.handlers.change_policy import PolicyRefusedError, decide_policy, propose_policy
from services.notify.rules.escalation import Position
from services.notify.rules.policy import Policy, PolicyStep, Seat
from shared.contracts.vocabulary import Level
from tests.integration.notify.world import World

PROPOSER, ONE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
FIRST = Policy(
    "social-*", Level.URGENT, timedelta(minutes=5), (PolicyStep(timedelta(), (Seat("social-*", Position.WORKER),)),)
)
SECOND = replace(FIRST, repeat=timedelta(minutes=6))
ROUNDS = 20


async def proposed(world: World, policy: Policy) -> int:
    async with world.database.transaction() as connection:
        return await propose_policy(
            connection,
            policy.team,
            policy.level,
            policy,
            note="theo quyết định 12",
            by=PROPOSER,
            now=world.clock.now(),
        )


async def accepted(world: World, version: int, by: UUID) -> bool:
    try:
        async with world.database.transaction() as connection:
            await decide_policy(connection, version, accept=True, by=by, now=world.clock.now())
    except PolicyRefusedError:
        return False
    return True


async def states(world: World) -> dict[int, str]:
    async with world.database.reading() as connection:
        return {row["version"]: row["state"] for row in await policies.all_policies(connection)}


@pytest.mark.parametrize("one_is_in_force", [False, True])
async def test_two_proposals_accepted_at_once_leave_one_in_force(world: World, *, one_is_in_force: bool) -> None:
    if one_is_in_force:
        assert await accepted(world, await proposed(world, FIRST), ONE)
    for _ in range(ROUNDS):
        two = await proposed(world, FIRST), await proposed(world, SECOND)
        assert all(await asyncio.gather(accepted(world, two[0], ONE), accepted(world, two[1], OTHER)))
        after = await states(world)
        assert sorted(after[version] for version in two) == ["active", "ended"]
        assert list(after.values()).count("active") == 1


async def test_a_form_sent_twice_at_once_is_one_proposal(world: World) -> None:
    one, same = await asyncio.gather(proposed(world, FIRST), proposed(world, FIRST))
    assert one == same
    assert await proposed(world, SECOND) != one
    assert await accepted(world, one, ONE)
    assert await proposed(world, FIRST) != one


async def test_one_proposal_accepted_twice_at_once_is_decided_once(world: World) -> None:
    for _ in range(ROUNDS):
        version = await proposed(world, FIRST)
        done = await asyncio.gather(accepted(world, version, ONE), accepted(world, version, OTHER))
        assert sorted(done) == [False, True]
        assert list((await states(world)).values()).count("active") == 1
