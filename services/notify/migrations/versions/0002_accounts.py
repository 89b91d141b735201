"""Sign-in accounts, API keys, and the read copy of both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.identity.migrations import create_identity_tables, drop_identity_tables

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "notify"
MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    create_identity_tables(SCHEMA)
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("team_codes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("unit_codes", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("sessions_valid_from", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_accounts"),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
        sa.CheckConstraint("cardinality(roles) > 0", name=op.f("ck_accounts_has_a_role")),
        schema=SCHEMA,
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("bootstrap", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
        schema=SCHEMA,
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("counted_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_sign_in_tries"),
        schema=SCHEMA,
    )
    op.create_index("ix_sign_in_tries_counted_until", "sign_in_tries", ["counted_until"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("sign_in_tries", "api_keys", "accounts"):
        op.drop_table(table, schema=SCHEMA)
    drop_identity_tables(SCHEMA)
