"""Messages say by which channel and gateway they went, and a person can have one of each channel for a step."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SCHEMA = "notify"
PAGE = ["report_id", "plan", "step", "round", "person_id"]


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    columns = (
        sa.Column("channel", sa.Text, nullable=False, server_default=sa.text("'sms'")),
        sa.Column("gateway", sa.Text),
        sa.Column("result", sa.Text),
        sa.Column("accepted_at", moment),
        sa.Column("missed_at", moment),
    )
    for column in columns:
        op.add_column("messages", column, schema=SCHEMA)
    op.drop_index("uq_messages_page", "messages", schema=SCHEMA)
    op.create_index(
        "uq_messages_page",
        "messages",
        [*PAGE, "channel"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("kind = 'page'"),
    )
    op.create_index(
        "ix_messages_silent",
        "messages",
        ["accepted_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("kind = 'page' AND state IN ('accepted', 'sent') AND missed_at IS NULL"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM notify.messages WHERE channel <> 'sms'")
    op.drop_index("ix_messages_silent", "messages", schema=SCHEMA)
    op.drop_index("uq_messages_page", "messages", schema=SCHEMA)
    op.create_index(
        "uq_messages_page", "messages", PAGE, unique=True, schema=SCHEMA, postgresql_where=sa.text("kind = 'page'")
    )
    for name in ("missed_at", "accepted_at", "result", "gateway", "channel"):
        op.drop_column("messages", name, schema=SCHEMA)
