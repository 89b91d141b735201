"""Calls that are no report are counted: what kind, when, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCHEMA = "intake"


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("operator", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.CheckConstraint("kind IN ('silent', 'wrong_number', 'prank', 'thanks', 'question')", name="kind"),
        schema=SCHEMA,
    )
    op.create_index("ix_contacts_at", "contacts", ["at"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("contacts", schema=SCHEMA)
