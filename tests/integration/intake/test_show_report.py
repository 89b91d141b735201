"""What a report says goes to those who work on its case, and every asking is kept."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.intake.handlers.show_report import NoSuchReportError, NotTheirsError, show_report
from services.intake.models import reads
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from tests.integration.intake.world import World, alert, assessed
from tests.unit.intake.documents import NAME, a_report

SUPERVISOR = Actor(UUID(int=71), frozenset({Role.SUPERVISOR}))
WORKER = Actor(UUID(int=72), frozenset({Role.WORKER}), frozenset({"social-9190"}))
STRANGER = Actor(UUID(int=73), frozenset({Role.WORKER}), frozenset({"social-9193"}))


async def kept(world: World) -> list[tuple[UUID, bool]]:
    async with world.database.reading() as connection:
        found = await connection.execute(reads.select().order_by(reads.c.id))
        return [(row.person_id, row.allowed) for row in found]


async def test_a_supervisor_reads_at_once_and_a_team_once_somebody_has_taken_the_case(world: World) -> None:
    created = await world.create(a_report(subject={"kind": "child", "name": NAME}))
    await world.assess(assessed(created))
    assert (await show_report(world.parts, created.report_id, SUPERVISOR))["narrative"]
    with pytest.raises(NotTheirsError):
        await show_report(world.parts, created.report_id, WORKER)
    await world.change_alert(alert(created, 1, state="acknowledged", acknowledged_by=uuid4()))
    found = await show_report(world.parts, created.report_id, WORKER)
    assert NAME in str(found)
    with pytest.raises(NotTheirsError):
        await show_report(world.parts, created.report_id, STRANGER)
    assert await kept(world) == [
        (SUPERVISOR.id, True),
        (WORKER.id, False),
        (WORKER.id, True),
        (STRANGER.id, False),
    ]


async def test_the_alleged_reads_nothing_whatever_their_role(world: World) -> None:
    created = await world.create(a_report())
    await world.assess(assessed(created, excluded_person_ids=[SUPERVISOR.id]))
    with pytest.raises(NotTheirsError):
        await show_report(world.parts, created.report_id, SUPERVISOR)


REPORTER = {"name": "Người Báo Tin", "phone": "0912345678"}


@pytest.mark.parametrize(
    "said",
    [
        {"share_identity": "unknown"},
        {"share_identity": "no"},
        {"share_identity": "yes", "anonymous": True},
    ],
)
async def test_who_told_is_hidden_unless_they_agreed(world: World, said: dict[str, object]) -> None:
    created = await world.create(a_report(reporter={**REPORTER, **said}))
    await world.assess(assessed(created))
    found = str(await show_report(world.parts, created.report_id, SUPERVISOR))
    assert "Người Báo Tin" not in found
    assert "12345678" not in found


async def test_who_told_is_shown_where_they_agreed(world: World) -> None:
    created = await world.create(a_report(reporter={**REPORTER, "share_identity": "yes", "anonymous": False}))
    await world.assess(assessed(created))
    assert "Người Báo Tin" in str(await show_report(world.parts, created.report_id, SUPERVISOR))


async def test_a_team_that_took_the_case_over_reads_it(world: World) -> None:
    created = await world.create(a_report())
    work = {"owner": "social-9193", "held_by": str(uuid4())}
    await world.assess(assessed(created, work=work))
    assert (await show_report(world.parts, created.report_id, STRANGER))["narrative"]


async def test_an_unknown_report_is_said_to_be_unknown(world: World) -> None:
    with pytest.raises(NoSuchReportError):
        await show_report(world.parts, uuid4(), SUPERVISOR)


@pytest.mark.parametrize("change", ["UPDATE intake.reads SET allowed = true", "DELETE FROM intake.reads"])
async def test_the_database_keeps_every_read(world: World, change: str) -> None:
    created = await world.create(a_report())
    await world.assess(assessed(created))
    await show_report(world.parts, created.report_id, SUPERVISOR)
    with pytest.raises(Exception, match="never changed"):
        async with world.database.transaction() as connection:
            await connection.execute(text(change))
