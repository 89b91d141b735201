"""Files that belong to a report, sealed in chunks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCHEMA = "intake"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("attachment_id", sa.Uuid, nullable=False),
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("chunks", sa.SmallInteger, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("content_digest", sa.LargeBinary, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("added_by", sa.Uuid),
        sa.Column("added_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_attachments"),
        sa.ForeignKeyConstraint(["report_id"], ["intake.reports.report_id"], name="fk_attachments_report_id"),
        sa.CheckConstraint("bytes > 0 AND chunks > 0", name="not_empty"),
        sa.CheckConstraint("source IN ('console', 'partner', 'reporter')", name="source"),
        schema=SCHEMA,
    )
    op.create_index(
        "ux_attachments_content", "attachments", ["report_id", "content_digest"], unique=True, schema=SCHEMA
    )
    op.create_table(
        "attachment_chunks",
        sa.Column("attachment_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.SmallInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", "number", name="pk_attachment_chunks"),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["intake.attachments.attachment_id"], name="fk_attachment_chunks_attachment_id"
        ),
        schema=SCHEMA,
    )
    # Sealed bytes do not get smaller: PostgreSQL need not try.
    op.execute("ALTER TABLE intake.attachment_chunks ALTER COLUMN sealed SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_table("attachment_chunks", schema=SCHEMA)
    op.drop_table("attachments", schema=SCHEMA)
