"""Colleagues by keyed hashes, the same of whoever reports allege, and what was found of both.

Reports that are there already are all looked at again, since their texts are sealed and no statement can read them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = "intake"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "colleagues",
        sa.Column("person_id", sa.Uuid, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("team_codes", postgresql.ARRAY(sa.Text), nullable=False),
        schema=SCHEMA,
    )
    op.create_table(
        "colleague_marks",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("institution_of", postgresql.ARRAY(sa.Text), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "digest", name="pk_colleague_marks"),
        schema=SCHEMA,
    )
    op.create_index("ix_colleague_marks_digest", "colleague_marks", ["digest"], schema=SCHEMA)
    op.create_table(
        "alleged",
        sa.Column("report_id", sa.Uuid, sa.ForeignKey("intake.reports.report_id"), primary_key=True),
        sa.Column("digests", postgresql.ARRAY(sa.LargeBinary), nullable=False),
        sa.Column("look_again", sa.Boolean, nullable=False, server_default=sa.text("false")),
        schema=SCHEMA,
    )
    op.create_index("ix_alleged_digests", "alleged", ["digests"], schema=SCHEMA, postgresql_using="gin")
    op.create_index(
        "ix_alleged_look_again", "alleged", ["report_id"], schema=SCHEMA, postgresql_where=sa.text("look_again")
    )
    op.execute(
        "INSERT INTO intake.alleged (report_id, digests, look_again) "
        "SELECT report_id, '{}', true FROM intake.reports WHERE derived_from IS NULL"
    )
    op.create_table(
        "conflicts",
        sa.Column("report_id", sa.Uuid, sa.ForeignKey("intake.reports.report_id"), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("of_team", sa.Boolean, nullable=False),
        sa.Column("team_codes", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("sure", sa.Boolean, nullable=False),
        sa.Column("with_teams", sa.Boolean, nullable=False),
        sa.Column("found_at", moment, nullable=False),
        sa.Column("same", sa.Boolean),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", moment),
        sa.PrimaryKeyConstraint("report_id", "subject_id", name="pk_conflicts"),
        sa.CheckConstraint(
            "(same IS NULL) = (decided_by IS NULL) AND (same IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_conflicts_decided_whole"),
        ),
        schema=SCHEMA,
    )
    op.create_index("ix_conflicts_found_at", "conflicts", [sa.text("found_at DESC")], schema=SCHEMA)


def downgrade() -> None:
    for table in ("conflicts", "alleged", "colleague_marks", "colleagues"):
        op.drop_table(table, schema=SCHEMA)
