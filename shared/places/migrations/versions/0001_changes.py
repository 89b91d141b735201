"""Imported changes of administrative units, and the record of imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "places"


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.UniqueConstraint("digest", name="uq_imports_digest"),
        schema=SCHEMA,
    )
    op.create_table(
        "changes",
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("code", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date, nullable=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("province_code", sa.Integer, nullable=False),
        sa.Column("district_code", sa.Integer, nullable=True),
        sa.Column("successors", sa.ARRAY(sa.Integer), nullable=False),
        sa.Column("import_id", sa.BigInteger, nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_changes_days")),
        sa.ForeignKeyConstraint(["import_id"], ["places.imports.id"], name="fk_changes_import_id"),
        sa.PrimaryKeyConstraint("level", "code", "valid_from", name="pk_changes"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("changes", schema=SCHEMA)
    op.drop_table("imports", schema=SCHEMA)
