"""A case has states that a person brings about, beside those of its report's revisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = "triage"
LEVELS = "'ROUTINE', 'PRIORITY', 'URGENT', 'IMMEDIATE'"


def upgrade() -> None:
    op.execute("ALTER TABLE triage.assessments DISABLE TRIGGER refuse_change")
    for table in ("cases", "assessments"):
        op.add_column(table, sa.Column("sequence", sa.Integer), schema=SCHEMA)
        op.add_column(table, sa.Column("cause", sa.Text), schema=SCHEMA)
        op.add_column(table, sa.Column("lowered_from", sa.Text), schema=SCHEMA)
        op.execute(f"UPDATE triage.{table} SET sequence = revision, cause = 'revision'")  # noqa: S608 - our own tables
        op.alter_column(table, "sequence", nullable=False, schema=SCHEMA)
        op.alter_column(table, "cause", nullable=False, schema=SCHEMA)
        op.create_check_constraint(
            op.f(f"ck_{table}_lowered_from"), table, f"lowered_from IN ({LEVELS})", schema=SCHEMA
        )
    op.execute("ALTER TABLE triage.assessments ENABLE TRIGGER refuse_change")
    op.drop_constraint("pk_assessments", "assessments", schema=SCHEMA)
    op.create_primary_key("pk_assessments", "assessments", ["report_id", "sequence"], schema=SCHEMA)


def downgrade() -> None:
    op.execute("DELETE FROM triage.assessments WHERE cause <> 'revision'")
    op.drop_constraint("pk_assessments", "assessments", schema=SCHEMA)
    op.create_primary_key("pk_assessments", "assessments", ["report_id", "revision"], schema=SCHEMA)
    for table in ("cases", "assessments"):
        for column in ("lowered_from", "cause", "sequence"):
            op.drop_column(table, column, schema=SCHEMA)
