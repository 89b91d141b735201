"""People who act at the same moment: one outcome, nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.notify.handlers import change_alert
from services.notify.handlers.acknowledge import acknowledge
from services.notify.handlers.change_alert import Act
from services.notify.records import AlertClosedError, PersonExcludedError
from shared.contracts.vocabulary import Level
from tests.integration.notify.world import ID, World, assessed, revised

Verb = Callable[..., Awaitable[Any]]
TIMES = 200
AT_ONCE = 10


async def act(world: World, verb: Verb, code: str, who: str) -> Any:
    """Act as the edges do: what is recorded about a closed case is committed."""
    async with world.database.transaction() as connection:
        try:
            return await verb(connection, world.desk, Act(code, ID[who], "page"))
        except AlertClosedError as error:
            return error


async def many(world: World, level: Level, race: Callable[[str], Awaitable[None]]) -> None:
    """Run a race for many alerts, some at a time."""
    codes = []
    for _ in range(TIMES):
        event = assessed(level)
        await world.hear(event)
        codes.append(event.case_code)
    for start in range(0, TIMES, AT_ONCE):
        await asyncio.gather(*(race(code) for code in codes[start : start + AT_ONCE]))


async def test_acknowledging_and_closing_at_once_closes_and_records_both(world: World) -> None:
    async def race(code: str) -> None:
        await asyncio.gather(act(world, acknowledge, code, "worker"), act(world, change_alert.close, code, "head"))
        alert = await world.alert(code)
        assert alert["state"] == "closed"
        story = {entry["what"] for entry in alert["timeline"]}
        assert "closed" in story
        assert story & {"acknowledged", "tried_when_closed"}

    await many(world, Level.IMMEDIATE, race)


async def test_two_acknowledgements_at_once_have_one_winner(world: World) -> None:
    async def race(code: str) -> None:
        outcomes = await asyncio.gather(
            act(world, acknowledge, code, "worker"), act(world, acknowledge, code, "police")
        )
        assert sorted(outcome.first for outcome in outcomes) == [False, True]
        assert outcomes[0].alert.acknowledged_by == outcomes[1].alert.acknowledged_by
        story = await world.story(code)
        assert story.count("acknowledged") == story.count("acknowledged_again") == 1

    await many(world, Level.IMMEDIATE, race)


async def test_all_declining_at_once_fires_the_next_step_once(world: World) -> None:
    async def race(code: str) -> None:
        await asyncio.gather(*(act(world, change_alert.decline, code, who) for who in ("worker", "head", "police")))
        alert = await world.alert(code)
        assert alert["step"] == 2
        assert [page["step"] for page in alert["paged"]] == [1, 1, 1, 2, 2]

    await many(world, Level.IMMEDIATE, race)


async def test_acknowledging_while_a_graver_revision_comes_never_leaves_the_case_without_anybody(world: World) -> None:
    async def race(number: int) -> None:
        event = assessed(Level.PRIORITY)
        await world.hear(event)
        await asyncio.gather(
            world.hear(revised(event, Level.IMMEDIATE)), act(world, acknowledge, event.case_code, "worker")
        )
        alert = await world.alert(event.case_code)
        assert alert["level"] == "IMMEDIATE"
        assert alert["state"] == "open" or alert["acknowledged_by"] == str(ID["worker"])

    for start in range(0, 50, AT_ONCE):
        await asyncio.gather(*(race(start + number) for number in range(AT_ONCE)))


async def test_two_revisions_at_once_end_at_the_newer(world: World) -> None:
    for _ in range(20):
        first = assessed(Level.ROUTINE)
        second = revised(first, Level.PRIORITY)
        third = revised(second, Level.IMMEDIATE)
        await asyncio.gather(world.hear(third), world.hear(first), world.hear(second))
        assert (await world.alert(first.case_code))["level"] == "IMMEDIATE"


async def test_whoever_must_not_have_a_case_cannot_be_given_it(world: World) -> None:
    event = assessed(Level.URGENT, excluded_person_ids=(ID["head"],))
    await world.hear(event)
    with pytest.raises(PersonExcludedError):
        await act(world, acknowledge, event.case_code, "head")
    assert (await world.alert(event.case_code))["state"] == "open"
