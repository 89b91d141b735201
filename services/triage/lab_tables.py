"""The tables of the rule lab: versions of the rule table, who put them into force, and replays. No personal data."""

from __future__ import annotations

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.triage.lab_records import STATES

_STATES = ", ".join(f"'{state}'" for state in STATES)


class LabTables:
    """`rule_tables`: every version; the database refuses to change a document that left the state draft.

    `rule_activations`: what was put into force, for ever. `rule_replays`: what past cases would have become under a
    digest, against the digest that was in force then.
    """

    def __init__(self, metadata: MetaData) -> None:
        self.rule_tables = Table(
            "rule_tables",
            metadata,
            Column("version", Text),
            Column("document", JSONB, nullable=False),
            Column("digest", Text, nullable=False),
            Column("base_version", Text),
            # Null: made at the command line, or built in.
            Column("author", Uuid),
            Column("note", Text, nullable=False, server_default=text("''")),
            Column("state", Text, nullable=False),
            Column("created_at", TIMESTAMP(timezone=True), nullable=False),
            Column("changed_at", TIMESTAMP(timezone=True), nullable=False),
            Column("proposed_by", Uuid),
            Column("proposed_at", TIMESTAMP(timezone=True)),
            PrimaryKeyConstraint("version"),
            CheckConstraint(f"state IN ({_STATES})", name="state"),
            CheckConstraint("state <> 'proposed' OR (proposed_by IS NOT NULL AND note <> '')", name="proposed"),
        )
        state = self.rule_tables.c.state
        Index("uq_rule_tables_active", state, unique=True, postgresql_where=state == "active")
        self.rule_activations = Table(
            "rule_activations",
            metadata,
            Column("id", BigInteger, Identity(always=True)),
            Column("version", Text, nullable=False),
            Column("digest", Text, nullable=False),
            Column("replaced", Text, nullable=False),
            Column("proposed_by", Uuid, nullable=False),
            Column("activated_by", Uuid, nullable=False),
            Column("note", Text, nullable=False),
            Column("activated_at", TIMESTAMP(timezone=True), nullable=False),
            PrimaryKeyConstraint("id"),
            CheckConstraint("proposed_by <> activated_by", name="two_people"),
        )
        self.rule_replays = Table(
            "rule_replays",
            metadata,
            Column("id", BigInteger, Identity(always=True)),
            Column("version", Text, nullable=False),
            Column("digest", Text, nullable=False),
            Column("against_version", Text, nullable=False),
            Column("against", Text, nullable=False),
            Column("source", Text, nullable=False),
            Column("result", JSONB, nullable=False),
            Column("viewed_by", Uuid, nullable=False),
            Column("viewed_at", TIMESTAMP(timezone=True), nullable=False),
            PrimaryKeyConstraint("id"),
            CheckConstraint("source IN ('cases', 'samples')", name="source"),
        )
        Index(None, self.rule_replays.c.digest)
