"""What people do on a case reaches its alert: nobody is paged who need not be, and what is overdue is reminded of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.events import CaseAssessed, CaseWork
from shared.contracts.vocabulary import Level
from tests.integration.notify.world import ID, UNIT, World

POLICE = f"police-{UNIT}"


def worked(event: CaseAssessed, **work: Any) -> CaseAssessed:
    """The next state of a case, in which more is done."""
    done = event.work.model_copy(update=work)
    return event.model_copy(update={"sequence": event.sequence + 1, "work": done})


async def test_whoever_accepts_a_hand_over_has_the_case_and_pages_end(world: World) -> None:
    event = await world.open(Level.URGENT)
    world.expect("worker")
    await world.hear(worked(event, owner=POLICE, held_by=ID["police"]))
    await world.pass_time(hours=3)
    world.silence()
    alert = await world.alert(event.case_code)
    assert (alert["state"], alert["acknowledged_by"]) == ("acknowledged", str(ID["police"]))
    assert "handed_over" in await world.story(event.case_code)


async def test_a_team_that_is_asked_to_take_over_is_told_once(world: World) -> None:
    event = await world.open(Level.PRIORITY)
    world.expect("worker")
    offered = worked(event, offered_to=POLICE)
    await world.hear(offered)
    await world.hear(offered)
    await world.work()
    world.expect("police", says="phoi hop")


async def test_closing_a_case_ends_its_alert(world: World) -> None:
    event = await world.open(Level.IMMEDIATE)
    world.carrier.new()
    await world.hear(worked(event, closed_at=world.clock.now(), closed_by=ID["worker"]))
    await world.pass_time(hours=1)
    world.silence()
    assert (await world.alert(event.case_code))["state"] == "closed"


async def test_a_contact_recorded_on_the_case_needs_no_reminder(world: World) -> None:
    event = await world.open(Level.URGENT)
    await world.reply("worker", f"OK {event.case_code}")
    world.carrier.new()
    await world.hear(worked(event, contact_at=world.clock.now()))
    await world.pass_time(hours=5)
    world.silence()
    assert (await world.told())[-1].contact_at is not None


@pytest.mark.parametrize(
    ("done", "missed", "says"),
    [("form02_at", "visit_by", "chua ghi gap truc tiep"), ("seen_at", "form02_by", "chua ghi Mau 02")],
)
async def test_a_missed_milestone_is_reminded_of_once(world: World, done: str, missed: str, says: str) -> None:
    event = await world.open(Level.IMMEDIATE)
    due = event.received_at + timedelta(hours=2)
    clocks = event.clocks.model_copy(update={"visit_by": due, "form02_by": due})
    await world.reply("worker", f"OK {event.case_code}")
    world.carrier.new()
    now = world.clock.now()
    await world.hear(worked(event, contact_at=now, **{done: now}).model_copy(update={"clocks": clocks}))
    await world.pass_time(hours=1, minutes=40)
    world.silence()
    await world.pass_time(minutes=30)
    world.expect("worker", says=says)
    await world.pass_time(hours=3)
    world.silence()
    assert f"{'seen' if missed == 'visit_by' else 'form02'}_overdue" in await world.story(event.case_code)


async def test_the_report_of_a_child_at_an_adults_home_has_no_alert_of_its_own(world: World) -> None:
    adult = await world.open(Level.PRIORITY)
    world.expect("worker")
    await world.open(Level.IMMEDIATE, derived_from=adult.report_id)
    world.silence()


def test_work_says_nothing_personal() -> None:
    assert set(CaseWork.model_fields) == {
        *("owner", "offered_to", "held_by", "contact_at", "seen_at", "form02_at", "plan_at", "closed_at", "closed_by")
    }
