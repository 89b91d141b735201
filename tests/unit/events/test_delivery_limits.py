"""Two workers never hold one row."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from faststream_outbox import OutboxMessage
from faststream_outbox.message import OutboxInnerMessage

from shared.database import Database
from shared.events.delivery import LEASE, LEASE_MARGIN, Delivery
from shared.events.errors import FailedError, GivenBackError
from shared.events.lanes import EVENT_PACE, FORWARD_PACE, TASK_PACE, Pace

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def message(*, held: float = 0.0) -> OutboxMessage:
    row = OutboxInnerMessage(
        id=1,
        queue="triage",
        payload=b"{}",
        headers={},
        attempts_count=0,
        deliveries_count=1,
        created_at=NOW,
        next_attempt_at=NOW,
        first_attempt_at=None,
        last_attempt_at=None,
        acquired_at=NOW,
        acquired_token=uuid4(),
    )
    row.claimed_at_monotonic = time.monotonic() - held
    return OutboxMessage(raw_message=row, body=b"")


def delivery(work: Any, *, limit: float = 10.0) -> Delivery:
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    return Delivery(database=database, work={"triage": work}, limit=limit)


@pytest.mark.parametrize("pace", [EVENT_PACE, TASK_PACE, FORWARD_PACE])
def test_handler_ends_within_the_lease(pace: Pace) -> None:
    assert pace.limit + LEASE_MARGIN < LEASE


async def test_row_that_waited_too_long_is_given_back_unhandled() -> None:
    async def work(_row: Any) -> str:
        raise AssertionError

    with pytest.raises(GivenBackError):
        await delivery(work).handle(message(held=LEASE - 10.0))


async def test_row_just_claimed_is_handled() -> None:
    done: list[int] = []

    async def work(row: OutboxInnerMessage) -> str:
        done.append(row.id)
        return "handled"

    await delivery(work).handle(message())
    assert done == [1]


async def test_handler_past_its_limit_is_ended_and_that_is_a_strike() -> None:
    ended: list[str] = []

    async def work(_row: Any) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")
        return "never"

    with pytest.raises(FailedError) as failure:
        await delivery(work, limit=0.01).handle(message())
    assert ended == ["ended"]
    assert (failure.value.outage, failure.value.strikes) == (False, 1)
