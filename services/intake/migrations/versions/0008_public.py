"""What is done on the public pages from one address is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEMA = "intake"


def upgrade() -> None:
    op.create_table(
        "public_tries",
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("counted_until", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_public_tries"),
        schema=SCHEMA,
    )
    op.create_index("ix_public_tries_counted_until", "public_tries", ["counted_until"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("public_tries", schema=SCHEMA)
