"""A number that opted out at the carrier is passed over everywhere at once, as after STOP."""

from __future__ import annotations

from tests.integration.notify.world import PHONE, World


async def test_every_open_alert_that_waits_for_the_person_alone_goes_on_when_one_message_is_refused(
    world: World,
) -> None:
    first = await world.open()
    second = await world.open()
    world.expect("worker", "worker")
    world.carrier.refused[PHONE["worker"]] = 21610
    third = await world.open()
    await world.work()
    world.expect("head", "head", "head")
    for event in (first, second, third):
        assert "opted_out" in await world.story(event.case_code)
    assert "not_delivered" in await world.story(third.case_code)
    assert "not_delivered" not in await world.story(first.case_code)


async def test_a_message_reported_late_as_refused_does_the_same(world: World) -> None:
    first = await world.open()
    second = await world.open()
    sms, _ = world.expect("worker", "worker")
    await world.report(sms, "undelivered", 21610)
    world.expect("head", "head")
    await world.report(sms, "undelivered", 21610)
    world.silence()
    for event in (first, second):
        assert (await world.alert(event.case_code))["step"] == 2


async def test_an_alert_that_somebody_else_may_answer_waits_for_them(world: World) -> None:
    await world.serve("school", "social-9190")
    event = await world.open()
    sms = next(one for one in world.expect("worker", "school") if one.to == PHONE["worker"])
    await world.report(sms, "failed", 21610)
    world.silence()
    assert (await world.alert(event.case_code))["step"] == 1
