"""A case that a linked report raised: a new state of it, though its own report says what it said."""

from __future__ import annotations

from shared.contracts.events import CaseAssessed
from shared.contracts.vocabulary import Level
from tests.integration.notify.world import World, revised


def raised(event: CaseAssessed, level: Level) -> CaseAssessed:
    """The next state of a case at the same revision of its report."""
    return revised(event, level).model_copy(update={"revision": event.revision})


async def test_a_linked_raise_pages_again_once_and_its_own_revision_pages_nobody(world: World) -> None:
    event = await world.open(Level.PRIORITY)
    world.expect("worker")
    graver = raised(event, Level.IMMEDIATE)
    await world.hear(graver)
    await world.work()
    world.expect("worker", "head", "police")
    assert "level_raised" in await world.story(event.case_code)
    await world.hear(revised(graver))
    await world.work()
    world.silence()
    assert (await world.alert(event.case_code))["level"] == "IMMEDIATE"


async def test_a_link_to_a_case_that_is_no_graver_pages_nobody(world: World) -> None:
    event = await world.open(Level.URGENT)
    world.expect("worker")
    await world.hear(revised(event))
    await world.hear(raised(revised(event), Level.PRIORITY))
    await world.work()
    world.silence()
    assert (await world.alert(event.case_code))["level"] == "URGENT"
