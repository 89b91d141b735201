"""When a failed row is tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from shared.events.errors import FailedError, GivenBackError, OutageError, UnreadableEventError, is_outage, reason
from shared.events.patience import EVENT_PATIENCE, FORWARD_PATIENCE, TASK_PATIENCE, Patience

THEN = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = 3600.0


def delay(patience: Patience, error: BaseException | None, attempts: int = 1) -> float | None:
    return patience.strategy().get_next_attempt_delay(
        first_attempt_at=THEN, last_attempt_at=THEN, attempts_count=attempts, exception=error
    )


class _StateError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__()
        self.sqlstate = sqlstate


def database_error(sqlstate: str) -> DBAPIError:
    return DBAPIError("SELECT 1", None, _StateError(sqlstate))


def test_event_is_tried_for_the_better_part_of_an_hour() -> None:
    delays = [delay(EVENT_PATIENCE, FailedError(ValueError(), strikes=strike, outages=0)) for strike in range(1, 12)]
    waited = sum(one for one in delays if one is not None)
    assert None not in delays
    assert 0.6 * HOUR < waited < 1.2 * HOUR
    assert delay(EVENT_PATIENCE, FailedError(ValueError(), strikes=12, outages=0)) is None


def test_page_to_a_human_is_tried_for_hours() -> None:
    assert delay(TASK_PATIENCE, FailedError(ValueError(), strikes=199, outages=0)) is not None


@pytest.mark.parametrize("patience", [EVENT_PATIENCE, TASK_PATIENCE, FORWARD_PATIENCE])
def test_outage_is_waited_out_however_long(patience: Patience) -> None:
    waited = delay(patience, FailedError(OutageError(), strikes=0, outages=100_000), attempts=100_000)
    assert waited is not None
    assert waited <= patience.outage_longest * 1.2


def test_row_given_back_is_free_at_once() -> None:
    assert delay(EVENT_PATIENCE, GivenBackError(), attempts=50) == 0.0


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OutageError(), True),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (database_error("40001"), True),
        (database_error("57P01"), True),
        (database_error("23505"), False),
        (database_error("22003"), False),
        (ValueError(), False),
        (KeyError(), False),
    ],
    ids=repr,
)
def test_only_what_comes_back_by_itself_is_an_outage(error: Exception, outage: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_outage(error) is outage


def test_dead_letter_names_the_class_and_never_the_text() -> None:
    assert reason(FailedError(ValueError("Nguyễn Văn A"), strikes=1, outages=0)) == "ValueError"
    assert reason(UnreadableEventError()) == "UnreadableEventError"
    assert reason(RuntimeError("Nguyễn Văn A")) == "RuntimeError"
