"""The tables of triage: cases, their immutable history, and who covers which commune. No personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

from services.triage.lab_tables import LabTables
from shared.contracts.vocabulary import Level
from shared.database import schema_metadata
from shared.identity.tables import identity_tables
from shared.migrations import Schema

SCHEMA = Schema("triage", Path(__file__).parent / "migrations")

metadata = schema_metadata(SCHEMA.name)

_LEVELS = ", ".join(f"'{level.name}'" for level in Level)


def _moment(name: str, *, nullable: bool = False, server_default: Any = None) -> Column[Any]:
    return Column(name, TIMESTAMP(timezone=True), nullable=nullable, server_default=server_default)


def _assessment_columns() -> tuple[SchemaItem, ...]:
    """Return what a case and each state in its history hold alike.

    `derived_from` is the report of the adult at whose home this child lives. `sequence` counts the states from 1; `cause` says what brought this one about. `level` is the case's,
    `rule_level` what the rules gave (lower where an earlier level was kept), and `lowered_from` the level from
    which a person lowered it. `rules`, `route` and `work` are as events carry them; `facts` is what the rules read, answers
    that say nothing left out; `answers` are facts that a person answered on the case, which count over the report's.
    """
    return (
        Column("report_id", Uuid, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("cause", Text, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("derived_from", Uuid),
        Column("case_code", Text, nullable=False),
        Column("channel", Text, nullable=False),
        _moment("received_at"),
        Column("level", Text, nullable=False),
        Column("rule_level", Text, nullable=False),
        Column("lowered_from", Text),
        Column("table_version", Text, nullable=False),
        Column("rules", JSONB, nullable=False),
        Column("facts", JSONB, nullable=False),
        _moment("acknowledge_by"),
        _moment("contact_by", nullable=True),
        _moment("visit_by", nullable=True),
        _moment("form02_by", nullable=True),
        _moment("legal_by", nullable=True),
        Column("route", JSONB, nullable=False),
        Column("excluded_person_ids", ARRAY(Uuid), nullable=False),
        Column("excluded_team_ids", ARRAY(Uuid), nullable=False),
        Column("submitted_by", Uuid),
        Column("correlation_id", Text, nullable=False),
        Column("answers", JSONB, nullable=False, server_default=text("'{}'")),
        Column("work", JSONB, nullable=False, server_default=text("'{}'")),
        _moment("assessed_at"),
        CheckConstraint(f"level IN ({_LEVELS})", name="level"),
        CheckConstraint(f"rule_level IN ({_LEVELS})", name="rule_level"),
        CheckConstraint(f"lowered_from IN ({_LEVELS})", name="lowered_from"),
    )


cases = Table(
    "cases",
    metadata,
    *_assessment_columns(),
    # The newest change of the alert that notify told of; null until it tells.
    Column("alert_sequence", Integer),
    Column("alert_state", Text),
    Column("alert_level", Text),
    Column("alert_step", SmallInteger),
    Column("alert_paged", Integer),
    Column("acknowledged_by", Uuid),
    _moment("acknowledged_at", nullable=True),
    _moment("contacted_at", nullable=True),
    # In real time; null once the alert of this level has come back.
    _moment("republish_at", nullable=True),
    Column("republished", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("report_id"),
    CheckConstraint("alert_state IN ('open', 'acknowledged', 'closed')", name="alert_state"),
    CheckConstraint(f"alert_level IN ({_LEVELS})", name="alert_level"),
    CheckConstraint("(alert_sequence IS NULL) = (alert_state IS NULL)", name="alert"),
)
"""One row a report. The report of a child at an adult's home shares the adult's case code."""

Index("ux_cases_case_code", cases.c.case_code, unique=True, postgresql_where=cases.c.derived_from.is_(None))
Index("ix_cases_derived_from", cases.c.derived_from, postgresql_where=cases.c.derived_from.is_not(None))
Index("ix_cases_republish_at", cases.c.republish_at, postgresql_where=cases.c.republish_at.is_not(None))

assessments = Table(
    "assessments",
    metadata,
    *_assessment_columns(),
    PrimaryKeyConstraint("report_id", "sequence"),
)
"""Every state of a case as it was decided; the database refuses to change a row."""

overrides = Table(
    "overrides",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("from_level", Text, nullable=False),
    Column("to_level", Text, nullable=False),
    Column("rules", ARRAY(Text), nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_name", Text, nullable=False),
    _moment("asked_at"),
    Column("answered_by", Uuid),
    Column("answered_name", Text),
    _moment("answered_at", nullable=True),
    Index(None, "report_id"),
    Index("uq_overrides_pending", "report_id", unique=True, postgresql_where=text("state = 'pending'")),
    CheckConstraint("state IN ('pending', 'in_force', 'refused', 'withdrawn')", name="state"),
    CheckConstraint(f"from_level IN ({_LEVELS})", name="from_level"),
    CheckConstraint(f"to_level IN ({_LEVELS})", name="to_level"),
    CheckConstraint("state = 'withdrawn' OR answered_by IS NULL OR answered_by <> asked_by", name="two_people"),
    CheckConstraint(
        "from_level <> 'IMMEDIATE' OR state <> 'in_force' OR answered_by IS NOT NULL", name="second_person"
    ),
)
"""Levels that a person asked to lower, for ever. `rules` had set the level; `reason` is sealed."""

handovers = Table(
    "handovers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("from_team", Text, nullable=False),
    Column("to_team", Text, nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_name", Text, nullable=False),
    _moment("asked_at"),
    Column("answer", LargeBinary),
    Column("answered_by", Uuid),
    Column("answered_name", Text),
    _moment("answered_at", nullable=True),
    Index(None, "report_id"),
    Index("uq_handovers_pending", "report_id", unique=True, postgresql_where=text("state = 'pending'")),
    CheckConstraint("state IN ('pending', 'accepted', 'refused', 'withdrawn')", name="state"),
    CheckConstraint("(state = 'pending') = (answered_by IS NULL)", name="answered"),
)
"""Cases offered to another team, for ever; `reason` and `answer` are sealed."""

case_notes = Table(
    "case_notes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _moment("happened_at"),
    Column("written_by", Uuid, nullable=False),
    Column("written_name", Text, nullable=False),
    _moment("written_at"),
    Index(None, "report_id"),
    CheckConstraint("kind IN ('note', 'answers', 'contact', 'seen', 'form02', 'plan', 'closed')", name="kind"),
)
"""Notes and milestones of a case, for ever, whatever becomes of their author. `body` is sealed; for `closed` it holds
the answers of Mẫu 06."""

covered_units = Table("covered_units", metadata, Column("unit_code", Integer, autoincrement=False, primary_key=True))
"""National codes of the communes whose teams take cases here. Empty: every commune does."""

IDENTITY = identity_tables(metadata)
"""The read copy of people and API keys."""

LAB = LabTables(metadata)
"""Versions of the rule table, activations and replays."""
