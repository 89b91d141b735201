"""Whom an assessed case pages, and who only hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.contracts.teams import Function, commune_team, province_team
from shared.contracts.vocabulary import Level, Where
from tests.integration.notify.world import FAILING, ID, NOON, UNIT, World, assessed, revised

HEALTH = commune_team(Function.HEALTH, UNIT)
SCHOOL = commune_team(Function.EDUCATION, UNIT)
POLICE = commune_team(Function.POLICE, UNIT)
DUTY = province_team(Function.DUTY)


@pytest.mark.parametrize(
    ("level", "where", "first"),
    [
        (Level.IMMEDIATE, Where.COMMUNE, ["worker", "head", "police"]),
        (Level.URGENT, Where.COMMUNE, ["worker"]),
        (Level.PRIORITY, Where.COMMUNE, ["worker"]),
        (Level.ROUTINE, Where.COMMUNE, ["worker"]),
        (Level.IMMEDIATE, Where.PROVINCE, ["province", "province_head", "province_police"]),
        (Level.URGENT, Where.PROVINCE, ["province"]),
    ],
)
async def test_each_level_pages_its_first_step(world: World, level: Level, where: Where, first: list[str]) -> None:
    await world.open(level, where=where)
    world.expect(*first)


async def test_a_page_says_code_level_deadline_and_how_to_answer(world: World) -> None:
    event = await world.open(Level.IMMEDIATE, received_at=NOON)
    body = world.expect("worker", "head", "police")[0].body
    code = event.case_code
    assert body == (
        f"BVTE: MUC KHAN CAP, ma {code}. Nhan viec truoc 14:20 28/11. Tra loi OK {code} de nhan, "
        f"KHONG {code} neu khong the, hoac goi 02223800000. Khong chuyen tiep."
    )


async def test_other_services_are_told_once_with_the_number_of_people_paged(world: World) -> None:
    event = await world.open(Level.IMMEDIATE, support=(HEALTH,))
    (told,) = await world.told()
    assert (told.report_id, told.state, told.step, told.paged, told.sequence) == (event.report_id, "open", 1, 3, 1)
    assert told.correlation_id == event.correlation_id
    assert await world.told(to="intake") == [told]


async def test_supporting_teams_get_one_notice_that_asks_no_reply(world: World) -> None:
    await world.open(Level.URGENT, support=(HEALTH, SCHOOL), told_at_once=(DUTY, HEALTH))
    world.expect_texts(
        worker="Nhan viec truoc", health="Khong can tra loi", school="Khong can tra loi", province="Khong can tra loi"
    )
    await world.pass_time(minutes=30)
    world.expect("head")


async def test_a_team_that_is_paged_gets_no_notice_as_well(world: World) -> None:
    await world.open(Level.IMMEDIATE, support=(POLICE,))
    world.expect("worker", "head", "police")


async def test_support_hears_nothing_at_the_lower_levels(world: World) -> None:
    await world.open(Level.PRIORITY, support=(HEALTH,), told_at_once=(DUTY,))
    world.expect("worker")


async def test_excluded_people_are_never_told(world: World) -> None:
    excluded = (ID["head"], ID["health"], ID["chair"])
    await world.open(Level.IMMEDIATE, excluded_person_ids=excluded, support=(HEALTH,))
    world.expect("worker", "police")
    await world.pass_time(minutes=10)
    world.expect("province")


async def test_an_assessment_that_comes_again_pages_nobody_and_is_answered(world: World) -> None:
    event = await world.open()
    world.expect("worker")
    await world.hear(event)
    await world.work()
    world.silence()
    first, again = await world.told()
    assert first.sequence == again.sequence


async def test_nobody_on_duty_passes_the_step_at_once_and_says_so(world: World) -> None:
    await world.off_duty("worker", "head")
    event = await world.open()
    world.expect("province")
    assert (await world.alert(event.case_code))["step"] == 3
    assert (await world.story(event.case_code)).count("step_skipped") == 2


@pytest.mark.parametrize("problem", [{"verified_at": None}, FAILING, {"opted_out_at": NOON}])
async def test_a_person_without_a_working_number_is_passed_over(world: World, problem: dict[str, object]) -> None:
    await world.change_contacts(["worker"], **problem)
    await world.open()
    world.expect("head")


async def test_a_person_who_has_left_is_passed_over(world: World) -> None:
    await world.change_people(["worker"], disabled=True)
    await world.open()
    world.expect("head")


async def test_with_nobody_at_all_the_alarm_is_on_and_the_search_goes_on(world: World) -> None:
    everyone = ["worker", "head", "police", "chair", "province", "committee"]
    await world.change_contacts(everyone, verified_at=None)
    event = await world.open(Level.IMMEDIATE)
    world.silence()
    assert "nobody_to_page" in await world.story(event.case_code)
    await world.pass_time(minutes=9)
    assert (await world.story(event.case_code)).count("nobody_to_page") == 1
    await world.change_contacts(["committee"], verified_at=NOON)
    await world.pass_time(minutes=1)
    world.expect("committee")


async def test_somebody_with_two_seats_is_paged_once(world: World) -> None:
    async with world.database.transaction() as connection:
        statement = "UPDATE notify.duty SET person_id = :worker WHERE person_id = :head"
        await connection.execute(text(statement), {"worker": ID["worker"], "head": ID["head"]})
    await world.open(Level.IMMEDIATE)
    world.expect("worker", "police")


async def test_duty_that_has_ended_or_not_begun_counts_for_nothing(world: World) -> None:
    async with world.database.transaction() as connection:
        statement = "UPDATE notify.duty SET {} WHERE person_id = :who"
        ended, later = "ends_at = :at", "starts_at = :at"
        await connection.execute(text(statement.format(ended)), {"at": NOON, "who": ID["worker"]})
        await connection.execute(text(statement.format(later)), {"at": NOON + timedelta(seconds=1), "who": ID["head"]})
    await world.open()
    world.expect("province")


async def test_a_graver_revision_pages_by_the_graver_plan(world: World) -> None:
    event = await world.open(Level.PRIORITY, support=(HEALTH,))
    world.expect("worker")
    await world.hear(revised(event, Level.IMMEDIATE, support=(HEALTH,)))
    await world.work()
    world.expect_texts(worker="MUC KHAN CAP", head="MUC KHAN CAP", police="MUC KHAN CAP", health="phoi hop")
    assert [change.level for change in await world.told()] == [Level.PRIORITY, Level.IMMEDIATE]
    assert (await world.story(event.case_code))[0] == "opened"


async def test_a_graver_revision_counts_its_steps_from_now(world: World) -> None:
    event = await world.open(Level.PRIORITY)
    world.expect("worker")
    await world.pass_time(hours=3)
    await world.hear(revised(event, Level.IMMEDIATE))
    await world.work()
    world.expect("worker", "head", "police")
    await world.pass_time(minutes=9)
    world.silence()
    await world.pass_time(minutes=1)
    world.expect("chair", "province")


@pytest.mark.parametrize("end", ["acknowledged", "closed"])
async def test_a_case_that_turns_graver_is_paged_again_whatever_became_of_it(world: World, end: str) -> None:
    event = await world.open(Level.PRIORITY)
    await world.reply("worker", f"OK {event.case_code}")
    if end == "closed":
        await world.close(event.case_code, "worker")
    world.carrier.new()
    await world.hear(revised(event, Level.IMMEDIATE))
    await world.work()
    world.expect("worker", "head", "police")
    alert = await world.alert(event.case_code)
    assert (alert["state"], alert["acknowledged_by"]) == ("open", None)


async def test_a_revision_of_the_same_level_pages_nobody_again(world: World) -> None:
    event = await world.open(Level.URGENT)
    world.expect("worker")
    await world.hear(revised(event))
    await world.work()
    world.silence()
    assert "revised" in await world.story(event.case_code)


async def test_a_revision_never_lowers_a_level(world: World) -> None:
    event = await world.open(Level.URGENT)
    await world.hear(revised(event, Level.ROUTINE))
    assert (await world.alert(event.case_code))["level"] == "URGENT"


async def test_a_level_that_a_person_lowered_pages_nobody_and_its_next_step_comes_later(world: World) -> None:
    event = await world.open(Level.URGENT)
    world.expect("worker")
    await world.pass_time(minutes=10)
    await world.hear(revised(event, Level.PRIORITY).model_copy(update={"lowered": True}))
    await world.pass_time(minutes=60)
    world.silence()
    assert (await world.alert(event.case_code))["level"] == "PRIORITY"
    assert "level_lowered" in await world.story(event.case_code)
    await world.pass_time(hours=2, minutes=51)
    world.expect("head")


async def test_a_team_that_a_revision_adds_is_told(world: World) -> None:
    event = await world.open(Level.URGENT, support=(HEALTH,))
    world.expect_texts(worker="Nhan viec", health="phoi hop")
    await world.hear(revised(event, support=(HEALTH, SCHOOL)))
    await world.work()
    world.expect("school", says="phoi hop")


async def test_an_older_revision_that_comes_late_changes_nothing(world: World) -> None:
    first = assessed(Level.PRIORITY)
    newer = revised(first, Level.URGENT)
    await world.hear(newer)
    await world.hear(first)
    await world.work()
    world.expect("worker", says="MUC GAP")


async def test_an_official_alleged_later_moves_the_case_to_the_province(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    world.expect("worker", "head", "police")
    await world.hear(revised(event, where=Where.PROVINCE, lead=province_team(Function.CHILD_PROTECTION)))
    await world.work()
    world.expect("province", "province_head", "province_police")
    await world.pass_time(minutes=10)
    world.expect("committee")


async def test_a_moved_case_that_somebody_has_taken_stays_with_them(world: World) -> None:
    event = await world.open(Level.URGENT)
    await world.reply("worker", f"OK {event.case_code}")
    world.carrier.new()
    await world.hear(revised(event, where=Where.PROVINCE))
    await world.work()
    world.silence()
    assert (await world.alert(event.case_code))["state"] == "acknowledged"


async def test_whoever_took_a_case_and_turns_out_to_be_alleged_loses_it(world: World) -> None:
    event = await world.open(Level.URGENT)
    await world.reply("worker", f"OK {event.case_code}")
    world.carrier.new()
    await world.hear(revised(event, excluded_person_ids=(ID["worker"],)))
    await world.work()
    world.expect("head")
    assert "ma sai" in str(await world.reply("worker", f"OK {event.case_code}")).lower()
    assert (await world.alert(event.case_code))["state"] == "open"


async def test_whoever_turns_out_to_be_alleged_gets_nothing_more(world: World) -> None:
    event = assessed(Level.URGENT)
    await world.hear(event)
    await world.hear(revised(event, excluded_person_ids=(ID["worker"],)))
    await world.work()
    world.expect("head")
    await world.reply("head", f"OK {event.case_code}")
    world.silence()


async def test_pages_are_queued_before_notices(world: World) -> None:
    await world.hear(assessed(Level.IMMEDIATE, support=(HEALTH, SCHOOL)))
    async with world.database.reading() as connection:
        statement = (
            "SELECT m.kind FROM events.queue q JOIN notify.messages m "
            "ON m.id::text = convert_from(q.payload, 'UTF8')::json ->> 'message_id' ORDER BY q.next_attempt_at, q.id"
        )
        assert (await connection.execute(text(statement))).scalars().all() == ["page"] * 3 + ["support"] * 2
