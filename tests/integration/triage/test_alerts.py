from __future__ import annotations

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest

from services.triage.handlers.record_alert import AlertWithoutCaseError
from tests.integration.triage.world import World, alert
from tests.unit.triage.reports import RECEIVED, a_report

PERSON = uuid4()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_newest_change_is_kept_in_any_order(world: World, order: tuple[int, ...]) -> None:
    report = a_report()
    await world.assess(report)
    acknowledged = {"acknowledged_by": PERSON, "acknowledged_at": RECEIVED + timedelta(minutes=3)}
    changes = [
        alert(report, sequence=1),
        alert(report, sequence=2, step=2, paged=3),
        alert(report, sequence=3, state="acknowledged", step=2, paged=3, **acknowledged),
    ]
    await world.record(*(changes[index] for index in order), changes[0])
    case = await world.case(report.report_id)
    kept = [case[name] for name in ("alert_sequence", "alert_state", "alert_level", "alert_step", "alert_paged")]
    assert kept == [3, "acknowledged", "URGENT", 2, 3]
    assert (case["acknowledged_by"], case["acknowledged_at"]) == tuple(acknowledged.values())


async def test_alert_without_a_case_is_tried_again(world: World) -> None:
    with pytest.raises(AlertWithoutCaseError):
        await world.record(alert(a_report()))
