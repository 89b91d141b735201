"""An alert follows the states of its case, of which a revision of the report is only one kind."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("alerts", "revision", new_column_name="case_sequence", schema="notify")
    op.execute("ALTER TABLE notify.alerts RENAME CONSTRAINT alerts_revision_not_null TO alerts_case_sequence_not_null")


def downgrade() -> None:
    op.execute("ALTER TABLE notify.alerts RENAME CONSTRAINT alerts_case_sequence_not_null TO alerts_revision_not_null")
    op.alter_column("alerts", "case_sequence", new_column_name="revision", schema="notify")
