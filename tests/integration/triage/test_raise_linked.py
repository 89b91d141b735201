"""Reports that a person linked: every case of the group takes the highest level, once, whoever comes first."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.triage.handlers.set_coverage import set_coverage
from services.triage.models import cases
from shared.contracts.events import CaseAssessed, ReportReceived
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Level
from tests.integration.triage.office import CaseOffice
from tests.integration.triage.world import World, alert
from tests.unit.triage.reports import RECEIVED, WARD, a_report

GRAVE = {"facts": {"danger_now": "yes"}}
URGENT = {"facts": {"danger_now": "unknown"}}
MILD = {"facts": {"danger_now": "no", "with_safe_adult": "yes"}}


def linked(report: ReportReceived, *others: ReportReceived, **said: Any) -> ReportReceived:
    """The next revision of a report, linked to others."""
    return report.model_copy(
        update={
            "revision": report.revision + 1,
            "linked_report_ids": tuple(other.report_id for other in others),
            **said,
        }
    )


async def levels(world: World, *reports: ReportReceived) -> list[str]:
    return [(await world.case(report.report_id))["level"] for report in reports]


def told_of(world: World, report: ReportReceived) -> list[CaseAssessed]:
    return [event for event in world.told if event.report_id == report.report_id]


async def test_graver_report_raises_the_case_it_is_linked_to(world: World) -> None:
    old, new = a_report(**MILD), a_report(received_at=RECEIVED + timedelta(hours=1), **GRAVE)
    await world.assess(old, new)
    world.clock.advance(timedelta(hours=2))
    await world.assess(linked(new, old))
    assert await levels(world, old, new) == ["IMMEDIATE", "IMMEDIATE"]
    case = await world.case(old.report_id)
    assert (case["sequence"], case["cause"], case["revision"], case["rule_level"]) == (2, "linked", 1, "PRIORITY")
    assert case["acknowledge_by"] == RECEIVED + timedelta(minutes=10)
    assert case["assessed_at"] == world.clock.now()
    raised = told_of(world, old)[-1]
    assert (raised.sequence, raised.level, raised.revision) == (2, Level.IMMEDIATE, 1)
    assert raised.clocks.acknowledge_by == case["acknowledge_by"]
    assert raised.model_dump(mode="json")["route"] == case["route"]
    history = await world.history(old.report_id)
    assert sorted((kept["sequence"], kept["cause"], kept["level"]) for kept in history) == [
        (1, "revision", "PRIORITY"),
        (2, "linked", "IMMEDIATE"),
    ]
    newest = max(history, key=lambda kept: kept["sequence"])
    assert newest == {name: case[name] for name in newest}


async def test_linked_report_takes_the_level_of_the_graver_case(world: World) -> None:
    old, new = a_report(**GRAVE), a_report(received_at=RECEIVED + timedelta(hours=1), **MILD)
    await world.assess(old, new, linked(new, old))
    assert await levels(world, old, new) == ["IMMEDIATE", "IMMEDIATE"]
    assert (await world.case(new.report_id))["acknowledge_by"] == RECEIVED + timedelta(hours=1, minutes=10)
    assert [event.level for event in told_of(world, new)] == [Level.PRIORITY, Level.IMMEDIATE]
    assert len(told_of(world, old)) == 1


async def test_both_revisions_of_a_link_in_any_order_give_the_same(world: World) -> None:
    for turned in (False, True):
        old, new = a_report(**MILD), a_report(**GRAVE)
        await world.assess(old, new)
        both = [linked(old, new), linked(new, old)]
        await world.assess(*(reversed(both) if turned else both))
        assert await levels(world, old, new) == ["IMMEDIATE", "IMMEDIATE"]
        assert (await world.case(old.report_id))["revision"] == (await world.case(new.report_id))["revision"] == 2


async def test_equal_levels_raise_nothing(world: World) -> None:
    old, new = a_report(**URGENT), a_report(**URGENT)
    await world.assess(old, new, linked(new, old), linked(old, new))
    assert [len(told_of(world, report)) for report in (old, new)] == [2, 2]


async def test_chain_of_three_is_raised_whole_and_once(world: World) -> None:
    first, second, third = a_report(**MILD), a_report(**URGENT), a_report(**GRAVE)
    await world.assess(first, second, third)
    await world.assess(linked(third, first, second))
    assert await levels(world, first, second, third) == ["IMMEDIATE"] * 3
    told = len(world.told)
    await world.assess(linked(first, second, third), linked(second, first, third))
    assert len(world.told) == told + 2
    assert [(await world.case(report.report_id))["sequence"] for report in (first, second, third)] == [3, 3, 2]


async def test_grave_case_raises_another_through_a_mild_one(world: World) -> None:
    first, grave, mild = a_report(**MILD), a_report(**GRAVE), a_report(**MILD)
    await world.assess(first, grave, mild)
    await world.assess(linked(mild, first, grave))
    assert await levels(world, first, grave, mild) == ["IMMEDIATE"] * 3


async def test_later_facts_of_one_raise_the_others(world: World) -> None:
    old, new = a_report(**MILD), a_report(**MILD)
    await world.assess(old, new, linked(new, old))
    graver = linked(linked(new, old), old, facts=a_report(**GRAVE).facts)
    await world.assess(graver)
    assert await levels(world, old, new) == ["IMMEDIATE", "IMMEDIATE"]


async def test_link_to_a_report_that_is_not_assessed_yet_takes_effect_with_it(world: World) -> None:
    old, new = a_report(**MILD), a_report(**GRAVE)
    await world.assess(linked(old, new))
    assert await levels(world, old) == ["PRIORITY"]
    await world.assess(linked(new, old))
    assert await levels(world, old, new) == ["IMMEDIATE", "IMMEDIATE"]


async def test_closed_case_is_not_raised_but_gives_its_level(world: World) -> None:
    old, other, new = a_report(**GRAVE), a_report(**MILD), a_report(**MILD)
    await world.assess(old, other, new)
    await world.record(alert(old, level="IMMEDIATE", state="closed"), alert(other, level="PRIORITY", state="closed"))
    await world.assess(linked(new, old, other))
    assert await levels(world, old, other, new) == ["IMMEDIATE", "PRIORITY", "IMMEDIATE"]


async def lower(world: World, report: ReportReceived, level: str, lowered_from: str) -> None:
    async with world.database.transaction() as connection:
        await connection.execute(
            update(cases)
            .where(cases.c.report_id == report.report_id)
            .values(level=level, lowered_from=lowered_from, sequence=cases.c.sequence + 1, cause="override")
        )


@pytest.mark.parametrize(
    ("lowered_from", "level"), [("URGENT", "IMMEDIATE"), ("IMMEDIATE", "ROUTINE")], ids=["above", "not above"]
)
async def test_lowered_case_rises_only_above_the_level_it_was_lowered_from(
    world: World, lowered_from: str, level: str
) -> None:
    old, new = a_report(**URGENT), a_report(**GRAVE)
    await world.assess(old, new)
    await lower(world, old, "ROUTINE", lowered_from)
    await world.assess(linked(new, old), linked(old, new))
    case = await world.case(old.report_id)
    assert (case["level"], case["lowered_from"]) == (level, None if level == "IMMEDIATE" else lowered_from)
    assert told_of(world, old)[-1].lowered is (level == "ROUTINE")
    assert await levels(world, new) == ["IMMEDIATE"]


async def test_lowered_case_gives_the_level_that_it_has(world: World) -> None:
    old, new = a_report(**URGENT), a_report(**MILD)
    await world.assess(old, new)
    await lower(world, old, "ROUTINE", "URGENT")
    await world.assess(linked(new, old), linked(old, new))
    assert await levels(world, old, new) == ["ROUTINE", "PRIORITY"]


async def test_raised_case_keeps_its_own_exclusions_and_coverage(world: World) -> None:
    team = team_id(f"social-{WARD}")
    await set_coverage(world.database, units=[WARD])
    excluded = a_report(concerns=["neglect"], excluded_team_ids=[team], **MILD)
    uncovered = a_report(concerns=["neglect"], incident_unit_code=31117, **MILD)
    new = a_report(**GRAVE)
    await world.assess(excluded, uncovered, new, linked(new, excluded, uncovered))
    assert await levels(world, excluded, uncovered) == ["IMMEDIATE", "IMMEDIATE"]
    assert [told_of(world, report)[-1].route.lead for report in (excluded, uncovered)] == [
        "province-social",
        "province-duty",
    ]
    assert told_of(world, excluded)[-1].excluded_team_ids == (team,)


async def test_alert_of_a_raised_case_is_waited_for(world: World) -> None:
    old, new = a_report(**MILD), a_report(**GRAVE)
    await world.assess(old, new)
    await world.record(alert(old, level="PRIORITY"))
    assert await world.waits(old.report_id) is None
    await world.assess(linked(new, old))
    assert await world.waits(old.report_id) is not None
    await world.record(alert(old, sequence=2, level="IMMEDIATE"))
    assert await world.waits(old.report_id) is None


@pytest.mark.parametrize("assessed_before", [False, True])
async def test_linking_while_both_are_assessed_raises_both_whoever_comes_first(
    world: World, *, assessed_before: bool
) -> None:
    for _ in range(8):
        first, second, third = a_report(**MILD), a_report(**GRAVE), a_report(**URGENT)
        if assessed_before:
            await world.assess(first, second, third)
        group = [linked(first, second, third), linked(second, first, third), linked(third, first, second)]
        async with asyncio.timeout(30):
            await asyncio.gather(*(world.assess(report) for report in group))
        assert await levels(world, first, second, third) == ["IMMEDIATE"] * 3
        for report in group:
            sequences = [event.sequence for event in told_of(world, report)]
            assert sorted(sequences) == list(range(1, len(sequences) + 1))
            assert len(await world.history(report.report_id)) == len(sequences)


async def test_case_that_a_person_lowers_at_the_same_moment_ends_raised(world: World) -> None:
    people = CaseOffice(world)
    for _ in range(6):
        old, new = await people.case(Level.URGENT), await people.case(Level.IMMEDIATE)
        async with asyncio.timeout(30):
            await asyncio.gather(world.assess(linked(new, old)), people.lower(old, Level.ROUTINE))
        case = await world.case(old.report_id)
        assert (case["level"], case["lowered_from"]) == ("IMMEDIATE", None)
        assert [kept["sequence"] for kept in await world.history(old.report_id)] == list(range(1, case["sequence"] + 1))


async def test_facts_answered_on_one_case_raise_the_others(world: World) -> None:
    people = CaseOffice(world)
    old, new = await people.case(Level.PRIORITY), await people.case(Level.PRIORITY)
    await world.assess(linked(old, new), linked(new, old))
    assert await people.answer(old, danger_now="yes") is Level.IMMEDIATE
    assert await levels(world, old, new) == ["IMMEDIATE", "IMMEDIATE"]
    assert (await world.case(new.report_id))["cause"] == "linked"
    assert told_of(world, new)[-1].level is Level.IMMEDIATE


async def test_facts_answered_on_both_at_the_same_moment_raise_both(world: World) -> None:
    people = CaseOffice(world)
    for _ in range(6):
        old, new = await people.case(Level.PRIORITY), await people.case(Level.PRIORITY)
        await world.assess(linked(old, new), linked(new, old))
        async with asyncio.timeout(30):
            await asyncio.gather(
                people.answer(old, danger_now="yes"),
                people.answer(new, runaway="yes"),
                world.assess(linked(linked(new, old), old)),
            )
        assert await levels(world, old, new) == ["IMMEDIATE", "IMMEDIATE"]


async def test_case_ended_by_form_06_is_not_raised(world: World) -> None:
    people = CaseOffice(world)
    old, new = await people.case(Level.PRIORITY), await people.case(Level.IMMEDIATE)
    await people.close(old)
    await world.assess(linked(new, old))
    assert await levels(world, old) == ["PRIORITY"]
