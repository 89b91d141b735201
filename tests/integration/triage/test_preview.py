"""What the console is told beforehand is what the report then gets, and asking leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, insert, select

from services.triage.handlers.preview_case import preview_case
from services.triage.models import covered_units, metadata
from services.triage.store import READ_BY_RULES
from shared.contracts.events import ReportReceived
from shared.contracts.preview import Foreseen, Judged
from shared.contracts.teams import team_id
from tests.integration.triage.world import World
from tests.unit.triage.reports import RECEIVED, SAMPLES, WARD, a_report


async def foresee(world: World, report: ReportReceived) -> Foreseen:
    question = Judged.model_validate({name: getattr(report, name) for name in Judged.model_fields})
    async with world.database.reading() as connection:
        return await preview_case(connection, Judged.model_validate_json(question.model_dump_json()), RECEIVED)


async def rows(world: World) -> dict[str, int]:
    async with world.database.reading() as connection:
        return {
            name: int(await connection.scalar(select(func.count()).select_from(table)) or 0)
            for name, table in metadata.tables.items()
        }


REPORTS: list[dict[str, Any]] = [
    {},
    {"facts": {"danger_now": "yes"}},
    {"facts": {"danger_now": "no", "with_safe_adult": "yes"}, "concerns": ["sexual"], "age_min": 4, "age_max": 5},
    {"incident_unit_code": None},
    {"alleged_roles": ["institution_staff"], "concerns": ["physical"]},
    {"subject_kind": "adult", "concerns": ["domestic_violence_adult"], "children_in_home": [{"age_min": 3}]},
    {"excluded_team_ids": [team_id(f"social-{WARD}")], "concerns": ["neglect"]},
    {"earlier_reports_12_months": 2},
]


@pytest.mark.parametrize("said", REPORTS, ids=str)
async def test_what_is_foreseen_is_what_the_report_is_given(world: World, said: dict[str, Any]) -> None:
    report = a_report(**said)
    foreseen = await foresee(world, report)
    await world.assess(report)
    told = world.told[-1]
    same = ("level", "rules", "table_version", "clocks", "route")
    assert [getattr(foreseen, name) for name in same] == [getattr(told, name) for name in same]


async def test_every_sample_is_foreseen_as_it_is_assessed(world: World) -> None:
    assert SAMPLES
    for said in SAMPLES[:20]:
        fields = {name: value for name, value in said.get("report", said).items() if name in Judged.model_fields}
        report = a_report(**fields)
        foreseen = await foresee(world, report)
        await world.assess(report)
        assert (foreseen.level, foreseen.rules) == (world.told[-1].level, world.told[-1].rules)


async def test_a_commune_without_teams_is_foreseen_at_the_province(world: World) -> None:
    async with world.database.transaction() as connection:
        await connection.execute(insert(covered_units).values(unit_code=WARD + 1))
    assert (await foresee(world, a_report())).route.where == "province"


async def test_asking_writes_nothing(world: World) -> None:
    before = await rows(world)
    await foresee(world, a_report(facts={"danger_now": "yes"}))
    assert await rows(world) == before
    assert world.bus.published == []


async def test_deadlines_count_from_now(world: World) -> None:
    foreseen = await foresee(world, a_report(facts={"danger_now": "yes"}))
    assert foreseen.clocks.acknowledge_by == RECEIVED + timedelta(minutes=10)


def test_the_question_has_what_the_rules_read_and_no_more() -> None:
    assert set(Judged.model_fields) == READ_BY_RULES - {"linked_report_ids"} | {"excluded_team_ids"}


@pytest.mark.parametrize("name", ["narrative", "name", "phone", "reporter", "place"])
def test_the_question_refuses_what_is_personal(name: str) -> None:
    with pytest.raises(ValidationError):
        Judged.model_validate({name: "Nguyễn Thị Ánh Đào"})
