"""Whoever is alleged, and their team, hears nothing of a case: at no step, on no repeat, after no revision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify import queue_view, views
from services.notify.handlers import change_alert
from services.notify.handlers.acknowledge import acknowledge
from services.notify.handlers.change_alert import Act
from services.notify.records import NoSuchAlertError, PersonExcludedError
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import Level, Role, Where
from shared.identity.actor import Actor
from shared.identity.policy import View
from tests.integration.notify.world import ID, NOON, TEAMS, World, assessed, revised

SOCIAL, POLICE, HEALTH = TEAMS["worker"][0], TEAMS["police"][0], TEAMS["health"][0]
SCHOOL, LEADERS, DUTY = TEAMS["school"][0], TEAMS["chair"][0], TEAMS["province"][0]
COMMITTEE = TEAMS["committee"][0]


def without(*teams: str) -> dict[str, Any]:
    return {"excluded_team_ids": tuple(team_id(team) for team in teams)}


def but(*who: str) -> dict[str, Any]:
    return {"excluded_person_ids": tuple(ID[name] for name in who)}


EXCLUSIONS: list[tuple[dict[str, Any], set[str]]] = [
    (but("police"), {"police"}),
    (but("worker"), {"worker"}),
    (but("chair"), {"chair"}),
    (but("committee"), {"committee"}),
    (without(SOCIAL), {"worker", "head"}),
    (without(POLICE), {"police"}),
    (without(LEADERS), {"chair"}),
    (without(DUTY), {"province", "province_head"}),
    (without(COMMITTEE), {"committee"}),
    (without(SOCIAL, POLICE), {"worker", "head", "police"}),
    ({**without(SOCIAL), **but("chair", "province")}, {"worker", "head", "chair", "province"}),
]


@pytest.mark.parametrize(("exclusion", "alleged"), EXCLUSIONS)
async def test_the_alleged_are_paged_at_no_step_and_on_no_repeat(
    world: World, exclusion: dict[str, Any], alleged: set[str]
) -> None:
    await world.open(Level.IMMEDIATE, support=(HEALTH,), told_at_once=(DUTY,), **exclusion)
    paged = [sms.to for sms in world.carrier.new()]
    for _ in range(6):
        await world.pass_time(minutes=10)
        fresh = [sms.to for sms in world.carrier.new()]
        assert fresh, "somebody is paged at every step"
        paged += fresh
    assert not {world.name(phone) for phone in paged} & alleged


async def test_a_step_that_an_exclusion_empties_is_passed_at_once(world: World) -> None:
    event = await world.open(Level.URGENT, **without(SOCIAL))
    world.expect("province")
    assert (await world.alert(event.case_code))["step"] == 3
    assert (await world.story(event.case_code)).count("step_skipped") == 2


@pytest.mark.parametrize("exclusion", [but("committee"), without(COMMITTEE)])
async def test_without_anybody_at_the_last_step_the_one_before_is_paged_again_with_the_alarm_on(
    world: World, exclusion: dict[str, Any]
) -> None:
    event = await world.open(Level.URGENT, **exclusion)
    for minutes in (30, 30):
        await world.pass_time(minutes=minutes)
    world.carrier.new()
    await world.pass_time(hours=1)
    world.expect("province")
    assert await world.alarm(event.case_code)
    await world.pass_time(minutes=10)
    world.expect("province")


@pytest.mark.parametrize("exclusion", [but("worker"), without(SOCIAL)])
async def test_a_page_that_waits_for_a_now_excluded_person_is_cancelled_and_the_next_step_fires(
    world: World, exclusion: dict[str, Any]
) -> None:
    event = assessed(Level.URGENT)
    await world.hear(event)
    await world.hear(revised(event, **exclusion))
    await world.work()
    world.expect("province" if "excluded_team_ids" in exclusion else "head")
    assert (await world.message_states())[0] == "cancelled"
    assert "people_excluded" in await world.story(event.case_code)


async def test_a_page_that_failed_and_waits_to_be_tried_again_is_not_sent_once_its_person_is_excluded(
    world: World,
) -> None:
    event = await world.hear_urgent()
    (body,) = await world.take_work()
    await world.hear(revised(event, **but("worker")))
    await world.make_queued_again(UUID(body["message_id"]))
    await world.send(UUID(body["message_id"]))
    await world.work()
    world.expect("head")


async def test_a_revision_at_the_last_step_that_excludes_its_only_person_repeats_it_at_once_for_others(
    world: World,
) -> None:
    event = await world.open(Level.IMMEDIATE, where=Where.PROVINCE)
    await world.pass_time(minutes=10)
    world.carrier.new()
    await world.hear(revised(event, where=Where.PROVINCE, **but("committee")))
    await world.work()
    world.expect("province", "province_head", "province_police")
    assert await world.alarm(event.case_code)


async def test_a_team_that_is_excluded_later_is_left_out_of_every_later_step_and_repeat(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.hear(revised(event, Level.IMMEDIATE, **without(LEADERS, COMMITTEE)))
    world.carrier.new()
    await world.pass_time(minutes=10)
    world.expect("province")
    await world.pass_time(minutes=10)
    world.expect("province")


async def test_an_exclusion_that_a_supervisor_lifts_lets_the_team_be_paged_at_later_steps(world: World) -> None:
    event = await world.open(Level.URGENT, **but("head"))
    world.expect("worker")
    await world.hear(revised(event))
    await world.pass_time(minutes=30)
    world.expect("head")


async def test_support_teams_that_are_excluded_get_no_notice_even_by_a_colleague_on_duty_for_them(
    world: World,
) -> None:
    await world.serve("school", HEALTH)
    await world.open(Level.URGENT, support=(HEALTH,), **without(HEALTH))
    world.expect_texts(worker="Nhan viec truoc")


async def test_a_revision_tells_no_excluded_support_team(world: World) -> None:
    event = await world.open(Level.URGENT)
    world.carrier.new()
    await world.hear(revised(event, support=(HEALTH, SCHOOL), **without(HEALTH)))
    await world.work()
    world.expect("school", says="phoi hop")


@pytest.mark.parametrize("exclusion", [but("police"), without(POLICE)])
async def test_whoever_is_excluded_since_is_not_told_that_another_took_the_case(
    world: World, exclusion: dict[str, Any]
) -> None:
    event = await world.open(Level.IMMEDIATE)
    world.expect("worker", "head", "police")
    await world.hear(revised(event, **exclusion))
    await world.reply("worker", f"OK {event.case_code}")
    world.expect("head", says="")


@pytest.mark.parametrize("exclusion", [but("worker"), without(SOCIAL)])
@pytest.mark.parametrize("words", ["OK {}", "KHONG {}", "CHUYEN {}", "? {}"])
async def test_a_reply_of_an_excluded_person_does_nothing(world: World, exclusion: dict[str, Any], words: str) -> None:
    event = await world.open(Level.URGENT)
    await world.hear(revised(event, **exclusion))
    await world.work()
    world.carrier.new()
    before = await world.alert(event.case_code)
    answer = await world.reply("worker", words.format(event.case_code))
    assert "ma sai" in str(answer).lower()
    assert await world.alert(event.case_code) == before
    world.silence()


async def test_a_bare_reply_of_an_excluded_person_names_no_case(world: World) -> None:
    event = await world.open(Level.URGENT)
    await world.hear(revised(event, **without(SOCIAL)))
    assert event.case_code not in str(await world.reply("worker", "OK"))


@pytest.mark.parametrize("exclusion", [but("worker"), without(SOCIAL)])
async def test_whoever_took_a_case_and_is_excluded_loses_it_and_is_reminded_of_nothing(
    world: World, exclusion: dict[str, Any]
) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.reply("worker", f"OK {event.case_code}")
    await world.hear(revised(event, **exclusion))
    await world.work()
    assert (await world.alert(event.case_code))["state"] == "open"
    world.carrier.new()
    for _ in range(4):
        await world.pass_time(minutes=10)
        assert "worker" not in {world.name(sms.to) for sms in world.carrier.new()}


@pytest.mark.parametrize("exclusion", [but("head"), without(SOCIAL)])
@pytest.mark.parametrize(
    "verb",
    [
        acknowledge,
        change_alert.decline,
        change_alert.escalate,
        change_alert.close,
        change_alert.record_contact,
        change_alert.silence_alarm,
    ],
)
async def test_an_excluded_person_can_do_nothing_to_an_alert_by_page_or_program(
    world: World, exclusion: dict[str, Any], verb: Any
) -> None:
    event = await world.open(Level.URGENT, **exclusion)
    for act in (Act(event.case_code, ID["head"], "page"), Act(event.case_code, ID["police"], "page", by=ID["head"])):
        if verb is acknowledge and act.by is not None:
            continue
        with pytest.raises(PersonExcludedError):
            async with world.database.transaction() as connection:
                await verb(connection, world.desk, act)
    assert (await world.alert(event.case_code))["state"] == "open"


async def test_the_duty_chain_of_an_alert_lists_nobody_who_is_excluded(world: World) -> None:
    event = await world.open(Level.IMMEDIATE, **without(POLICE), **but("chair"))
    async with world.database.reading() as connection:
        chain = await views.oncall_of_alert(connection, event.case_code, NOON + timedelta(minutes=1))
        with pytest.raises(NoSuchAlertError):
            await views.oncall_of_alert(connection, "Z9Z999", NOON)
    listed = [[person["person"] for person in step["people"]] for step in chain["steps"]]
    assert listed == [[str(ID["worker"]), str(ID["head"])], [str(ID["province"])], [str(ID["committee"])]]


@pytest.mark.parametrize("exclusion", [but("head"), without(SOCIAL)])
@pytest.mark.parametrize("view", View)
async def test_no_page_shows_an_alert_to_whoever_is_excluded_from_it(
    world: World, exclusion: dict[str, Any], view: View
) -> None:
    event = await world.open(Level.URGENT, lead=SOCIAL, submitted_by=ID["head"], **exclusion)
    actor = Actor(ID["head"], frozenset(Role), frozenset({SOCIAL}), frozenset({9190}))
    async with world.database.reading() as connection:
        assert (await queue_view.load_queue(connection, actor, view, NOON)).all == ()
        with pytest.raises(NoSuchAlertError):
            await queue_view.load_alert(connection, event.case_code, actor, view)


async def test_a_supervisor_whose_account_is_of_an_excluded_team_does_not_see_the_alert(world: World) -> None:
    supervisor, other = uuid4(), uuid4()
    await world.add_account(supervisor, [POLICE])
    await world.add_account(other, [HEALTH])
    event = await world.open(Level.URGENT, **without(POLICE))
    seen = {}
    async with world.database.reading() as connection:
        for person in (supervisor, other):
            actor = Actor(person, frozenset({Role.SUPERVISOR}))
            found = await queue_view.load_queue(connection, actor, View.FULL, NOON)
            seen[person] = [row.alert.case_code for row in found.all]
    assert seen == {supervisor: [], other: [event.case_code]}


async def test_whoever_was_paged_and_is_excluded_since_is_no_candidate_for_taking_the_case(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.hear(revised(event, **without(POLICE)))
    actor = Actor(uuid4(), frozenset({Role.SUPERVISOR}))
    async with world.database.reading() as connection:
        row = await queue_view.load_alert(connection, event.case_code, actor, View.FULL)
    assert {person.person_id: person.may_take for person in row.people} == {
        ID["worker"]: True,
        ID["head"]: True,
        ID["police"]: False,
    }


async def test_a_place_to_locate_is_kept_with_the_alert_until_a_revision_finds_it(world: World) -> None:
    event = assessed(Level.URGENT, where=Where.PROVINCE, unit_code=None)
    event = event.model_copy(update={"route": event.route.model_copy(update={"locate": True})})
    await world.hear(event)
    actor = Actor(uuid4(), frozenset({Role.SUPERVISOR}))
    async with world.database.reading() as connection:
        assert (await queue_view.load_alert(connection, event.case_code, actor, View.FULL)).alert.locate
    await world.hear(revised(event))
    async with world.database.reading() as connection:
        assert not (await queue_view.load_alert(connection, event.case_code, actor, View.FULL)).alert.locate
