"""The newest assessment is the one of the case's newest state, which a person may bring about as well as a revision."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("reports", "assessed_revision", new_column_name="assessed_sequence", schema="intake")


def downgrade() -> None:
    op.alter_column("reports", "assessed_sequence", new_column_name="assessed_revision", schema="intake")
