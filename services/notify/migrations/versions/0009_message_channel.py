"""Messages say which channel they go by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = "notify"


def upgrade() -> None:
    channel = sa.Column("channel", sa.Text, nullable=False, server_default=sa.text("'sms'"))
    op.add_column("messages", channel, schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("messages", "channel", schema=SCHEMA)
