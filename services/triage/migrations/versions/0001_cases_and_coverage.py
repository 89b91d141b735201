"""Cases, their history, and coverage."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "triage"
LEVELS = "'ROUTINE', 'PRIORITY', 'URGENT', 'IMMEDIATE'"


def upgrade() -> None:
    op.create_table(
        "cases",
        *assessment_columns(),
        sa.Column("alert_sequence", sa.Integer),
        sa.Column("alert_state", sa.Text),
        sa.Column("alert_level", sa.Text),
        sa.Column("alert_step", sa.SmallInteger),
        sa.Column("alert_paged", sa.Integer),
        sa.Column("acknowledged_by", sa.Uuid),
        sa.Column("acknowledged_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("republish_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("republished", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("report_id", name="pk_cases"),
        *level_checks(),
        sa.CheckConstraint("alert_state IN ('open', 'acknowledged', 'closed')", name="alert_state"),
        sa.CheckConstraint(f"alert_level IN ({LEVELS})", name="alert_level"),
        sa.CheckConstraint("(alert_sequence IS NULL) = (alert_state IS NULL)", name="alert"),
        schema=SCHEMA,
    )
    op.create_index("ix_cases_case_code", "cases", ["case_code"], schema=SCHEMA)
    op.create_index(
        "ix_cases_republish_at",
        "cases",
        ["republish_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("republish_at IS NOT NULL"),
    )
    op.create_table(
        "assessments",
        *assessment_columns(),
        sa.PrimaryKeyConstraint("report_id", "revision", name="pk_assessments"),
        *level_checks(),
        schema=SCHEMA,
    )
    refuse_changes_to_history()
    op.create_table(
        "covered_units",
        sa.Column("unit_code", sa.Integer, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("unit_code", name="pk_covered_units"),
        schema=SCHEMA,
    )
    op.create_table(
        "team_codes",
        sa.Column("team_id", sa.Uuid, nullable=False),
        sa.Column("team_code", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_team_codes"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("team_codes", "covered_units", "assessments", "cases"):
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION triage.refuse_change()")


def assessment_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("case_code", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("received_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("rule_level", sa.Text, nullable=False),
        sa.Column("table_version", sa.Text, nullable=False),
        sa.Column("rules", JSONB, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("acknowledge_by", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("contact_by", sa.TIMESTAMP(timezone=True)),
        sa.Column("visit_by", sa.TIMESTAMP(timezone=True)),
        sa.Column("form02_by", sa.TIMESTAMP(timezone=True)),
        sa.Column("legal_by", sa.TIMESTAMP(timezone=True)),
        sa.Column("route", JSONB, nullable=False),
        sa.Column("excluded_person_ids", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("excluded_team_ids", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("submitted_by", sa.Uuid),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("assessed_at", sa.TIMESTAMP(timezone=True), nullable=False),
    )


def level_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint(f"level IN ({LEVELS})", name="level"),
        sa.CheckConstraint(f"rule_level IN ({LEVELS})", name="rule_level"),
    )


def refuse_changes_to_history() -> None:
    op.execute(
        """
        CREATE FUNCTION triage.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'an assessment is never changed';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER refuse_change BEFORE UPDATE ON triage.assessments
        FOR EACH ROW EXECUTE FUNCTION triage.refuse_change()
        """
    )
