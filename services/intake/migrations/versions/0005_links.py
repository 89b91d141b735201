"""Links between repeat reports, and the keyed hashes that suggest them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "intake"
MOMENT = sa.DateTime(timezone=True)
REPORT = "intake.reports.report_id"


def upgrade() -> None:
    op.create_table(
        "match_keys",
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("report_id", "kind", "digest", name="pk_match_keys"),
        sa.ForeignKeyConstraint(["report_id"], [REPORT], name="fk_match_keys_report_id"),
        sa.CheckConstraint("kind IN ('phone', 'full_name', 'short_name', 'given_name', 'address')", name="kind"),
        schema=SCHEMA,
    )
    newest_first = sa.text("received_at DESC")
    op.create_index("ix_match_keys_digest", "match_keys", ["digest", newest_first], schema=SCHEMA)
    op.create_table(
        "links",
        sa.Column("report_a", sa.Uuid, nullable=False),
        sa.Column("report_b", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("suggested_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", MOMENT),
        sa.Column("note", sa.LargeBinary),
        sa.PrimaryKeyConstraint("report_a", "report_b", name="pk_links"),
        sa.ForeignKeyConstraint(["report_a"], [REPORT], name="fk_links_report_a"),
        sa.ForeignKeyConstraint(["report_b"], [REPORT], name="fk_links_report_b"),
        sa.CheckConstraint("report_a < report_b", name="in_order"),
        sa.CheckConstraint("state IN ('suggested', 'confirmed', 'rejected')", name="state"),
        sa.CheckConstraint("(state = 'suggested') = (decided_at IS NULL)", name="decided"),
        schema=SCHEMA,
    )
    op.create_index("ix_links_report_b", "links", ["report_b"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("links", "match_keys"):
        op.drop_table(table, schema=SCHEMA)
