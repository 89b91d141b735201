"""The tables of the event queue: rows that wait, dead letters, and what each consumer has handled."""

from __future__ import annotations

from pathlib import Path

from faststream_outbox import make_dlq_table, make_outbox_table
from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Table, Text, Uuid, func

from shared.database import schema_metadata
from shared.migrations import Schema

METADATA = schema_metadata("events")

QUEUE = make_outbox_table(METADATA, "queue")
"""Rows that wait. `queue` names the consuming service, `<service>.tasks` its own work, or the forwarder."""

DEAD_LETTERS = make_dlq_table(METADATA, "dead_letters")
"""Rows set aside, with the reason in `last_exception`: a class name only."""

HANDLED = Table(
    "handled",
    METADATA,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("handled_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""One row for each event and consumer, written in the transaction of the event's effects; `handled_at` in UTC."""

LETTER_ACTS = Table(
    "letter_acts",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("letter_id", BigInteger, nullable=False),
    Column("queue", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("person_id", Uuid),
    Column("reason", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("act = 'replayed'::text OR act = 'discarded'::text", name="act"),
    CheckConstraint("act = 'replayed'::text OR length(reason) >= 10", name="reason"),
    Index("ix_letter_acts_letter_id", "letter_id"),
)
"""What people did with dead letters, for ever; `person_id` null: the command line. The database refuses to change a row.

`what` is the topic or task, `event_id` empty for a task. A discarded letter keeps its row in `dead_letters`.
"""

CHANNEL = f"outbox_{QUEUE.name}"
"""Where PostgreSQL announces new rows; the payload is the queue's name."""

EVENTS_SCHEMA = Schema("events", Path(__file__).parent / "migrations")
