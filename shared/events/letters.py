"""Dead letters looked at, put back or set aside for good, and what was handled forgotten when it is old."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, literal, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.events import AlertChanged, CaseAssessed, PersonChanged, ReportReceived
from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events.delivery import OUTAGES, STARTED_ALONE
from shared.events.rows import FORWARD_QUEUE, event_queue, task_queue
from shared.events.seal import PERSONAL_TOPICS
from shared.events.tables import CHANNEL, DEAD_LETTERS, HANDLED, LETTER_ACTS, QUEUE
from shared.observability import LETTERS_WAITING

SHORTEST_REASON: Final = 10
"""Characters of a reason to discard."""

SENDS: Final = {
    ServiceName.INTAKE: frozenset({ReportReceived.TOPIC}),
    ServiceName.TRIAGE: frozenset({CaseAssessed.TOPIC}),
    ServiceName.NOTIFY: frozenset({AlertChanged.TOPIC, PersonChanged.TOPIC}),
}
"""The topics that each service publishes: what could not be forwarded to Kafka is its letter."""

_LETTERS: Final = DEAD_LETTERS.c
_TOPIC: Final = _LETTERS.headers["topic"].astext
_WHAT: Final = func.coalesce(_TOPIC, _LETTERS.headers["task"].astext, "")
_EVENT_ID: Final = func.coalesce(_LETTERS.headers["event_id"].astext, "")
_WAITING: Final = ~exists().where(LETTER_ACTS.c.letter_id == _LETTERS.id, LETTER_ACTS.c.act == "discarded")


@dataclass(frozen=True)
class DeadLetter:
    """A row set aside. `reason` is the class name of the last failure; the payload is not shown.

    `what` is its topic or task; `event_id` is empty for a task. `failed_at` is real time, in UTC.
    """

    id: int
    queue: str
    what: str
    event_id: str
    reason: str
    tries: int
    failed_at: datetime

    @property
    def is_report(self) -> bool:
        """Whether it is a submitted report, which nobody may discard unread."""
        return self.what in PERSONAL_TOPICS


_shown = (
    select(
        _LETTERS.id,
        _LETTERS.queue,
        _WHAT,
        _EVENT_ID,
        func.coalesce(_LETTERS.last_exception, _LETTERS.failure_reason),
        _LETTERS.deliveries_count,
        _LETTERS.failed_at,
    )
    .where(_WAITING)
    .order_by(_LETTERS.id.desc())
)


def of_service(service: ServiceName) -> ColumnElement[bool]:
    """Return the condition on dead letters that a service shows: its own, and any that is no other service's."""
    others = [other for other in ServiceName if other is not service]
    queues = [queue for other in others for queue in (event_queue(other), task_queue(other))]
    topics = [topic for other in others for topic in SENDS[other]]
    forwarded = and_(_LETTERS.queue == FORWARD_QUEUE, func.coalesce(_TOPIC, "").in_(topics))
    return not_(or_(_LETTERS.queue.in_(queues), forwarded))


async def dead_letters(
    connection: AsyncConnection, *, limit: int = 100, which: ColumnElement[bool] | None = None
) -> list[DeadLetter]:
    """Return the newest dead letters that wait for a person, newest first."""
    rows = await connection.execute(_shown.where(_which(which)).limit(limit))
    return [DeadLetter(*row) for row in rows]


async def count_waiting(connection: AsyncConnection, which: ColumnElement[bool] | None = None) -> int:
    """Count the dead letters that wait for a person."""
    statement = select(func.count()).select_from(DEAD_LETTERS).where(_WAITING, _which(which))
    return int(await connection.scalar(statement) or 0)


async def measure_waiting(database: Database) -> None:
    """Tell the metrics how many dead letters of a database wait for a person."""
    async with database.reading() as connection:
        LETTERS_WAITING.labels("event").set(await count_waiting(connection))


async def put_back(connection: AsyncConnection, letter_id: int, *, by: UUID | None = None) -> bool:
    """Move a dead letter back into its queue, to be tried afresh; false when there is none of this id.

    An event that was handled in the meantime changes nothing. `by` is who asked; null at the command line.
    """
    return await put_back_all(connection, _LETTERS.id == letter_id, by=by) > 0


