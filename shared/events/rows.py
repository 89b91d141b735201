"""Rows of the queue, written many at a time in one statement that also wakes their consumers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import ARRAY, DateTime, LargeBinary, Text, bindparam, cast, column, func, insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.event import Event
from shared.contracts.vocabulary import ServiceName
from shared.events.errors import UnreadableEventError
from shared.events.tables import CHANNEL, QUEUE

FORWARD_QUEUE = "forward"
"""Rows for the forwarder, which produces them to Kafka."""


def event_queue(service: ServiceName) -> str:
    """Return the name of the queue of a service's events."""
    return service.value


def task_queue(service: ServiceName) -> str:
    """Return the name of the queue of a service's own work."""
    return f"{service.value}.tasks"


@dataclass(frozen=True, slots=True)
class Row:
    """A row to write: its queue, its payload as stored, and headers, which hold identifiers only."""

    queue: str
    payload: bytes
    headers: dict[str, str]


class Envelope(BaseModel):
    """What every event has, read without knowing its model.

    `correlation_id` is held to plain characters, so that one strange record cannot stop a whole batch from
    being stored.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    event_id: UUID
    version: int = Field(default=1, ge=0, le=1_000_000)
    correlation_id: str = Field(max_length=200, pattern=r"^[\x20-\x7e]*$")

    @classmethod
    def read(cls, payload: bytes) -> Envelope:
        """Read the envelope of a JSON payload, or raise `UnreadableEventError`."""
        try:
            return cls.model_validate_json(payload)
        except ValidationError:
            raise UnreadableEventError from None


def event_headers(topic: str, event: Event | Envelope) -> dict[str, str]:
    """Return the headers of an event's row."""
    return {
        "topic": topic,
        "event_id": str(event.event_id),
        "version": str(event.version),
        "correlation_id": event.correlation_id,
    }


_new = (
    func.unnest(
        bindparam("queues", type_=ARRAY(Text)),
        bindparam("payloads", type_=ARRAY(LargeBinary)),
        bindparam("headers", type_=ARRAY(Text)),
    )
    .table_valued(column("queue", Text), column("payload", LargeBinary), column("headers", Text))
    .render_derived()
)
_columns = ["queue", "payload", "headers", "next_attempt_at"]
_values = (_new.c.queue, _new.c.payload, cast(_new.c.headers, JSONB))
_NOW = (
    insert(QUEUE)
    .from_select(_columns, select(*_values, func.now()))
    .returning(func.pg_notify(literal(CHANNEL), QUEUE.c.queue))
)
"""PostgreSQL announces at the commit, once for each queue; a rollback announces nothing."""
_LATER = insert(QUEUE).from_select(_columns, select(*_values, bindparam("due", type_=DateTime(timezone=True))))
"""Nobody is woken for work that is not due; the consumers' regular look finds it."""


async def write_rows(connection: AsyncConnection, rows: Sequence[Row], *, not_before: datetime | None = None) -> None:
    """Write rows in the connection's transaction; `not_before` is real time, not a moved clock's."""
    if not rows:
        return
    values: dict[str, object] = {
        "queues": [row.queue for row in rows],
        "payloads": [row.payload for row in rows],
        "headers": [json.dumps(row.headers) for row in rows],
    }
    if not_before is None:
        await connection.execute(_NOW, values)
    else:
        await connection.execute(_LATER, {**values, "due": not_before})
