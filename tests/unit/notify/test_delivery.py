from __future__ import annotations

from functools import reduce
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules.delivery import (
    DeliveryState,
    NeverRetry,
    OtherChannel,
    RetryLater,
    advance,
    classify_error,
    marks_contact,
)

TWILIO = [
    "queued",
    "accepted",
    "scheduled",
    "sending",
    "sent",
    "delivered",
    "read",
    "undelivered",
    "failed",
    "canceled",
]
LOST = {DeliveryState.UNDELIVERED, DeliveryState.FAILED}
STATES = st.sampled_from(DeliveryState)
REPORTS = st.lists(st.sampled_from([*TWILIO, "receiving", ""]))


def after(start: DeliveryState, *reports: str) -> DeliveryState:
    return reduce(advance, reports, start)


@pytest.mark.parametrize(
    ("reported", "state"),
    [
        ("queued", DeliveryState.ACCEPTED),
        ("accepted", DeliveryState.ACCEPTED),
        ("sending", DeliveryState.ACCEPTED),
        ("sent", DeliveryState.SENT),
        ("delivered", DeliveryState.DELIVERED),
        ("read", DeliveryState.DELIVERED),
        ("undelivered", DeliveryState.UNDELIVERED),
        ("failed", DeliveryState.FAILED),
        ("canceled", DeliveryState.FAILED),
        (" Delivered ", DeliveryState.DELIVERED),
    ],
)
def test_a_report_moves_a_message_on(reported: str, state: DeliveryState) -> None:
    assert advance(DeliveryState.SENDING, reported) is state


@pytest.mark.parametrize("late", ["queued", "accepted", "sending", "sent", "undelivered", "failed", "canceled"])
def test_nothing_overwrites_delivered(late: str) -> None:
    assert advance(DeliveryState.DELIVERED, late) is DeliveryState.DELIVERED


@pytest.mark.parametrize("state", sorted(LOST))
def test_a_failure_stays_until_the_phone_has_the_message(state: DeliveryState) -> None:
    assert after(state, "queued", "sent", "failed", "undelivered") is state
    assert after(state, "sent", "delivered") is DeliveryState.DELIVERED


def test_a_cancelled_message_is_not_lost_but_may_prove_delivered() -> None:
    assert after(DeliveryState.CANCELLED, "sent", "failed", "undelivered") is DeliveryState.CANCELLED
    assert advance(DeliveryState.CANCELLED, "delivered") is DeliveryState.DELIVERED


@given(STATES, st.text())
def test_an_unknown_report_changes_nothing(state: DeliveryState, reported: str) -> None:
    if reported.strip().lower() not in TWILIO:
        assert advance(state, reported) is state


@given(STATES, REPORTS, st.randoms())
def test_any_order_of_reports_ends_alike(state: DeliveryState, reports: list[str], random: Random) -> None:
    shuffled = list(reports)
    random.shuffle(shuffled)
    ends = {after(state, *reports), after(state, *shuffled)}
    assert len(ends) == 1 or ends == LOST


@given(STATES, REPORTS)
def test_repeated_reports_change_nothing(state: DeliveryState, reports: list[str]) -> None:
    once = after(state, *reports)
    assert after(once, *reports) is once


@pytest.mark.parametrize("code", [21408, 21612, 21617])
def test_what_another_way_may_bring_is_said_so(code: int) -> None:
    assert classify_error(400, code) == OtherChannel(code)


@pytest.mark.parametrize("code", [21211, 21214, 21217, 21610, 21614, 21635])
@pytest.mark.parametrize("status", [400, 403])
def test_a_number_that_cannot_be_reached_is_never_tried_again(code: int, status: int) -> None:
    assert classify_error(status, code) == NeverRetry(code)


@pytest.mark.parametrize(
    ("status", "code", "doubtful"),
    [
        (401, 20003, False),
        (404, 20404, False),
        (429, 20429, False),
        (429, 21610, False),
        (400, 21606, False),
        (400, 99999, False),
        (400, None, False),
        (500, None, True),
        (503, 20503, True),
        (503, 21211, True),
    ],
)
def test_anything_else_is_tried_again_and_in_doubt_only_after_a_fault_of_the_server(
    status: int,
    code: int | None,
    doubtful: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert classify_error(status, code) == RetryLater(f"status {status}", doubtful=doubtful)


@pytest.mark.parametrize("code", [21211, 21610, 21614, 21635, 30004, 30005, 30006])
def test_an_error_of_the_number_marks_the_contact(code: int) -> None:
    assert marks_contact(code)


@pytest.mark.parametrize("code", [None, 0, 20003, 21408, 21609, 21612, 21617, 30003, 30007, 30008])
def test_an_error_that_may_pass_does_not_mark_the_contact(code: int | None) -> None:
    assert not marks_contact(code)
