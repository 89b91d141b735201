"""What people do on a case: overrides, hand-overs, notes and milestones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "triage"
LEVELS = "'ROUTINE', 'PRIORITY', 'URGENT', 'IMMEDIATE'"
MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    for table in ("cases", "assessments"):
        column = sa.Column("work", JSONB, nullable=False, server_default=sa.text("'{}'"))
        op.add_column(table, column, schema=SCHEMA)
        answers = sa.Column("answers", JSONB, nullable=False, server_default=sa.text("'{}'"))
        op.add_column(table, answers, schema=SCHEMA)
        op.add_column(table, sa.Column("derived_from", sa.Uuid), schema=SCHEMA)
    op.drop_index("ix_cases_case_code", "cases", schema=SCHEMA)
    own, derived = sa.text("derived_from IS NULL"), sa.text("derived_from IS NOT NULL")
    op.create_index("ux_cases_case_code", "cases", ["case_code"], unique=True, schema=SCHEMA, postgresql_where=own)
    op.create_index("ix_cases_derived_from", "cases", ["derived_from"], schema=SCHEMA, postgresql_where=derived)
    op.add_column("cases", sa.Column("contacted_at", MOMENT), schema=SCHEMA)
    op.create_table(
        "overrides",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("from_level", sa.Text, nullable=False),
        sa.Column("to_level", sa.Text, nullable=False),
        sa.Column("rules", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Uuid, nullable=False),
        sa.Column("asked_name", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_by", sa.Uuid),
        sa.Column("answered_name", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
        sa.CheckConstraint("state IN ('pending', 'in_force', 'refused', 'withdrawn')", name="state"),
        sa.CheckConstraint(f"from_level IN ({LEVELS})", name="from_level"),
        sa.CheckConstraint(f"to_level IN ({LEVELS})", name="to_level"),
        sa.CheckConstraint("state = 'withdrawn' OR answered_by IS NULL OR answered_by <> asked_by", name="two_people"),
        sa.CheckConstraint(
            "from_level <> 'IMMEDIATE' OR state <> 'in_force' OR answered_by IS NOT NULL", name="second_person"
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("from_team", sa.Text, nullable=False),
        sa.Column("to_team", sa.Text, nullable=False),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Uuid, nullable=False),
        sa.Column("asked_name", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("answered_by", sa.Uuid),
        sa.Column("answered_name", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
        sa.CheckConstraint("state IN ('pending', 'accepted', 'refused', 'withdrawn')", name="state"),
        sa.CheckConstraint("(state = 'pending') = (answered_by IS NULL)", name="answered"),
        schema=SCHEMA,
    )
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("written_by", sa.Uuid, nullable=False),
        sa.Column("written_name", sa.Text, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_notes"),
        sa.CheckConstraint("kind IN ('note', 'answers', 'contact', 'seen', 'form02', 'plan', 'closed')", name="kind"),
        schema=SCHEMA,
    )
    for table in ("overrides", "handovers", "case_notes"):
        op.create_index(f"ix_{table}_report_id", table, ["report_id"], schema=SCHEMA)
    for table in ("overrides", "handovers"):
        op.create_index(
            f"uq_{table}_pending",
            table,
            ["report_id"],
            unique=True,
            schema=SCHEMA,
            postgresql_where=sa.text("state = 'pending'"),
        )
    op.execute(
        """
        CREATE FUNCTION triage.tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('heedline_triage', '');
            RETURN NULL;
        END $$
        """
    )
    for table in ("overrides", "handovers", "case_notes"):
        op.execute(
            f"CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON triage.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION triage.tell_change()"
        )
    refuse_changes()
    op.execute(
        "CREATE TRIGGER tell_change AFTER UPDATE ON triage.cases "
        "FOR EACH STATEMENT EXECUTE FUNCTION triage.tell_change()"
    )


def refuse_changes() -> None:
    """Keep what was written for ever: notes whole, requests and offers once they are answered."""
    op.execute(
        """
        CREATE FUNCTION triage.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what was written about a case is never changed';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER refuse_rewriting BEFORE UPDATE OR DELETE ON triage.case_notes
        FOR EACH ROW EXECUTE FUNCTION triage.refuse_rewriting()
        """
    )
    for table in ("overrides", "handovers"):
        op.execute(
            f"CREATE TRIGGER refuse_rewriting BEFORE UPDATE ON triage.{table} "
            "FOR EACH ROW WHEN (OLD.state <> 'pending') EXECUTE FUNCTION triage.refuse_rewriting()"
        )
        op.execute(
            f"CREATE TRIGGER refuse_removing BEFORE DELETE ON triage.{table} "
            "FOR EACH ROW EXECUTE FUNCTION triage.refuse_rewriting()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER tell_change ON triage.cases")
    for table in ("case_notes", "handovers", "overrides"):
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION triage.tell_change()")
    op.execute("DROP FUNCTION triage.refuse_rewriting()")
    op.drop_column("cases", "contacted_at", schema=SCHEMA)
    op.drop_index("ux_cases_case_code", "cases", schema=SCHEMA)
    op.create_index("ix_cases_case_code", "cases", ["case_code"], schema=SCHEMA)
    for table in ("assessments", "cases"):
        op.drop_column(table, "derived_from", schema=SCHEMA)
        op.drop_column(table, "answers", schema=SCHEMA)
        op.drop_column(table, "work", schema=SCHEMA)
