"""Submitted reports that cannot be read end at a person: who opened one, and what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SCHEMA = "intake"
MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("dead_letters", sa.Column("settled_at", MOMENT), schema=SCHEMA)
    op.create_index(
        "ix_dead_letters_waiting",
        "dead_letters",
        ["arrived_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "letter_acts",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letter_acts"),
        sa.CheckConstraint("act IN ('opened', 'entered', 'replayed', 'discarded')", name="act"),
        sa.CheckConstraint("act IN ('opened', 'replayed') OR note <> ''", name="note"),
        schema=SCHEMA,
    )
    op.create_index("ix_letter_acts_event_id", "letter_acts", ["event_id"], schema=SCHEMA)
    op.execute(
        """
        CREATE TRIGGER refuse_rewriting BEFORE UPDATE OR DELETE ON intake.letter_acts
        FOR EACH ROW EXECUTE FUNCTION intake.refuse_rewriting()
        """
    )


def downgrade() -> None:
    op.drop_table("letter_acts", schema=SCHEMA)
    op.drop_index("ix_dead_letters_waiting", "dead_letters", schema=SCHEMA)
    op.drop_column("dead_letters", "settled_at", schema=SCHEMA)
