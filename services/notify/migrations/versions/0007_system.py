"""Messages of the last hours are counted without reading the older ones."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "notify"


def upgrade() -> None:
    op.create_index("ix_messages_recent", "messages", ["created_at"], schema=SCHEMA, postgresql_using="brin")


def downgrade() -> None:
    op.drop_index("ix_messages_recent", "messages", schema=SCHEMA)
