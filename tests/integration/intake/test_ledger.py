"""Every report is in the ledger once: received = waiting + assessed."""

from __future__ import annotations

from datetime import timedelta

from services.intake.store import Ledger
from tests.integration.intake.world import World, alert, assessed
from tests.unit.intake.documents import a_report

NOTHING = Ledger(received=0, waiting=0, assessed=0, open=0, acknowledged=0, closed=0, derived=0, gap=0)


def balanced(ledger: Ledger) -> bool:
    parts = ledger.open + ledger.acknowledged + ledger.closed + ledger.derived
    return ledger.received == ledger.waiting + ledger.assessed and ledger.assessed == parts


async def test_empty_ledger_is_all_zero(world: World) -> None:
    assert await world.ledger() == NOTHING


async def test_every_station_is_counted_and_the_sums_hold(world: World) -> None:
    created = [await world.create(a_report(), f"key {number}") for number in range(7)]
    await world.create(a_report(subject={"kind": "adult"}, children_in_home=[{}, {}]), "adult")
    assert balanced(await world.ledger())
    for one in created[1:]:
        await world.assess(assessed(one))
        assert balanced(await world.ledger())
    for one in created[2:]:
        await world.change_alert(alert(one, 1))
        assert balanced(await world.ledger())
    for one in created[4:]:
        await world.change_alert(alert(one, 2, state="acknowledged"))
    await world.change_alert(alert(created[6], 3, state="closed"))
    ledger = await world.ledger()
    assert balanced(ledger)
    assert ledger == Ledger(received=10, waiting=3, assessed=7, open=2, acknowledged=2, closed=1, derived=2, gap=0)


async def test_report_held_up_for_two_minutes_is_a_gap_until_its_alert_comes_back(world: World) -> None:
    held_up = await world.create(a_report(subject={"kind": "adult"}, children_in_home=[{}]), "held up")
    await world.assess(assessed(held_up))
    await world.let_wait(timedelta(seconds=100))
    assert (await world.ledger()).gap == 0
    await world.let_wait(timedelta(seconds=30))
    await world.create(a_report(), "new")
    assert (await world.ledger()).gap == 1
    await world.change_alert(alert(held_up, 1))
    assert (await world.ledger()).gap == 0


async def test_gap_is_real_time_whatever_the_clock_says(world: World) -> None:
    await world.create(a_report())
    world.clock.advance(timedelta(days=400))
    assert (await world.ledger()).gap == 0
