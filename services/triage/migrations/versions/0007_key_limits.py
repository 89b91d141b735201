"""API keys have limits and ends, and what each asked is counted."""

from __future__ import annotations

from shared.identity.migrations import add_key_limits, drop_key_limits

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_key_limits("triage")


def downgrade() -> None:
    drop_key_limits("triage")
