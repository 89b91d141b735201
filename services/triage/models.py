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
    """Return what a case and each revision in its history hold alike.

    `level` is the case's, `rule_level` what the rules gave (lower where an earlier level was kept). `rules` and
    `route` are as events carry them; `facts` is what the rules read, answers that say nothing left out.
    """
    return (
        Column("report_id", Uuid, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("case_code", Text, nullable=False),
        Column("channel", Text, nullable=False),
        _moment("received_at"),
        Column("level", Text, nullable=False),
        Column("rule_level", Text, nullable=False),
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
        _moment("assessed_at"),
        CheckConstraint(f"level IN ({_LEVELS})", name="level"),
        CheckConstraint(f"rule_level IN ({_LEVELS})", name="rule_level"),
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
    # In real time; null once the alert of this level has come back.
    _moment("republish_at", nullable=True),
    Column("republished", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("report_id"),
    CheckConstraint("alert_state IN ('open', 'acknowledged', 'closed')", name="alert_state"),
    CheckConstraint(f"alert_level IN ({_LEVELS})", name="alert_level"),
    CheckConstraint("(alert_sequence IS NULL) = (alert_state IS NULL)", name="alert"),
)
"""One row a report. A report of a child at an adult's home may share the adult's case code, so that is not unique."""

Index(None, cases.c.case_code)
Index("ix_cases_republish_at", cases.c.republish_at, postgresql_where=cases.c.republish_at.is_not(None))

assessments = Table(
    "assessments",
    metadata,
    *_assessment_columns(),
    PrimaryKeyConstraint("report_id", "revision"),
)
"""Every revision as it was assessed; the database refuses to change a row."""

covered_units = Table("covered_units", metadata, Column("unit_code", Integer, autoincrement=False, primary_key=True))
"""National codes of the communes whose teams take cases here. Empty: every commune does."""

team_codes = Table(
    "team_codes",
    metadata,
    Column("team_id", Uuid, primary_key=True),
    Column("team_code", Text, nullable=False),
)
"""The codes of teams by their ids, to keep a case from teams that are excluded by id."""

IDENTITY = identity_tables(metadata)
"""The read copy of people and API keys."""

LAB = LabTables(metadata)
"""Versions of the rule table, activations and replays."""
