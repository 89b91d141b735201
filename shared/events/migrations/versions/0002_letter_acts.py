"""Who put a dead letter back, or set it aside for good, and why; never rewritten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "events"


def upgrade() -> None:
    op.create_table(
        "letter_acts",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("letter_id", sa.BigInteger, nullable=False),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name="pk_letter_acts"),
        sa.CheckConstraint("act = 'replayed' OR act = 'discarded'", name=op.f("ck_letter_acts_act")),
        sa.CheckConstraint("act = 'replayed' OR length(reason) >= 10", name=op.f("ck_letter_acts_reason")),
        schema=SCHEMA,
    )
    op.create_index("ix_letter_acts_letter_id", "letter_acts", ["letter_id"], schema=SCHEMA)
    op.execute(
        """
        CREATE FUNCTION events.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what was done with a dead letter is never changed';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER refuse_rewriting BEFORE UPDATE OR DELETE OR TRUNCATE ON events.letter_acts
        FOR EACH STATEMENT EXECUTE FUNCTION events.refuse_rewriting()
        """
    )


def downgrade() -> None:
    op.drop_table("letter_acts", schema=SCHEMA)
    op.execute("DROP FUNCTION events.refuse_rewriting()")
