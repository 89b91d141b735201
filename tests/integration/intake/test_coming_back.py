"""Assessments and alerts come back in any order, more than once, and the newest stays."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.intake.handlers.answer_request import Created
from services.intake.rules.status import Status
from services.intake.store import recent_reports
from shared.contracts.events import AlertChanged, CaseAssessed
from shared.contracts.vocabulary import Level
from tests.integration.intake.world import OPERATOR, World, alert, assessed
from tests.unit.intake.documents import ARRIVAL, a_report

WORKER = UUID(int=41)
ACKNOWLEDGED_AT = datetime(2026, 11, 28, 7, 30, tzinfo=UTC)


def changes(created: Created) -> list[AlertChanged]:
    """An alert's whole life."""
    by = {"acknowledged_by": WORKER, "acknowledged_at": ACKNOWLEDGED_AT}
    return [
        alert(created, 1, paged=0),
        alert(created, 2),
        alert(created, 3, step=2, paged=3),
        alert(created, 4, step=2, paged=3, state="acknowledged", **by),
        alert(created, 5, step=2, paged=3, state="closed", **by),
    ]


def assessments(created: Created) -> list[CaseAssessed]:
    """A first assessment, one after a person raised the level, one of a correction."""
    return [
        assessed(created, level="PRIORITY"),
        assessed(created, sequence=2, later=timedelta(minutes=3), level="URGENT"),
        assessed(created, revision=2, sequence=3, later=timedelta(minutes=2), level="IMMEDIATE"),
    ]


async def test_report_walks_through_its_stations(world: World) -> None:
    created = await world.create(a_report())
    stations = [(await world.status(created.report_id)).status]
    await world.assess(assessed(created))
    stations.append((await world.status(created.report_id)).status)
    for change in changes(created):
        await world.change_alert(change)
        stations.append((await world.status(created.report_id)).status)
    assert stations == [
        Status.RECEIVED,
        Status.ASSESSED,
        Status.ASSESSED,
        Status.PAGED,
        Status.PAGED,
        Status.ACKNOWLEDGED,
        Status.CLOSED,
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
async def test_assessment_of_the_newest_revision_stays(world: World, order: Sequence[int]) -> None:
    created = await world.create(a_report())
    for place in order:
        await world.assess(assessments(created)[place])
    found = await world.status(created.report_id)
    assert found.level is Level.IMMEDIATE


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1)], ids=str)
async def test_later_assessment_of_the_same_revision_stays(world: World, order: Sequence[int]) -> None:
    created = await world.create(a_report())
    for place in order:
        await world.assess(assessments(created)[place])
    assert (await world.status(created.report_id)).level is Level.URGENT


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 0, 4, 1, 3), (0, 4, 0, 4, 3)], ids=str)
async def test_last_change_of_the_alert_stays(world: World, order: Sequence[int]) -> None:
    created = await world.create(a_report())
    for place in order:
        await world.change_alert(changes(created)[place])
    found = await world.status(created.report_id)
    assert found.alert is not None
    assert (found.alert.state, found.alert.step) == ("closed", 2)
    assert (found.alert.acknowledged_by, found.alert.acknowledged_at) == (WORKER, ACKNOWLEDGED_AT)


async def test_alert_that_overtakes_the_assessment_is_kept(world: World) -> None:
    created = await world.create(a_report())
    await world.change_alert(alert(created, 2))
    await world.assess(assessed(created))
    found = await world.status(created.report_id)
    assert (found.status, found.level) == (Status.PAGED, Level.URGENT)


async def test_news_of_an_unknown_report_changes_nothing(world: World) -> None:
    created = await world.create(a_report())
    stranger = Created(UUID(int=404), "X1X111", "")
    await world.assess(assessed(stranger))
    await world.change_alert(alert(stranger, 1))
    assert (await world.status(created.report_id)).status is Status.RECEIVED


async def test_operator_sees_the_newest_of_their_own_reports(world: World) -> None:
    await world.create(a_report(), "of another")
    mine = []
    for number in range(3):
        world.clock.advance(timedelta(minutes=1))
        mine.append(await world.create(a_report(), f"mine {number}", OPERATOR))
    adult = a_report(subject={"kind": "adult"}, children_in_home=[{}, {}])
    world.clock.advance(timedelta(minutes=1))
    mine.append(await world.create(adult, "adult", OPERATOR))
    async with world.database.reading() as connection:
        own = await recent_reports(connection, submitted_by=OPERATOR.id)
        newest = await recent_reports(connection, limit=2)
        everybodys = await recent_reports(connection)
    assert [found.report_id for found in own] == [created.report_id for created in reversed(mine)]
    assert [found.report_id for found in newest] == [mine[3].report_id, mine[2].report_id]
    assert len(everybodys) == 5
    assert everybodys[-1].arrived_at == ARRIVAL
