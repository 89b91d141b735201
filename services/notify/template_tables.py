"""The tables of message templates and of how fast a sender may send. All moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, MetaData, Table, Text, UniqueConstraint, Uuid
from sqlalchemy import text as sql

_MOMENT = DateTime(timezone=True)


@dataclass(frozen=True)
class TemplateTables:
    """Templates of messages, and the pace of senders."""

    templates: Table
    pace: Table


def template_tables(metadata: MetaData) -> TemplateTables:
    """Add the tables to a service's metadata.

    What a version says, and who proposed it, never changes, which a trigger holds; its state goes from proposed to
    in_force and retired, or to withdrawn. One version of a name and language is in force at any moment.
    `registered_at` and `registration` say when and under what reference the operators registered the text.

    `sender_pace.free_at` is real time: until then the sender is busy with what it was given.
    """
    templates = Table(
        "message_templates",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("name", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("text", Text, nullable=False),
        Column("encoding", Text, nullable=False),
        Column("sender_name", Text, nullable=False),
        Column("registration", Text, nullable=False, server_default=sql("''")),
        Column("registered_at", _MOMENT),
        Column("state", Text, nullable=False),
        Column("proposed_by", Uuid, nullable=False),
        Column("proposed_at", _MOMENT, nullable=False),
        Column("decided_by", Uuid),
        Column("in_force_from", _MOMENT),
        Column("ended_at", _MOMENT),
        UniqueConstraint("name", "language", "version"),
        CheckConstraint("language IN ('vi', 'en')", name="language"),
        CheckConstraint("encoding IN ('gsm7', 'ucs2')", name="encoding"),
        CheckConstraint("state IN ('proposed', 'in_force', 'retired', 'withdrawn')", name="state"),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
        Index(
            "uq_message_templates_in_force",
            "name",
            "language",
            unique=True,
            postgresql_where=sql("state = 'in_force'"),
        ),
    )
    pace = Table(
        "sender_pace",
        metadata,
        Column("sender", Text, primary_key=True),
        Column("free_at", _MOMENT, nullable=False),
    )
    return TemplateTables(templates, pace)
