"""The id of a team is made of its code, so no table of them is needed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "triage"


def upgrade() -> None:
    op.drop_table("team_codes", schema=SCHEMA)


def downgrade() -> None:
    op.create_table(
        "team_codes",
        sa.Column("team_id", sa.Uuid, nullable=False),
        sa.Column("team_code", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("team_id", name="pk_team_codes"),
        schema=SCHEMA,
    )
