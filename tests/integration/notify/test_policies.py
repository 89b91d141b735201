"""Escalation policies as a story: proposed, decided by another, followed by what begins afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from services.notify.gateways.pool import Pool
from services.notify.handlers import change_alert
from services.notify.handlers.change_alert import Act
from services.notify.handlers.change_policy import PolicyRefusedError, decide_policy, propose_policy
from services.notify.models import policies
from services.notify.rules.contact import ContactChannel
from services.notify.rules.escalation import Position
from services.notify.rules.policy import Named, Policy, PolicyStep, Seat
from shared.contracts.vocabulary import Level
from tests.integration.notify.carrier import Carrier
from tests.integration.notify.world import ID, World, assessed, revised

ONE, OTHER = UUID(int=1), UUID(int=2)
WORKER, HEAD = Seat("social-*", Position.WORKER), Seat("social-*", Position.HEAD)
POLICE = Seat("police-*", Position.WORKER)
DUTY = Seat("province-duty", Position.WORKER)
URGENT = Policy(
    "social-*",
    Level.URGENT,
    timedelta(minutes=5),
    (
        PolicyStep(timedelta(), (WORKER, POLICE), all_must=True),
        PolicyStep(timedelta(minutes=15), (DUTY, Named(ID["chair"]))),
    ),
)


async def decided(world: World, policy: Policy | None, *, team: str = "social-*", level: Level = Level.URGENT) -> int:
    now = world.clock.now()
    async with world.database.transaction() as connection:
        version = await propose_policy(connection, team, level, policy, note="theo quyết định 12", by=ONE, now=now)
        await decide_policy(connection, version, accept=True, by=OTHER, now=now)
    world.desk.policies.forget()
    return version


async def decline(world: World, code: str, who: str) -> None:
    async with world.database.transaction() as connection:
        await change_alert.decline(connection, world.desk, Act(code, ID[who], "page"))
    await world.work()


async def test_everybody_of_a_step_must_acknowledge_and_the_first_holds_the_case(world: World) -> None:
    await decided(world, URGENT)
    event = await world.open(Level.URGENT)
    world.expect("worker", "police")
    first = await world.acknowledge(event.case_code, "worker")
    assert first.first
    alert = await world.alert(event.case_code)
    assert (alert["state"], alert["acknowledged_by"]) == ("open", str(ID["worker"]))
    again = await world.acknowledge(event.case_code, "worker")
    assert not again.first
    await world.acknowledge(event.case_code, "police")
    alert = await world.alert(event.case_code)
    assert (alert["state"], alert["acknowledged_by"]) == ("acknowledged", str(ID["worker"]))
    await world.pass_time(hours=1)
    world.expect()


async def test_while_one_is_missing_the_next_step_comes_and_names_a_person(world: World) -> None:
    await decided(world, URGENT)
    event = await world.open(Level.URGENT)
    world.expect("worker", "police")
    await world.acknowledge(event.case_code, "police")
    await world.pass_time(minutes=15)
    world.expect("province", "chair")
    await world.acknowledge(event.case_code, "chair")
    assert (await world.alert(event.case_code))["state"] == "acknowledged"


async def test_declining_moves_on_at_once_although_another_has_acknowledged(world: World) -> None:
    await decided(world, URGENT)
    event = await world.open(Level.URGENT)
    world.expect("worker", "police")
    await world.acknowledge(event.case_code, "police")
    await decline(world, event.case_code, "worker")
    world.expect("province", "chair")


async def test_the_last_step_of_a_policy_repeats_at_its_own_pace_with_the_alarm(world: World) -> None:
    await decided(world, URGENT)
    event = await world.open(Level.URGENT)
    world.expect("worker", "police")
    await world.pass_time(minutes=15)
    world.expect("province", "chair")
    await world.pass_time(minutes=5)
    world.expect("province", "chair")
    assert await world.alarm(event.case_code)


async def test_an_open_alert_keeps_its_plan_and_the_next_follows_the_new_one(world: World) -> None:
    before = await world.open(Level.URGENT)
    world.expect("worker")
    await decided(world, URGENT)
    await world.pass_time(minutes=30)
    world.expect("head")
    await world.acknowledge(before.case_code, "head")
    world.carrier.new()
    await world.open(Level.URGENT, received_at=world.clock.now())
    await world.work()
    assert {world.name(sms.to) for sms in world.carrier.new() if "Nhan viec truoc" in sms.body} == {"worker", "police"}


async def test_raising_the_level_takes_the_graver_policy_and_keeps_the_history(world: World) -> None:
    graver = Policy("social-*", Level.IMMEDIATE, timedelta(minutes=5), (PolicyStep(timedelta(), (HEAD, DUTY)),))
    await decided(world, graver, level=Level.IMMEDIATE)
    event = await world.open(Level.URGENT)
    world.expect("worker")
    await world.hear(revised(event, Level.IMMEDIATE))
    await world.work()
    world.expect("head", "province")
    alert = await world.alert(event.case_code)
    assert alert["paged"][0]["person"] == str(ID["worker"])


async def test_a_teams_own_policy_counts_before_its_functions_and_ending_it_goes_back(world: World) -> None:
    own = replace(URGENT, team="social-9190", steps=(PolicyStep(timedelta(), (HEAD,)),))
    await decided(world, URGENT)
    await decided(world, own, team="social-9190")
    await world.open(Level.URGENT)
    world.expect("head")
    await decided(world, None, team="social-9190")
    await decided(world, None)
    await world.open(Level.URGENT)
    world.expect("worker")


async def test_whoever_proposed_does_not_decide_and_a_decision_is_made_once(world: World) -> None:
    now = world.clock.now()
    async with world.database.transaction() as connection:
        version = await propose_policy(
            connection, "social-*", Level.URGENT, URGENT, note="theo quyết định 12", by=ONE, now=now
        )
        with pytest.raises(PolicyRefusedError, match="same_person"):
            await decide_policy(connection, version, accept=True, by=ONE, now=now)
        await decide_policy(connection, version, accept=False, by=OTHER, now=now)
        with pytest.raises(PolicyRefusedError, match="not_proposed"):
            await decide_policy(connection, version, accept=True, by=OTHER, now=now)
        with pytest.raises(PolicyRefusedError, match="note"):
            await propose_policy(connection, "social-*", Level.URGENT, URGENT, note=" ", by=ONE, now=now)


async def test_what_was_proposed_never_changes(world: World) -> None:
    version = await decided(world, URGENT)
    with pytest.raises(DBAPIError, match="never changes"):
        async with world.database.transaction() as connection:
            await connection.execute(update(policies).where(policies.c.version == version).values(note="khác"))
    with pytest.raises(DBAPIError, match="never changes"):
        async with world.database.transaction() as connection:
            await connection.execute(text("DELETE FROM notify.policies"))


async def test_a_person_named_by_a_policy_who_is_excluded_hears_nothing(world: World) -> None:
    await decided(world, URGENT)
    await world.hear(assessed(Level.URGENT, excluded_person_ids=(ID["chair"],)))
    await world.work()
    world.expect("worker", "police")
    await world.pass_time(minutes=15)
    world.expect("province")


async def test_a_step_reaches_people_by_its_own_channels_and_others_by_theirs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.contacts._sendable", ["sms", "email"])
    mail = Carrier(name="email", channel=ContactChannel.EMAIL)
    world.pool = Pool([world.carrier, mail])
    await world.add_contact("worker", ContactChannel.EMAIL, "worker@example.vn")
    step = PolicyStep(timedelta(), (WORKER, POLICE), channels=("email", "sms"))
    await decided(world, replace(URGENT, steps=(step, URGENT.steps[1])))
    await world.open(Level.URGENT)
    world.expect("police")
    assert [letter.to for letter in mail.new()] == ["worker@example.vn"]
