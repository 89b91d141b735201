from __future__ import annotations

import asyncio
from datetime import timedelta

from services.triage.handlers.republish_unpaged import BATCH
from services.triage.models import cases
from shared.contracts.vocabulary import Level
from tests.integration.triage.world import World, alert
from tests.unit.triage.reports import RECEIVED, a_report

SOON = timedelta(seconds=1)
HALF_A_MINUTE = timedelta(seconds=30)


async def test_case_whose_alert_came_back_is_left_alone(world: World) -> None:
    report = a_report()
    await world.assess(report)
    await world.record(alert(report))
    assert await world.waits(report.report_id) is None
    assert await world.republish() == 0
    assert len(world.told) == 1


async def test_case_is_not_published_again_before_half_a_minute(world: World) -> None:
    await world.assess(a_report())
    await world.pass_time(timedelta(seconds=15))
    assert await world.republish() == 0


async def test_overdue_case_is_told_again_with_a_new_event_id_and_all_else_equal(world: World) -> None:
    report = a_report(facts={"danger_now": "yes"}, concerns=["sexual"], submitted_by=None)
    await world.assess(report)
    await world.pass_time(HALF_A_MINUTE + SOON)
    world.clock.advance(HALF_A_MINUTE)
    assert await world.republish() == 1
    first, again = world.told
    assert again.event_id != first.event_id
    assert again.occurred_at == RECEIVED + HALF_A_MINUTE
    same = {"event_id", "occurred_at"}
    assert again.model_dump(exclude=same) == first.model_dump(exclude=same)


async def test_wait_doubles_with_each_try_up_to_ten_minutes(world: World) -> None:
    report = a_report()
    await world.assess(report)
    waits = []
    for _ in range(7):
        await world.pass_time(timedelta(hours=1))
        assert await world.republish() == 1
        left = await world.waits(report.report_id)
        assert left is not None
        waits.append(round(left.total_seconds() / 60))
    assert waits == [1, 2, 4, 8, 10, 10, 10]


async def test_alert_at_a_lower_level_does_not_end_the_wait_for_a_raised_one(world: World) -> None:
    report = a_report()
    await world.assess(report)
    await world.record(alert(report, sequence=1))
    await world.assess(a_report(report_id=report.report_id, revision=2, facts={"danger_now": "yes"}))
    await world.record(alert(report, sequence=2, step=2))
    await world.pass_time(HALF_A_MINUTE + SOON)
    assert await world.republish() == 1
    assert world.told[-1].level is Level.IMMEDIATE
    await world.record(alert(report, sequence=3, level="IMMEDIATE"))
    assert await world.waits(report.report_id) is None


async def test_revision_of_the_same_level_does_not_wait_again(world: World) -> None:
    report = a_report()
    await world.assess(report)
    await world.record(alert(report))
    await world.assess(a_report(report_id=report.report_id, revision=2))
    assert await world.waits(report.report_id) is None


async def test_closed_alert_ends_the_wait_whatever_its_level(world: World) -> None:
    report = a_report()
    await world.assess(report)
    await world.record(alert(report, state="closed", level="ROUTINE"))
    assert await world.waits(report.report_id) is None


async def test_superseded_alert_change_does_not_end_the_wait(world: World) -> None:
    report = a_report()
    await world.assess(report)
    await world.record(alert(report, sequence=5, level="PRIORITY"), alert(report, sequence=4, level="URGENT"))
    assert await world.waits(report.report_id) is not None


async def test_instances_share_the_overdue_cases_and_none_is_told_twice(world: World) -> None:
    reports = [a_report() for _ in range(BATCH + 20)]
    await world.assess(*reports)
    await world.pass_time(HALF_A_MINUTE + SOON)
    counts = await asyncio.gather(*(world.republish() for _ in range(3)))
    assert sum(counts) == len(reports)
    again = world.told[len(reports) :]
    assert {event.report_id for event in again} == {report.report_id for report in reports}
    assert len(again) == len(reports)


async def test_case_that_another_instance_holds_is_passed_over(world: World) -> None:
    await world.assess(a_report(), a_report())
    await world.pass_time(HALF_A_MINUTE + SOON)
    held = world.told[0].report_id
    async with world.database.transaction() as connection:
        await connection.execute(cases.select().where(cases.c.report_id == held).with_for_update())
        assert await world.republish() == 1
    assert await world.republish() == 1


async def test_report_of_a_child_at_an_adults_home_waits_for_no_alert(world: World) -> None:
    adult = a_report(subject_kind="adult")
    child = a_report(case_code=adult.case_code, derived_from=adult.report_id)
    await world.assess(adult, child)
    assert await world.waits(adult.report_id) is not None
    assert await world.waits(child.report_id) is None
