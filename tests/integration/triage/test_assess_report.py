from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.handlers.assess_report import CaseMovedError
from services.triage.handlers.read_coverage import read_coverage
from services.triage.handlers.set_coverage import set_coverage
from services.triage.models import assessments
from shared import places
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Level, Where
from tests.integration.triage.world import World, alert
from tests.unit.triage.reports import RECEIVED, SAMPLES, WARD, a_report, from_document


async def test_every_sample_is_assessed_and_told_once(world: World) -> None:
    reports = [from_document(document) for document in SAMPLES]
    await world.assess(*reports)
    assert [(event.level.name, [rule.id for rule in event.rules]) for event in world.told] == [
        (document["expected"]["level"], document["expected"]["rules"]) for document in SAMPLES
    ]
    assert [event.report_id for event in world.told] == [report.report_id for report in reports]


async def test_assessment_is_stored_as_it_is_told(world: World) -> None:
    report = a_report(
        facts={"danger_now": "yes"}, submitted_by=uuid4(), excluded_person_ids=[uuid4()], concerns=["physical"]
    )
    await world.assess(report)
    (told,), case = world.told, await world.case(report.report_id)
    assert (told.level, told.occurred_at, told.correlation_id) == (Level.IMMEDIATE, RECEIVED, "walk-1")
    assert (told.excluded_person_ids, told.submitted_by) == (report.excluded_person_ids, report.submitted_by)
    assert case["level"] == case["rule_level"] == "IMMEDIATE"
    assert case["rules"] == told.model_dump(mode="json")["rules"]
    assert case["route"] == told.model_dump(mode="json")["route"]
    assert case["acknowledge_by"] == told.clocks.acknowledge_by
    assert case["legal_by"] == told.clocks.legal_by
    assert case["facts"] == {
        "age_min": 10.0,
        "age_max": 10.0,
        "age_basis": "stated",
        "concerns": ["physical"],
        "facts": {"danger_now": "yes"},
        "incident_unit_code": WARD,
    }
    (kept,) = await world.history(report.report_id)
    assert kept == {name: case[name] for name in kept}


async def test_duplicate_revision_changes_nothing(world: World) -> None:
    report = a_report()
    await world.assess(report, report)
    assert len(world.told) == 1
    assert len(await world.history(report.report_id)) == 1


async def test_late_older_revision_changes_nothing(world: World) -> None:
    older = a_report(revision=1, facts={"danger_now": "yes"})
    newer = older.model_copy(update={"revision": 2, "facts": a_report(facts={"danger_now": "no"}).facts})
    await world.assess(newer, older)
    assert [event.revision for event in world.told] == [2]
    assert (await world.case(older.report_id))["level"] == "PRIORITY"


async def test_new_revision_raises_the_level_and_keeps_the_history(world: World) -> None:
    first = a_report(facts={"danger_now": "no"})
    second = a_report(report_id=first.report_id, revision=2, facts={"danger_now": "yes"})
    await world.assess(first, second)
    assert [event.level for event in world.told] == [Level.PRIORITY, Level.IMMEDIATE]
    assert [kept["level"] for kept in await world.history(first.report_id)] == ["PRIORITY", "IMMEDIATE"]
    case = await world.case(first.report_id)
    assert (case["revision"], case["acknowledge_by"]) == (2, RECEIVED + timedelta(minutes=10))


async def test_reassessment_never_lowers_the_level_or_gives_more_time(world: World) -> None:
    first = a_report(facts={"danger_now": "yes"})
    second = a_report(
        report_id=first.report_id,
        revision=3,
        received_at=RECEIVED + timedelta(hours=5),
        facts={"danger_now": "no", "life_threatening_condition": "no", "with_safe_adult": "yes"},
    )
    await world.assess(first, second)
    before, after = world.told
    assert after.level is Level.IMMEDIATE
    assert after.clocks == before.clocks
    case = await world.case(first.report_id)
    assert (case["level"], case["rule_level"]) == ("IMMEDIATE", "ROUTINE")


