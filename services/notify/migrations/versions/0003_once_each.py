"""Nobody gets two pages for one step; look-ups are counted; duty numbers fit a message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = "notify"


def upgrade() -> None:
    op.add_column(
        "messages", sa.Column("look_ups", sa.Integer(), nullable=False, server_default=sa.text("0")), schema=SCHEMA
    )
    op.create_index("ix_messages_sid", "messages", ["sid"], schema=SCHEMA)
    op.create_index(
        "uq_messages_page",
        "messages",
        ["report_id", "plan", "step", "round", "person_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("kind = 'page'"),
    )
    op.create_check_constraint(op.f("ck_teams_duty_phone"), "teams", "duty_phone ~ '^[0-9+ ]{3,11}$'", schema=SCHEMA)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_teams_duty_phone"), "teams", schema=SCHEMA)
    op.drop_index("uq_messages_page", "messages", schema=SCHEMA)
    op.drop_index("ix_messages_sid", "messages", schema=SCHEMA)
    op.drop_column("messages", "look_ups", schema=SCHEMA)
