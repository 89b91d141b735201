"""Every read of what a report says is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "intake"


def upgrade() -> None:
    op.create_table(
        "reads",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("read_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reads"),
        schema=SCHEMA,
    )
    op.create_index("ix_reads_report_id", "reads", ["report_id"], schema=SCHEMA)
    op.execute(
        """
        CREATE FUNCTION intake.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a read is never changed';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER refuse_rewriting BEFORE UPDATE OR DELETE ON intake.reads
        FOR EACH ROW EXECUTE FUNCTION intake.refuse_rewriting()
        """
    )


def downgrade() -> None:
    op.drop_table("reads", schema=SCHEMA)
    op.execute("DROP FUNCTION intake.refuse_rewriting()")
