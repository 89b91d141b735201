"""Steps of each service's migrations for the read copy of people and keys. What has run keeps its meaning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

MOMENT = sa.TIMESTAMP(timezone=True)


def create_identity_tables(schema: str) -> None:
    """Create the read copy in `schema`, as it first was."""
    op.create_table(
        "identity_people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("team_codes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("unit_codes", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("sessions_valid_from", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_identity_people"),
        schema=schema,
    )
    op.create_table(
        "identity_keys",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_identity_keys"),
        schema=schema,
    )
    op.create_index("ix_identity_keys_person_id", "identity_keys", ["person_id"], schema=schema)


def drop_identity_tables(schema: str) -> None:
    """Drop what `create_identity_tables` made."""
    op.drop_table("identity_keys", schema=schema)
    op.drop_table("identity_people", schema=schema)


def add_key_limits(schema: str) -> None:
    """Add when a secret ends and how often a key may ask, and the counters of what it asked.

    Keys made before get the limits that a new one would have.
    """
    op.add_column("identity_keys", sa.Column("valid_until", MOMENT), schema=schema)
    for name in ("per_minute", "per_day"):
        op.add_column("identity_keys", sa.Column(name, sa.Integer()), schema=schema)
    keys = sa.table("identity_keys", sa.column("per_minute"), sa.column("per_day"), schema=schema)
    op.execute(keys.update().values(per_minute=300, per_day=20_000))
    op.create_table(
        "identity_key_use",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("minute", MOMENT, nullable=False),
        sa.Column("in_minute", sa.Integer(), nullable=False),
        sa.Column("day", MOMENT, nullable=False),
        sa.Column("in_day", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("refused", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("refused_reports", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("refused_at", MOMENT),
        sa.PrimaryKeyConstraint("key_id", name="pk_identity_key_use"),
        schema=schema,
    )


def drop_key_limits(schema: str) -> None:
    """Drop what `add_key_limits` made."""
    op.drop_table("identity_key_use", schema=schema)
    for name in ("per_day", "per_minute", "valid_until"):
        op.drop_column("identity_keys", name, schema=schema)
