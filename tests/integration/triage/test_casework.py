"""What people do on a case: lowering, handing over, milestones, closing; alone, together and at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from services.triage.handlers.answer_facts import NothingAnsweredError
from services.triage.handlers.case_state import CaseEndedError, NoSuchCaseError
from services.triage.handlers.hand_over import NotOfferedError, NotTheirsError, OfferedAlreadyError, SameTeamError
from services.triage.handlers.override_level import (
    NothingPendingError,
    NotLowerError,
    PendingError,
    SecondPersonError,
)
from services.triage.handlers.record_work import TooEarlyError, TooLateError
from services.triage.rules.casework import Milestone
from services.triage.rules.clocks import deadlines
from shared.contracts.vocabulary import Level
from tests.integration.triage.office import OTHER_SUPERVISOR, POLICE, REASON, SUPERVISOR, WORKER, CaseOffice
from tests.integration.triage.world import World
from tests.unit.triage.reports import RECEIVED, WARD, a_report


@pytest.fixture
def office(world: World) -> CaseOffice:
    return CaseOffice(world)


async def test_a_supervisor_lowers_a_level_with_a_reason_and_everybody_is_told(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    assert await office.lower(report, Level.ROUTINE)
    told = office.world.told[-1]
    assert (told.sequence, told.level, told.lowered, told.revision) == (2, Level.ROUTINE, True, 1)
    assert told.clocks == deadlines(Level.ROUTINE, RECEIVED)
    assert [state["cause"] for state in await office.world.history(report.report_id)] == ["revision", "override"]


async def test_from_immediate_two_people_are_needed(office: CaseOffice) -> None:
    report = await office.case(Level.IMMEDIATE)
    assert not await office.lower(report, Level.URGENT)
    assert office.world.told[-1].level is Level.IMMEDIATE
    with pytest.raises(SecondPersonError):
        await office.confirm(report, SUPERVISOR)
    with pytest.raises(SecondPersonError):
        await office.confirm(report, WORKER)
    await office.confirm(report, OTHER_SUPERVISOR)
    assert (office.world.told[-1].level, office.world.told[-1].lowered) == (Level.URGENT, True)
    with pytest.raises(NothingPendingError):
        await office.confirm(report, OTHER_SUPERVISOR)


async def test_whoever_is_no_supervisor_only_asks(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    assert not await office.lower(report, Level.PRIORITY, WORKER)
    await office.confirm(report, SUPERVISOR)
    assert office.world.told[-1].level is Level.PRIORITY


@pytest.mark.parametrize("who", [SUPERVISOR, OTHER_SUPERVISOR], ids=["withdrawn", "refused"])
async def test_a_request_that_ends_leaves_the_level_and_another_may_follow(office: CaseOffice, who: object) -> None:
    report = await office.case(Level.IMMEDIATE)
    await office.lower(report, Level.URGENT)
    with pytest.raises(PendingError):
        await office.lower(report, Level.PRIORITY, OTHER_SUPERVISOR)
    await office.refuse_lower(report, who)  # type: ignore[arg-type] # one of the people above
    assert office.world.told[-1].level is Level.IMMEDIATE
    assert not await office.lower(report, Level.PRIORITY, OTHER_SUPERVISOR)


@pytest.mark.parametrize("level", [Level.URGENT, Level.IMMEDIATE])
async def test_a_level_is_never_raised_here(office: CaseOffice, level: Level) -> None:
    report = await office.case(Level.URGENT)
    with pytest.raises(NotLowerError):
        await office.lower(report, level)


async def test_a_lowered_case_rises_when_the_rules_find_more(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    await office.lower(report, Level.ROUTINE)
    same = report.model_copy(update={"revision": 2})
    await office.world.assess(same)
    assert (office.world.told[-1].level, office.world.told[-1].lowered) == (Level.ROUTINE, True)
    graver = a_report(report_id=report.report_id, case_code=report.case_code, revision=3, facts={"danger_now": "yes"})
    await office.world.assess(graver)
    assert (office.world.told[-1].level, office.world.told[-1].lowered) == (Level.IMMEDIATE, False)


async def test_a_request_about_another_level_cannot_be_confirmed(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    await office.lower(report, Level.ROUTINE, WORKER)
    graver = a_report(report_id=report.report_id, case_code=report.case_code, revision=2, facts={"danger_now": "yes"})
    await office.world.assess(graver)
    with pytest.raises(NotLowerError):
        await office.confirm(report, SUPERVISOR)


async def test_two_supervisors_lower_at_once_and_one_of_them_does(office: CaseOffice) -> None:
    for _ in range(10):
        report = await office.case(Level.URGENT)
        done = await asyncio.gather(
            office.lower(report, Level.ROUTINE, SUPERVISOR),
            office.lower(report, Level.ROUTINE, OTHER_SUPERVISOR),
            return_exceptions=True,
        )
        assert sorted(map(repr, done)) == ["NotLowerError()", "True"]
        assert [state["sequence"] for state in await office.world.history(report.report_id)] == [1, 2]


async def test_lowering_while_new_facts_come_never_loses_the_graver_facts(office: CaseOffice) -> None:
    for _ in range(10):
        report = await office.case(Level.URGENT)
        graver = a_report(
            report_id=report.report_id, case_code=report.case_code, revision=2, facts={"danger_now": "yes"}
        )
        done = await asyncio.gather(
            office.lower(report, Level.ROUTINE), office.world.assess(graver), return_exceptions=True
        )
        if isinstance(done[1], Exception):
            await office.world.assess(graver)  # the queue delivers it again
        assert (await office.world.case(report.report_id))["level"] == "IMMEDIATE"


async def test_a_case_changes_hands_only_when_the_other_team_accepts(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    owner, other = f"social-{WARD}", f"police-{WARD}"
    await office.offer(report, other)
    assert (office.world.told[-1].work.owner, office.world.told[-1].work.offered_to) == (None, other)
    with pytest.raises(NotTheirsError):
        await office.accept(report, WORKER)
    await office.accept(report, POLICE)
    work = office.world.told[-1].work
    assert (work.owner, work.offered_to, work.held_by) == (other, None, POLICE.id)
    with pytest.raises(NotOfferedError):
        await office.accept(report, POLICE)
    with pytest.raises(SameTeamError):
        await office.offer(report, other, POLICE)
    await office.offer(report, owner, POLICE)


async def test_a_second_hand_over_is_refused_while_one_is_pending_and_works_after_a_refusal(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    await office.offer(report, f"police-{WARD}")
    with pytest.raises(OfferedAlreadyError, match=f"police-{WARD}"):
        await office.offer(report, "province-duty")
    await office.refuse(report, POLICE)
    await office.offer(report, f"police-{WARD}")
    await office.accept(report, SUPERVISOR)
    states = text("SELECT array_agg(state ORDER BY asked_at, state) FROM triage.handovers")
    async with office.world.database.reading() as connection:
        assert sorted(await connection.scalar(states)) == ["accepted", "refused"]


async def test_whoever_offers_a_case_may_withdraw_it_and_not_accept_it_for_the_others(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    await office.offer(report, f"police-{WARD}", SUPERVISOR)
    with pytest.raises(NotTheirsError):
        await office.accept(report, SUPERVISOR)
    await office.refuse(report, SUPERVISOR)
    assert office.world.told[-1].work.offered_to is None


async def test_two_offers_at_once_leave_one(office: CaseOffice) -> None:
    for _ in range(10):
        report = await office.case(Level.URGENT)
        done = await asyncio.gather(
            office.offer(report, f"police-{WARD}"), office.offer(report, "province-duty"), return_exceptions=True
        )
        assert sum(isinstance(one, OfferedAlreadyError) for one in done) == 1


async def test_the_first_time_of_a_milestone_counts(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    office.world.clock.advance(timedelta(hours=2))
    first = RECEIVED + timedelta(minutes=30)
    await office.reach(report, Milestone.CONTACT, first)
    await office.reach(report, Milestone.CONTACT, RECEIVED + timedelta(hours=1))
    assert office.world.told[-1].work.contact_at == first
    assert len(await office.world.history(report.report_id)) == 2


async def test_a_milestone_lies_between_receipt_and_now(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    with pytest.raises(TooLateError):
        await office.reach(report, Milestone.SEEN, office.world.clock.now() + timedelta(minutes=1))
    with pytest.raises(TooEarlyError):
        await office.reach(report, Milestone.SEEN, RECEIVED - timedelta(minutes=1))


async def test_a_closed_case_takes_notes_and_nothing_else(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    await office.close(report)
    assert (office.world.told[-1].work.closed_by, office.world.told[-1].work.closed_at) == (
        WORKER.id,
        office.world.clock.now(),
    )
    await office.note(report)
    for deed in (
        office.lower(report, Level.ROUTINE),
        office.offer(report, "province-duty"),
        office.reach(report, Milestone.SEEN, office.world.clock.now()),
        office.close(report),
    ):
        with pytest.raises(CaseEndedError):
            await deed


async def test_work_done_is_kept_by_a_later_revision(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    await office.reach(report, Milestone.CONTACT, office.world.clock.now())
    await office.world.assess(report.model_copy(update={"revision": 2}))
    assert office.world.told[-1].work.contact_at == office.world.clock.now()


async def test_facts_answered_later_raise_the_level_at_once_and_never_lower_it(office: CaseOffice) -> None:
    report = await office.case(Level.PRIORITY)
    assert await office.answer(report, danger_now="yes") is Level.IMMEDIATE
    told = office.world.told[-1]
    assert (told.level, told.revision, told.clocks) == (Level.IMMEDIATE, 1, deadlines(Level.IMMEDIATE, RECEIVED))
    assert "R02" in {rule.id for rule in told.rules}
    assert await office.answer(report, danger_now="no") is Level.IMMEDIATE
    with pytest.raises(NothingAnsweredError):
        await office.answer(report, danger_now="no")


async def test_a_later_revision_counts_the_answers_given_on_the_case(office: CaseOffice) -> None:
    report = await office.case(Level.PRIORITY)
    await office.answer(report, runaway="yes")
    await office.world.assess(report.model_copy(update={"revision": 2}))
    case = await office.world.case(report.report_id)
    assert (case["rule_level"], case["answers"]) == ("URGENT", {"runaway": "yes"})


async def test_answers_that_find_more_end_a_lower_level(office: CaseOffice) -> None:
    report = await office.case(Level.URGENT)
    await office.lower(report, Level.ROUTINE)
    assert await office.answer(report, injured="yes") is Level.ROUTINE
    assert await office.answer(report, danger_now="yes") is Level.IMMEDIATE
    assert not office.world.told[-1].lowered


async def test_an_unknown_case_is_said_to_be_unknown(office: CaseOffice) -> None:
    with pytest.raises(NoSuchCaseError):
        await office.note(a_report())


async def test_what_people_write_is_kept_sealed(office: CaseOffice) -> None:
    report = await office.case(Level.IMMEDIATE)
    await office.lower(report, Level.URGENT)
    await office.offer(report, "province-duty")
    await office.refuse(report, OTHER_SUPERVISOR)
    await office.note(report)
    await office.close(report)
    async with office.world.database.reading() as connection:
        for table in ("overrides", "handovers", "case_notes", "cases", "assessments"):
            for row in await connection.scalars(text(f"SELECT t::text FROM triage.{table} t")):  # noqa: S608 - ours
                assert REASON not in row
                assert REASON.encode().hex() not in row
    assert not any("Lan" in event.model_dump_json() for event in office.world.told)


@pytest.mark.parametrize("change", ["UPDATE", "DELETE"])
async def test_the_database_keeps_what_was_written(office: CaseOffice, change: str) -> None:
    report = await office.case(Level.URGENT)
    await office.note(report)
    await office.lower(report, Level.ROUTINE)
    statements = {
        "UPDATE": (
            "UPDATE triage.case_notes SET written_name = 'x'",
            "UPDATE triage.overrides SET to_level = 'ROUTINE'",
        ),
        "DELETE": ("DELETE FROM triage.case_notes", "DELETE FROM triage.overrides"),
    }
    for statement in statements[change]:
        with pytest.raises(Exception, match="never changed"):
            async with office.world.database.transaction() as connection:
                await connection.execute(text(statement))
