"""What the system page says of paging itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notify.system_view import Health, load_health
from shared.contracts.vocabulary import Level
from shared.places import TEST_UNIT
from tests.integration.notify.policy_site import open_site
from tests.integration.notify.world import World


async def health(world: World) -> Health:
    async with world.database.reading() as connection:
        return await load_health(connection, world.clock.now())


async def test_a_quiet_installation_is_well(world: World) -> None:
    found = await health(world)
    assert found.well
    assert (found.open_alerts, found.waiting, found.errors, found.watch_raised) == (0, 0, [], None)


async def test_a_step_that_nothing_fires_is_late_until_the_sweep_runs(world: World) -> None:
    await world.open(Level.IMMEDIATE)
    assert (await health(world)).late_steps == 0
    world.clock.advance(timedelta(minutes=10, seconds=40))
    late = await health(world)
    assert (late.late_steps, late.latest, late.well) == (1, timedelta(seconds=40), False)
    await world.pass_time()
    assert (await health(world)).late_steps == 0


async def test_messages_are_counted_by_what_became_of_them_and_errors_are_named(world: World) -> None:
    await world.open(Level.IMMEDIATE)
    first, second, third = world.expect("worker", "head", "police")
    await world.report(first, "delivered")
    await world.report(second, "undelivered", 30007)
    await world.report(third, "failed", 99999)
    found = await health(world)
    assert (found.hour.taken, found.hour.delivered, found.hour.failed, found.day.fullest_minute) == (1, 1, 2, 3)
    assert {error.code: error.text("en").split(":")[0] for error in found.errors} == {
        30007: "Filtered",
        99999: "Another error",
    }
    world.clock.advance(timedelta(hours=25))
    assert (await health(world)).day.failed == 0


async def test_a_message_that_nobody_sends_is_late_after_a_minute(world: World) -> None:
    await world.hear_urgent()
    found = await health(world)
    assert found.waiting == 1
    assert [queue.queue for queue in found.queues if queue.waiting] == ["intake", "notify.tasks", "triage"]
    assert found.well
    assert not (await health(world)).sending_late
    world.clock.advance(timedelta(minutes=2))
    assert (await health(world)).sending_late


async def test_a_watch_that_went_quiet_or_got_no_answer_is_shown(world: World) -> None:
    await world.open(Level.URGENT, unit_code=TEST_UNIT.code)
    world.clock.advance(timedelta(minutes=11))
    assert (await health(world)).watch_late


@pytest.mark.parametrize(("language", "words"), [("vi", "Nhà mạng lọc tin"), ("en", "Filtered")])
async def test_the_page_shows_what_waits_what_failed_and_the_watch(world: World, language: str, words: str) -> None:
    await world.open(Level.URGENT, unit_code=TEST_UNIT.code)
    await world.open(Level.IMMEDIATE)
    for sms in world.carrier.new():
        await world.report(sms, "undelivered", 30007)
    await world.hear_urgent()
    async with open_site(world) as site:
        page = await site.get("/system", lang=language)
        assert page.status_code == 200
        assert words in page.text
        assert "notify.tasks" in page.text
        assert "14:10 28/11" in page.text
        assert "twilio" in page.text
        assert (await site.get("/system", "worker")).status_code == 403
