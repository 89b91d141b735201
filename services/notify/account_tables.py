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
    ForeignKey,
    Identity,
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
from sqlalchemy.dialects.postgresql import JSONB

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
    """One row an API key; `per_minute`, `per_day` null: no limit; `expires_at` in real time, null: never."""
    key_secrets: Table
    """What a key is told by, kept as its SHA-256 in hex; `ends_at` in real time, null for the newest of a key."""
    key_changes: Table
    """Who did what to a key, for ever; `changed_by` null: the command line. The database refuses to change a row."""
    sign_in_tries: Table
    """Tries that may be guesses, counted by login and by address; `subject` is a keyed hash of either."""


def account_tables(metadata: MetaData) -> AccountTables:
    """Add the tables to notify's metadata."""
    return AccountTables(
        accounts=_accounts(metadata),
        api_keys=_api_keys(metadata),
        key_secrets=_key_secrets(metadata),
        key_changes=_key_changes(metadata),
        sign_in_tries=_sign_in_tries(metadata),
    )


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
        Column("scopes", ARRAY(Text()), nullable=False),
        Column("per_minute", Integer()),
        Column("per_day", Integer()),
        Column("expires_at", DateTime(timezone=True)),
        Column("bootstrap", Boolean(), nullable=False, server_default=_NOT_BOOTSTRAP),
        Column("disabled", Boolean(), nullable=False),
        Column("sequence", BigInteger(), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        CheckConstraint("per_minute > 0 AND per_day > 0", name="limits"),
    )


def _key_secrets(metadata: MetaData) -> Table:
    return Table(
        "api_key_secrets",
        metadata,
        Column("key_hash", String(KEY_HASH_LENGTH), primary_key=True),
        Column("key_id", Uuid(), ForeignKey("notify.api_keys.id"), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("ends_at", DateTime(timezone=True)),
        Index(None, "key_id"),
    )


def _key_changes(metadata: MetaData) -> Table:
    return Table(
        "api_key_changes",
        metadata,
        Column("id", BigInteger(), Identity(always=True), primary_key=True),
        Column("key_id", Uuid(), nullable=False),
        Column("changed_at", DateTime(timezone=True), nullable=False),
        Column("changed_by", Uuid()),
        Column("what", Text(), nullable=False),
        Column("detail", JSONB(), nullable=False),
        Index(None, "key_id", "id"),
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
