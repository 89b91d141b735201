"""API keys have limits, an end, several secrets, and a history that is never rewritten.

A key made before gets the limits that a new one would have; the bootstrap key has none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.identity.migrations import add_key_limits, drop_key_limits

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SCHEMA = "notify"
MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    add_key_limits(SCHEMA)
    for name in ("per_minute", "per_day"):
        op.add_column("api_keys", sa.Column(name, sa.Integer()), schema=SCHEMA)
    op.add_column("api_keys", sa.Column("expires_at", MOMENT), schema=SCHEMA)
    op.create_check_constraint("limits", "api_keys", "per_minute > 0 AND per_day > 0", schema=SCHEMA)
    op.create_table(
        "api_key_secrets",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT),
        sa.PrimaryKeyConstraint("key_hash", name="pk_api_key_secrets"),
        sa.ForeignKeyConstraint(["key_id"], ["notify.api_keys.id"], name="fk_api_key_secrets_key_id"),
        schema=SCHEMA,
    )
    op.create_index("ix_api_key_secrets_key_id", "api_key_secrets", ["key_id"], schema=SCHEMA)
    op.create_table(
        "api_key_changes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Uuid()),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("detail", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_key_changes"),
        schema=SCHEMA,
    )
    op.create_index("ix_api_key_changes_key_id_id", "api_key_changes", ["key_id", "id"], schema=SCHEMA)
    op.execute(
        "INSERT INTO notify.api_key_secrets (key_hash, key_id, created_at) "
        "SELECT key_hash, id, created_at FROM notify.api_keys"
    )
    op.execute("UPDATE notify.api_keys SET per_minute = 300, per_day = 20000 WHERE NOT bootstrap")
    op.drop_column("api_keys", "key_hash", schema=SCHEMA)
    op.execute(
        """
        CREATE FUNCTION notify.refuse_rewriting_keys() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what was done to a key is never changed';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER refuse_rewriting BEFORE UPDATE OR DELETE OR TRUNCATE ON notify.api_key_changes
        FOR EACH STATEMENT EXECUTE FUNCTION notify.refuse_rewriting_keys()
        """
    )


def downgrade() -> None:
    op.drop_table("api_key_changes", schema=SCHEMA)
    op.execute("DROP FUNCTION notify.refuse_rewriting_keys()")
    op.add_column("api_keys", sa.Column("key_hash", sa.String(64)), schema=SCHEMA)
    op.execute(
        "UPDATE notify.api_keys k SET key_hash = (SELECT s.key_hash FROM notify.api_key_secrets s "
        "WHERE s.key_id = k.id ORDER BY s.created_at DESC LIMIT 1)"
    )
    op.alter_column("api_keys", "key_hash", nullable=False, schema=SCHEMA)
    op.create_unique_constraint("uq_api_keys_key_hash", "api_keys", ["key_hash"], schema=SCHEMA)
    op.drop_table("api_key_secrets", schema=SCHEMA)
    for name in ("expires_at", "per_day", "per_minute"):
        op.drop_column("api_keys", name, schema=SCHEMA)
    drop_key_limits(SCHEMA)
