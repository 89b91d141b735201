"""The read copy of people and API keys."""

from __future__ import annotations

from shared.identity.migrations import create_identity_tables, drop_identity_tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_identity_tables("intake")


def downgrade() -> None:
    drop_identity_tables("intake")