async def test_racing_revision_is_handled_again_rather_than_overwriting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = a_report(facts={"danger_now": "no"})
    second = a_report(report_id=first.report_id, revision=2, facts={"danger_now": "yes"})
    third = a_report(report_id=first.report_id, revision=3, facts={"danger_now": "no"})
    await world.assess(first)
    read = store.known

    async def read_then_let_the_rival_commit(connection: AsyncConnection, *of: Any) -> store.Known:
        known = await read(connection, *of)
        monkeypatch.setattr(store, "known", read)
        await world.assess(second)
        return known

    monkeypatch.setattr(store, "known", read_then_let_the_rival_commit)
    with pytest.raises(CaseMovedError):
        await world.assess(third)
    await world.assess(third)
    assert (await world.case(first.report_id))["level"] == "IMMEDIATE"
    assert [kept["revision"] for kept in await world.history(first.report_id)] == [1, 2, 3]
    assert [event.revision for event in world.told] == [1, 2, 3]


async def test_racing_first_revisions_leave_one_case(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = a_report(facts={"danger_now": "yes"})
    read = store.known

    async def read_then_let_the_rival_commit(connection: AsyncConnection, *of: Any) -> store.Known:
        known = await read(connection, *of)
        monkeypatch.setattr(store, "known", read)
        await world.assess(first)
        return known

    monkeypatch.setattr(store, "known", read_then_let_the_rival_commit)
    with pytest.raises(CaseMovedError):
        await world.assess(first)
    assert len(await world.history(first.report_id)) == 1
    assert len(world.told) == 1


async def test_history_refuses_changes(world: World) -> None:
    await world.assess(a_report())
    with pytest.raises(DBAPIError, match="an assessment is never changed"):
        async with world.database.transaction() as connection:
            await connection.execute(update(assessments).values(level="ROUTINE"))


async def test_the_report_of_a_child_at_an_adults_home_shares_the_adults_case_code(world: World) -> None:
    adult = a_report(subject_kind="adult")
    await world.assess(adult, a_report(case_code=adult.case_code, derived_from=adult.report_id))
    assert [event.derived_from for event in world.told] == [None, adult.report_id]


async def test_commune_without_teams_belongs_to_the_province_duty(world: World) -> None:
    await set_coverage(world.database, units=[WARD])
    await world.assess(a_report(), a_report(incident_unit_code=31117))
    assert [event.route.lead for event in world.told] == [f"social-{WARD}", "province-duty"]


async def test_every_resolved_commune_is_covered_while_no_coverage_is_set(world: World) -> None:
    await world.assess(a_report(incident_unit_code=31117))
    assert world.told[0].route.lead == "social-31117"


async def test_coverage_is_replaced_whole(world: World) -> None:
    await set_coverage(world.database, units=[1, 2, 2])
    await set_coverage(world.database, units=[2, 3])
    assert await read_coverage(world.database) == {2, 3}
    await set_coverage(world.database, units=[])
    assert await read_coverage(world.database) == frozenset()


async def test_excluded_lead_goes_to_the_province(world: World) -> None:
    social = team_id(f"social-{WARD}")
    await world.assess(a_report(concerns=["neglect"], excluded_team_ids=[social]))
    (told,) = world.told
    assert (told.route.lead, told.route.where) == ("province-social", Where.PROVINCE)
    assert f"police-{WARD}" in told.route.support
    assert told.excluded_team_ids == (social,)


async def test_a_route_names_the_communes_where_the_child_is_and_lives(world: World) -> None:
    await world.assess(a_report(concerns=["physical"], current_unit_code=9193, residence_unit_code=9187))
    route = world.told[0].route
    assert route.told_at_once == ("social-9193",)
    assert all(str(places.by_code(code).name) in route.text_vi for code in (9193, 9187))  # type: ignore[union-attr]


async def test_reassessment_keeps_what_is_known_of_the_alert(world: World) -> None:
    first = a_report()
    second = a_report(report_id=first.report_id, revision=2)
    await world.assess(first)
    await world.record(alert(first, sequence=4, state="acknowledged"))
    await world.assess(second)
    case = await world.case(first.report_id)
    assert (case["alert_sequence"], case["alert_state"], case["revision"]) == (4, "acknowledged", 2)
