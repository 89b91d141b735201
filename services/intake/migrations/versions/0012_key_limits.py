"""API keys have limits and ends, and what each asked is counted."""

from __future__ import annotations

from shared.identity.migrations import add_key_limits, drop_key_limits

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_key_limits("intake")


def downgrade() -> None:
    drop_key_limits("intake")
