"""The tables of sign-in accounts and API keys; `models.py` adds them to notify's metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.identity.tables import KEY_HASH_LENGTH

_NOT_BOOTSTRAP: Final = text("false")
_NOTHING_TOLD: Final = text("0")


@dataclass(frozen=True)
class AccountTables:
    """What notify keeps to let people and programs in."""

    accounts: Table
    """One row a person who may sign in; `login` folded, `password_hash` argon2id in PHC form.

    `told` is the `sequence` at which the other services were last told how to recognise the person.
    """
    api_keys: Table
    """One row an API key, kept as the SHA-256 of it in hex."""
    sign_in_tries: Table
    """Tries that may be guesses, counted by login and by address; `subject` is a keyed hash of either."""


def account_tables(metadata: MetaData) -> AccountTables:
    """Add the tables to notify's metadata."""
    return AccountTables(_accounts(metadata), _api_keys(metadata), _sign_in_tries(metadata))


def _accounts(metadata: MetaData) -> Table:
    return Table(
        "accounts",
        metadata,
        Column("person_id", Uuid(), primary_key=True),
        Column("login", Text(), nullable=False),
        Column("display_name", Text(), nullable=False),
        Column("password_hash", Text(), nullable=False),
        Column("roles", ARRAY(Text()), nullable=False),
        Column("team_codes", ARRAY(Text()), nullable=False),
        Column("unit_codes", ARRAY(Integer()), nullable=False),
        Column("disabled", Boolean(), nullable=False),
        Column("sequence", BigInteger(), nullable=False),
        Column("told", BigInteger(), nullable=False, server_default=_NOTHING_TOLD),
        Column("sessions_valid_from", DateTime(timezone=True), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("login"),
        CheckConstraint("cardinality(roles) > 0", name="has_a_role"),
        Index("ix_accounts_untold", "person_id", postgresql_where=text("told < sequence")),
    )


def _api_keys(metadata: MetaData) -> Table:
    return Table(
        "api_keys",
        metadata,
        Column("id", Uuid(), primary_key=True),
        Column("name", Text(), nullable=False),
        Column("key_hash", String(KEY_HASH_LENGTH), nullable=False),
        Column("scopes", ARRAY(Text()), nullable=False),
        Column("bootstrap", Boolean(), nullable=False, server_default=_NOT_BOOTSTRAP),
        Column("disabled", Boolean(), nullable=False),
        Column("sequence", BigInteger(), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("key_hash"),
    )


def _sign_in_tries(metadata: MetaData) -> Table:
    return Table(
        "sign_in_tries",
        metadata,
        Column("subject", LargeBinary(), primary_key=True),
        Column("tries", Integer(), nullable=False),
        Column("counted_until", DateTime(timezone=True), nullable=False),
        Index(None, "counted_until"),
    )
