"""The stations of a report, and how long it may wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.intake.rules.republishing import FIRST_WAIT, LONGEST_WAIT, wait_after
from services.intake.rules.status import Status, status_of
from shared.contracts.events import AlertState
from shared.contracts.vocabulary import Level


@pytest.mark.parametrize(
    ("level", "state", "paged", "status"),
    [
        (None, None, 0, Status.RECEIVED),
        (Level.URGENT, None, 0, Status.ASSESSED),
        (Level.URGENT, "open", 0, Status.ASSESSED),
        (Level.URGENT, "open", 1, Status.PAGED),
        (Level.URGENT, "acknowledged", 0, Status.ACKNOWLEDGED),
        (Level.URGENT, "closed", 2, Status.CLOSED),
        (None, "open", 0, Status.RECEIVED),
        (None, "acknowledged", 1, Status.ACKNOWLEDGED),
    ],
)
def test_status_is_the_furthest_station(
    level: Level | None, state: AlertState | None, paged: int, status: Status
) -> None:
    assert status_of(level, state, paged) is status


def test_waits_double_up_to_ten_minutes() -> None:
    waits = [wait_after(attempts) for attempts in range(1, 2000)]
    assert waits[:4] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT, 8 * FIRST_WAIT]
    assert max(waits) == LONGEST_WAIT == timedelta(minutes=10)
    assert waits == sorted(waits)
