"""A correction is another revision of the same case; what was said before stays."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.intake.handlers.answer_request import Corrected, KeyReused, Repeated, Submission
from services.intake.handlers.correct_report import UnknownReportError, correct_report
from services.intake.handlers.seal_report import open_report
from services.intake.models import reports, revisions
from services.intake.rules.derived import child_report_id
from services.intake.store import open_document
from shared.contracts.vocabulary import Answer
from tests.integration.intake.world import KEYS, OPERATOR, PARTNER, World, assessed
from tests.unit.intake.documents import ARRIVAL, a_report

ADULT: dict[str, Any] = {"kind": "adult", "age_min": 30, "age_max": 30}


def numbered(**said: Any) -> dict[str, Any]:
    return a_report(external_id="HL-1", **said)


async def correct(
    world: World, report_id: UUID, document: dict[str, Any], key: str
) -> Corrected | Repeated | KeyReused:
    submission = Submission(json.dumps(document).encode(), key, OPERATOR)
    return await correct_report(world.parts, report_id, submission)


async def test_other_content_under_the_same_external_id_corrects_the_report(world: World) -> None:
    created = await world.create(numbered(), "first")
    outcome = await world.receive(numbered(facts={"danger_now": "yes"}), "second")
    assert outcome == Corrected(created.report_id, created.case_code, 2)
    first, second = world.told
    assert (second.report_id, second.case_code, second.revision) == (created.report_id, created.case_code, 2)
    assert (first.facts.danger_now, second.facts.danger_now) == (Answer.UNKNOWN, Answer.YES)
    assert first.correlation_id == second.correlation_id
    assert await world.count("reports") == 1


async def test_same_correction_again_changes_nothing(world: World) -> None:
    created = await world.create(numbered(), "first")
    await world.receive(numbered(concerns=["neglect"]), "second")
    expected = Repeated(created.report_id, created.case_code)
    assert await world.receive(numbered(concerns=["neglect"]), "second") == expected
    assert await world.receive(numbered(concerns=["neglect"]), "third") == expected
    assert (await world.status(created.report_id)).revision == 2
    assert len(world.told) == 2


async def test_what_was_said_before_stays_with_who_and_when(world: World) -> None:
    created = await world.create(a_report(narrative="Lời kể đầu"), "first")
    await correct(world, created.report_id, a_report(narrative="Lời kể sau"), "second")
    await correct(world, created.report_id, a_report(narrative="Lời kể cuối"), "third")
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(revisions).order_by(revisions.c.revision))).mappings().all()
        now = await open_document(connection, KEYS, created.report_id)
    said = [open_report(KEYS, row["report_id"], row["document"]).narrative for row in rows]
    assert said == ["Lời kể đầu", "Lời kể sau"]
    assert [row["written_by"] for row in rows] == [PARTNER.id, OPERATOR.id]
    assert {row["written_at"] for row in rows} == {ARRIVAL}
    assert now is not None
    assert now["narrative"] == "Lời kể cuối"


async def test_corrections_at_once_are_one_revision_each(world: World) -> None:
    created = await world.create(a_report(), "first")
    corrections = (
        correct(world, created.report_id, a_report(prior_reports_12_months=number), f"key {number}")
        for number in range(1, 6)
    )
    outcomes = await asyncio.gather(*corrections)
    assert sorted(outcome.revision for outcome in outcomes if isinstance(outcome, Corrected)) == [2, 3, 4, 5, 6]
    assert await world.count("revisions") == 5


async def test_clocks_keep_running_from_the_first_receipt(world: World) -> None:
    created = await world.create(numbered(), "first")
    await world.receive(numbered(received_at="2026-11-28T14:24:00+07:00", concerns=["other"]), "second")
    assert world.told[-1].received_at == ARRIVAL
    await world.receive(numbered(received_at="2026-11-28T08:00:00+07:00"), "third")
    assert world.told[-1].received_at < ARRIVAL
    await world.receive(numbered(), "fourth")
    assert (
        world.told[-1].received_at == world.told[-2].received_at == (await world.status(created.report_id)).received_at
    )


async def test_correction_waits_for_an_assessment_of_its_own(world: World) -> None:
    created = await world.create(numbered(), "first")
    await world.assess(assessed(created))
    assert (await world.row(created.report_id))["republish_at"] is None
    await world.receive(numbered(concerns=["other"]), "second")
    assert (await world.row(created.report_id))["republish_at"] is not None
    await world.assess(assessed(created, revision=2))
    assert (await world.row(created.report_id))["republish_at"] is None


async def test_unknown_report_cannot_be_corrected(world: World) -> None:
    with pytest.raises(UnknownReportError):
        await correct(world, UUID(int=404), a_report(), "key")
    assert await world.count("requests") == 0


async def test_key_used_before_does_not_correct(world: World) -> None:
    created = await world.create(a_report(), "key", OPERATOR)
    assert await correct(world, created.report_id, a_report(concerns=["other"]), "key") == KeyReused()
    assert (await world.status(created.report_id)).revision == 1


async def test_each_child_at_home_of_an_adult_joins_the_case(world: World) -> None:
    document = a_report(subject=ADULT, children_in_home=[{"age_min": 5}, {"age_min": 9}])
    created = await world.create(document, "first")
    event, *children = world.told
    assert len(event.children_in_home) == len(children) == 2
    assert {child.derived_from for child in children} == {created.report_id}
    child = await world.status(child_report_id(created.report_id, 1))
    assert (child.case_code, child.derived_from) == (created.case_code, created.report_id)
    await world.assess(assessed(created))
    child = await world.status(child.report_id)
    assert child.level is not None
    assert child.status == (await world.status(created.report_id)).status


async def test_children_named_later_are_added_and_none_is_lost(world: World) -> None:
    created = await world.create(a_report(subject=ADULT, children_in_home=[{"age_min": 5}]), "first")
    more = a_report(subject=ADULT, children_in_home=[{"age_min": 6}, {"age_min": 1}])
    await correct(world, created.report_id, more, "second")
    await correct(world, created.report_id, a_report(subject=ADULT), "third")
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(reports).where(reports.c.derived_from.isnot(None)))).mappings().all()
    ages = {row["report_id"]: open_report(KEYS, row["report_id"], row["document"]).subject.age_min for row in rows}
    assert ages == {child_report_id(created.report_id, 0): 6, child_report_id(created.report_id, 1): 1}


async def test_report_of_a_child_at_home_is_not_corrected_by_itself(world: World) -> None:
    created = await world.create(a_report(subject=ADULT, children_in_home=[{}]), "first")
    with pytest.raises(UnknownReportError):
        await correct(world, child_report_id(created.report_id, 0), a_report(), "second")
