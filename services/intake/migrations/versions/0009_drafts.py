"""What is typed on the console is kept before it is sent; what is removed unsent is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = "intake"


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("owner_id", sa.Uuid, nullable=False),
        sa.Column("key", sa.Uuid, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("filled", sa.SmallInteger, nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "key", name="pk_drafts"),
        sa.CheckConstraint("channel IN ('hotline', 'web', 'partner', 'walk_in', 'sms')", name="channel"),
        schema=SCHEMA,
    )
    op.execute("ALTER TABLE intake.drafts ALTER COLUMN document SET STORAGE EXTERNAL")
    # A draft is saved again every two seconds: room on its page keeps the index out of it.
    op.execute("ALTER TABLE intake.drafts SET (fillfactor = 50)")
    op.create_table(
        "draft_removals",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Uuid),
        sa.Column("removed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("drafts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft_removals"),
        sa.CheckConstraint("drafts >= 1", name="some"),
        schema=SCHEMA,
    )
    op.execute(
        """
        CREATE FUNCTION intake.refuse_rewriting_removals() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a removal of drafts is never changed';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER refuse_rewriting_removals BEFORE UPDATE OR DELETE ON intake.draft_removals
        FOR EACH ROW EXECUTE FUNCTION intake.refuse_rewriting_removals()
        """
    )


def downgrade() -> None:
    op.drop_table("draft_removals", schema=SCHEMA)
    op.execute("DROP FUNCTION intake.refuse_rewriting_removals()")
    op.drop_table("drafts", schema=SCHEMA)
