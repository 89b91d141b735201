"""The tables of the read copy, the same in every service's schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from alembic import op
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

from shared.database import schema_metadata

KEY_HASH_LENGTH: Final = 64
"""SHA-256 in hex."""


@dataclass(frozen=True)
class IdentityTables:
    """`people`: one row a person or API key, as last told. `keys`: the hashes of API keys and what each may do."""

    people: Table
    keys: Table


def identity_tables(metadata: MetaData) -> IdentityTables:
    """Add the read copy's tables to a service's metadata."""
    people = Table(
        "identity_people",
        metadata,
        Column("person_id", Uuid(), primary_key=True),
        Column("sequence", BigInteger(), nullable=False),
        Column("roles", ARRAY(Text()), nullable=False),
        Column("team_codes", ARRAY(Text()), nullable=False),
        Column("unit_codes", ARRAY(Integer()), nullable=False),
        Column("disabled", Boolean(), nullable=False),
        Column("sessions_valid_from", DateTime(timezone=True), nullable=False),
    )
    keys = Table(
        "identity_keys",
        metadata,
        Column("key_hash", String(KEY_HASH_LENGTH), primary_key=True),
        Column("person_id", Uuid(), nullable=False),
        Column("scopes", ARRAY(Text()), nullable=False),
        Index(None, "person_id"),
    )
    return IdentityTables(people, keys)


def create_identity_tables(schema: str) -> None:
    """Create the read copy in `schema`; called by each service's migration.

    Migrations that have run keep their meaning: a change of these tables is a migration of its own.
    """
    tables = identity_tables(schema_metadata(schema))
    for table in (tables.people, tables.keys):
        table.create(op.get_bind())


def drop_identity_tables(schema: str) -> None:
    """Drop what `create_identity_tables` made; called by a migration."""
    op.drop_table("identity_keys", schema=schema)
    op.drop_table("identity_people", schema=schema)
