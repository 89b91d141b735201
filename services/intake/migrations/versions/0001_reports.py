"""Reports, what they said before, answered requests, dead letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "intake"
MOMENT = sa.DateTime(timezone=True)

NOTIFY_FUNCTION = """
CREATE FUNCTION intake.tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('heedline_intake', '');
    RETURN NULL;
END
$$
"""

NOTIFY_TRIGGER = """
CREATE TRIGGER tell_change
AFTER UPDATE OF level, alert_state, alert_step, alert_paged ON intake.reports
FOR EACH STATEMENT EXECUTE FUNCTION intake.tell_change()
"""


def upgrade() -> None:
    _reports()
    _report_indexes()
    op.create_table(
        "revisions",
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("content_digest", sa.LargeBinary),
        sa.Column("written_by", sa.Uuid),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("report_id", "revision", name="pk_revisions"),
        sa.ForeignKeyConstraint(["report_id"], ["intake.reports.report_id"], name="fk_revisions_report_id"),
        schema=SCHEMA,
    )
    op.create_table(
        "requests",
        sa.Column("request_digest", sa.LargeBinary, nullable=False),
        sa.Column("content_digest", sa.LargeBinary, nullable=False),
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("request_digest", name="pk_requests"),
        schema=SCHEMA,
    )
    op.create_table(
        "dead_letters",
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_dead_letters"),
        schema=SCHEMA,
    )
    # Sealed bytes do not shrink: keep PostgreSQL from trying.
    op.execute("ALTER TABLE intake.reports ALTER COLUMN document SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE intake.revisions ALTER COLUMN document SET STORAGE EXTERNAL")
    op.execute(NOTIFY_FUNCTION)
    op.execute(NOTIFY_TRIGGER)


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("case_code", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("external_digest", sa.LargeBinary),
        sa.Column("content_digest", sa.LargeBinary),
        sa.Column("receipt_digest", sa.LargeBinary),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("incident_unit_code", sa.Integer),
        sa.Column("residence_unit_code", sa.Integer),
        sa.Column("current_unit_code", sa.Integer),
        sa.Column("submitted_by", sa.Uuid),
        sa.Column("written_by", sa.Uuid),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("warnings", JSONB, nullable=False),
        sa.Column("derived_from", sa.Uuid),
        sa.Column("stored_at", MOMENT, nullable=False, server_default=sa.text("now()")),
        sa.Column("republish_at", MOMENT),
        sa.Column("publish_attempts", sa.Integer, nullable=False, server_default=sa.text("1")),
        sa.Column("assessed_revision", sa.Integer),
        sa.Column("assessed_at", MOMENT),
        sa.Column("level", sa.Text),
        sa.Column("assessment", JSONB),
        sa.Column("alert_sequence", sa.Integer),
        sa.Column("alert_state", sa.Text),
        sa.Column("alert_step", sa.Integer),
        sa.Column("alert_paged", sa.Integer),
        sa.Column("acknowledged_by", sa.Uuid),
        sa.Column("acknowledged_at", MOMENT),
        sa.PrimaryKeyConstraint("report_id", name="pk_reports"),
        sa.ForeignKeyConstraint(["derived_from"], ["intake.reports.report_id"], name="fk_reports_derived_from"),
        sa.CheckConstraint("revision >= 1", name="revision_from_1"),
        sa.CheckConstraint("channel IN ('hotline', 'web', 'partner', 'walk_in', 'sms')", name="channel"),
        sa.CheckConstraint("level IN ('ROUTINE', 'PRIORITY', 'URGENT', 'IMMEDIATE')", name="level"),
        sa.CheckConstraint("alert_state IN ('open', 'acknowledged', 'closed')", name="alert_state"),
        sa.CheckConstraint("(level IS NULL) = (assessed_revision IS NULL)", name="assessed_whole"),
        sa.CheckConstraint("(alert_state IS NULL) = (alert_sequence IS NULL)", name="alert_whole"),
        sa.CheckConstraint("derived_from IS NULL OR republish_at IS NULL", name="derived_is_not_told"),
        schema=SCHEMA,
    )


def _report_indexes() -> None:
    for name, where in (
        ("case_code", "derived_from IS NULL"),
        ("external_digest", "external_digest IS NOT NULL"),
        ("receipt_digest", "receipt_digest IS NOT NULL"),
    ):
        op.create_index(
            f"ux_reports_{name}", "reports", [name], unique=True, schema=SCHEMA, postgresql_where=sa.text(where)
        )
    for name in ("derived_from", "republish_at"):
        op.create_index(
            f"ix_reports_{name}", "reports", [name], schema=SCHEMA, postgresql_where=sa.text(f"{name} IS NOT NULL")
        )
    newest_first = sa.text("arrived_at DESC")
    op.create_index("ix_reports_submitted_by", "reports", ["submitted_by", newest_first], schema=SCHEMA)
    op.create_index("ix_reports_arrived_at", "reports", [newest_first], schema=SCHEMA)


def downgrade() -> None:
    for table in ("dead_letters", "requests", "revisions", "reports"):
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION intake.tell_change()")
