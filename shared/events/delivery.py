"""One row from the queue, handled: what every kind of row has in common.

A row's lease is the time after which another worker may take it. Three rules keep two workers from handling
one row at once and one row from stopping all others:

- a row that waited too long for a free worker is given back before its lease can run out while it is handled;
- a handler has a limit, which ends within the lease;
- a row whose deliveries ended again and again without an outcome (the process died) is handled alone, counted
  before it starts, and set aside when the process dies of it. Rows that only happened to be in the same
  process as such a row are handled too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from faststream_outbox import OutboxMessage
from faststream_outbox.message import OutboxInnerMessage
from sqlalchemy import Text, bindparam, cast, func, update
from structlog.contextvars import bound_contextvars

from shared.database import Database
from shared.events.errors import FailedError, GivenBackError, KillsItsWorkerError, SetAsideError, is_outage
from shared.events.tables import QUEUE
from shared.observability import EVENTS_HANDLED, logger

LEASE = 15.0
"""Seconds for which a claimed row is its worker's own; a row of a killed process comes back after that."""
LEASE_MARGIN = 1.0
"""Seconds kept free for recording the outcome."""

SUSPECT_AFTER = 3
"""Deliveries without an outcome after which a row is handled alone."""
ALONE_TIMES = 3
"""Times that a row may be started alone and leave no outcome before it is set aside."""

OUTAGES = "outages"
STARTED_ALONE = "started_alone"

_log = logger(__name__)

Work = Callable[[OutboxInnerMessage], Awaitable[str]]
"""Does what a row asks for and names the outcome for the metrics; raises `SetAsideError` where trying is useless."""

_count = (
    update(QUEUE)
    .where(QUEUE.c.id == bindparam("row"), QUEUE.c.acquired_token == bindparam("token"))
    .values(
        headers=QUEUE.c.headers.op("||")(
            func.jsonb_build_object(cast(bindparam("name"), Text), cast(bindparam("value"), Text))
        )
    )
)


@dataclass(frozen=True)
class Delivery:
    """Handles the rows of some queues. `work` is by queue; `limit` is in seconds and ends before the lease does."""

    database: Database
    work: Mapping[str, Work]
    limit: float
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def handle(self, message: OutboxMessage) -> None:
        """Handle a row; what is raised tells the queue what to do with it."""
        row = message.raw_message
        self._check_lease(row)
        if row.deliveries_count - row.attempts_count - 1 < SUSPECT_AFTER:
            await self._try(row)
            return
        async with self.alone:
            self._check_lease(row)
            await self._start_alone(row)
            await self._try(row)

    def _check_lease(self, row: OutboxInnerMessage) -> None:
        if time.monotonic() - row.claimed_at_monotonic > LEASE - LEASE_MARGIN - self.limit:
            raise GivenBackError

    async def _start_alone(self, row: OutboxInnerMessage) -> None:
        started = _counted(row, STARTED_ALONE)
        if started >= ALONE_TIMES:
            self._record(row, "set_aside")
            _log.error("row_kills_its_worker", consumer=row.queue, **_names(row))
            raise KillsItsWorkerError
        await self._count(row, STARTED_ALONE, started + 1)

    async def _try(self, row: OutboxInnerMessage) -> None:
        headers = row.headers or {}
        with bound_contextvars(correlation_id=headers.get("correlation_id", "")):
            try:
                async with asyncio.timeout(self.limit) as limit:
                    outcome = await self.work[row.queue](row)
            except SetAsideError as error:
                self._record(row, "set_aside")
                _log.error("event_set_aside", consumer=row.queue, reason=type(error).__name__, **_names(row))
                raise
            except Exception as error:  # noqa: BLE001 - whatever a handler raises is an outcome of its row
                raise await self._failed(row, error, ran_out=limit.expired()) from None
        self._record(row, outcome)

    async def _failed(self, row: OutboxInnerMessage, error: Exception, *, ran_out: bool) -> FailedError:
        self._record(row, "failed")
        _log.warning(
            "event_failed",
            consumer=row.queue,
            cause=type(error).__name__,
            attempt=row.attempts_count + 1,
            at=_place(error),
            **_names(row),
        )
        outages = _counted(row, OUTAGES)
        cause = _TookTooLongError() if ran_out else error
        if is_outage(cause):
            outages += 1
            await self._count_outage(row, outages)
        return FailedError(cause, strikes=row.attempts_count + 1 - outages, outages=outages)

    async def _count_outage(self, row: OutboxInnerMessage, outages: int) -> None:
        try:
            await self._count(row, OUTAGES, outages)
        except Exception as error:  # noqa: BLE001 - with the database away nothing is counted, and the lease runs out
            _log.warning("outage_not_counted", consumer=row.queue, cause=type(error).__name__)

    async def _count(self, row: OutboxInnerMessage, name: str, value: int) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(
                _count, {"row": row.id, "token": row.acquired_token, "name": name, "value": str(value)}
            )

    def _record(self, row: OutboxInnerMessage, outcome: str) -> None:
        headers = row.headers or {}
        EVENTS_HANDLED.labels(row.queue, headers.get("topic") or headers.get("task", ""), outcome).inc()


class _TookTooLongError(Exception):
    """A handler did not end within its limit."""


def _place(error: BaseException) -> str:
    """Return where an error was raised, `file.py:12`; a whole trace may show what a row holds."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""


def _counted(row: OutboxInnerMessage, name: str) -> int:
    return int((row.headers or {}).get(name, "0"))


def _names(row: OutboxInnerMessage) -> dict[str, str]:
    headers = row.headers or {}
    return {name: headers[name] for name in ("topic", "task", "event_id") if name in headers}
