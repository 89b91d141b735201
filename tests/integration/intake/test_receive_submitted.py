"""Reports from the event bus go the same way, once; what cannot be read is kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from services.intake.models import dead_letters
from tests.integration.intake.world import World, submitted
from tests.unit.intake.documents import a_report


async def test_submitted_report_is_stored_and_told_under_its_walk(world: World) -> None:
    await world.submit(submitted(a_report(channel="partner", place={"incident": {"unit_code": 9190}})))
    (event,) = world.told
    assert (event.correlation_id, event.incident_unit_code, event.submitted_by) == ("from-outside", 9190, None)
    assert (await world.status(event.report_id)).channel == "partner"


async def test_same_event_again_changes_nothing(world: World) -> None:
    event = submitted(a_report())
    await world.submit(event)
    await world.submit(event)
    assert (await world.count("reports"), len(world.told)) == (1, 1)


async def test_other_event_with_the_same_external_id_and_content_changes_nothing(world: World) -> None:
    for _ in range(2):
        await world.submit(submitted(a_report(external_id="HL-1")))
    assert (await world.count("reports"), len(world.told)) == (1, 1)


async def test_other_content_under_the_same_external_id_is_a_correction(world: World) -> None:
    await world.submit(submitted(a_report(external_id="HL-1")))
    await world.submit(submitted(a_report(external_id="HL-1", concerns=["neglect"])))
    assert [event.revision for event in world.told] == [1, 2]
    assert await world.count("reports") == 1


async def test_two_events_that_say_the_same_without_an_external_id_are_two_reports(world: World) -> None:
    for _ in range(2):
        await world.submit(submitted(a_report()))
    assert await world.count("reports") == 2


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        ({}, {"channel", "narrative"}),
        ({"channel": "hotline"}, {"narrative"}),
        ({"channel": "x", "facts": {"runaway": 7}}, {"channel", "facts.runaway"}),
        ({"channel": "web", "narrative": "x", "place": {"incident": {"unit_code": 27}}}, {"place.incident.unit_code"}),
        ({"channel": "web", "narrative": "x" * 20_001}, {"narrative"}),
    ],
)
async def test_unreadable_report_is_kept_once_with_its_reasons(
    world: World, document: dict[str, Any], wrong: set[str]
) -> None:
    event = submitted(document)
    await world.submit(event)
    await world.submit(event)
    async with world.database.reading() as connection:
        row = (await connection.execute(select(dead_letters))).mappings().one()
    assert {reason["field"] for reason in row["reasons"]} == wrong
    assert (row["event_id"], row["correlation_id"]) == (event.event_id, "from-outside")
    assert (await world.count("reports"), world.told) == (0, [])
