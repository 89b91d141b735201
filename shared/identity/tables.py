"""The tables of the read copy, the same in every service's schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

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
    text,
)

KEY_HASH_LENGTH: Final = 64
"""SHA-256 in hex."""


@dataclass(frozen=True)
class IdentityTables:
    """`people`: one row a person or API key, as last told. `keys`: the hashes of API keys and what each may do.

    `keys.valid_until`: when a secret ends, in real time, null for never; `per_minute`, `per_day`: null for no limit.
    `key_use` is no copy: it counts what each key asked of this very service.
    """

    people: Table
    keys: Table
    key_use: Table


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
        Column("valid_until", DateTime(timezone=True)),
        Column("per_minute", Integer()),
        Column("per_day", Integer()),
        Index(None, "person_id"),
    )
    return IdentityTables(people, keys, key_use_table(metadata))


def key_use_table(metadata: MetaData) -> Table:
    """Add the counters of API keys: one row a key, changed by one statement a request.

    `minute`, `day`: the newest windows (`shared.identity.limits`); `granted`: the last verdict; `used_at`: to the
    minute. `refused_reports` are those of `refused` that carried a report.
    """
    none = text("0")
    return Table(
        "identity_key_use",
        metadata,
        Column("key_id", Uuid(), primary_key=True),
        Column("minute", DateTime(timezone=True), nullable=False),
        Column("in_minute", Integer(), nullable=False),
        Column("day", DateTime(timezone=True), nullable=False),
        Column("in_day", Integer(), nullable=False),
        Column("granted", Boolean(), nullable=False),
        Column("used", BigInteger(), nullable=False),
        Column("used_at", DateTime(timezone=True)),
        Column("refused", BigInteger(), nullable=False, server_default=none),
        Column("refused_reports", BigInteger(), nullable=False, server_default=none),
        Column("refused_at", DateTime(timezone=True)),
    )