async def put_back_all(connection: AsyncConnection, which: ColumnElement[bool], *, by: UUID | None = None) -> int:
    """Move the dead letters of a condition back into their queues, record each, and return how many."""
    taken = delete(DEAD_LETTERS).where(which).returning(*_LETTERS)
    rows = sorted((await connection.execute(taken)).mappings().all(), key=lambda row: int(row["id"]))
    if not rows:
        return 0
    back = [{"queue": row["queue"], "payload": row["payload"], "headers": _fresh(row["headers"])} for row in rows]
    await connection.execute(insert(QUEUE), back)
    acts = [_act(row["id"], row["queue"], row["headers"], by) for row in rows]
    await connection.execute(insert(LETTER_ACTS), acts)
    for queue in sorted({str(row["queue"]) for row in rows}):
        await connection.execute(select(func.pg_notify(literal(CHANNEL), queue)))
    return len(rows)


def waits_with_id(ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition on letters of these ids that nobody discarded."""
    return and_(_LETTERS.id.in_(ids), _WAITING)


def waits_in(queue: str) -> ColumnElement[bool]:
    """Return the condition on letters of a queue that nobody discarded."""
    return and_(_LETTERS.queue == queue, _WAITING)


async def discard(
    connection: AsyncConnection, letter_id: int, *, by: UUID, reason: str, which: ColumnElement[bool]
) -> bool:
    """Set a dead letter of a condition aside for good; false when none of this id waits.

    Its row and payload stay as they are, so that `heedline replay` can still put it back. `reason` has at least
    `SHORTEST_REASON` characters. A submitted report is never discarded here, where nobody can have read it.
    """
    mine = (_LETTERS.id == letter_id, _WAITING, _WHAT.not_in(PERSONAL_TOPICS), which)
    statement = select(_LETTERS.id, _LETTERS.queue, _LETTERS.headers).where(*mine)
    row = (await connection.execute(statement.with_for_update(of=DEAD_LETTERS))).first()
    if row is None:
        return False
    await connection.execute(insert(LETTER_ACTS), [_act(row[0], row[1], row[2], by, "discarded", reason)])
    return True


@dataclass(frozen=True)
class LetterAct:
    """What somebody did with a dead letter; `person_id` null: the command line."""

    letter_id: int
    queue: str
    what: str
    event_id: str
    act: str
    person_id: UUID | None
    reason: str
    at: datetime


async def acts(connection: AsyncConnection, limit: int, queues: Collection[str] | None = None) -> Sequence[LetterAct]:
    """Return the newest acts, newest first, of letters of some queues or of any."""
    columns = (LETTER_ACTS.c[name] for name in LetterAct.__dataclass_fields__)
    wanted = true() if queues is None else LETTER_ACTS.c.queue.in_(queues)
    rows = await connection.execute(select(*columns).where(wanted).order_by(LETTER_ACTS.c.id.desc()).limit(limit))
    return [LetterAct(*row) for row in rows]


async def forget_handled(connection: AsyncConnection, before: datetime) -> int:
    """Forget what was handled before a moment of real time; return how many.

    Nothing older than Kafka keeps (7 days) and than the oldest row of the queue can be delivered again.
    """
    done = await connection.execute(delete(HANDLED).where(HANDLED.c.handled_at < before))
    return int(getattr(done, "rowcount", 0))


def _which(which: ColumnElement[bool] | None) -> ColumnElement[bool]:
    return true() if which is None else which


def _fresh(headers: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (headers or {}).items() if name not in {OUTAGES, STARTED_ALONE}}


def _act(
    letter_id: int, queue: str, headers: dict[str, Any] | None, by: UUID | None, act: str = "replayed", reason: str = ""
) -> dict[str, object]:
    named = headers or {}
    return {
        "letter_id": letter_id,
        "queue": queue,
        "what": named.get("topic") or named.get("task") or "",
        "event_id": named.get("event_id") or "",
        "act": act,
        "person_id": by,
        "reason": reason,
    }
