"""The tables of how people are reached, and of what was changed about them; `models.py` adds them to notify's metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

_MOMENT: Final = DateTime(timezone=True)


@dataclass(frozen=True)
class ContactTables:
    """What notify keeps of how people are reached."""

    contacts: Table
    """One row an address of a person on a channel, in order of `rank`: E.164, or an e-mail address without case.

    `verified_by` is null where the organisation vouched for it at the load; `failing_code` is the gateway's error.
    """
    codes: Table
    """The newest code that proves each contact, kept as a keyed hash; all its moments are real time."""
    codes_sent: Table
    """When codes were asked for, in real time, so that nobody is sent too many."""
    changes: Table
    """What was changed about a person or a team, by whom; the database refuses to change a row."""


def contact_tables(metadata: MetaData) -> ContactTables:
    """Add the tables to notify's metadata."""
    return ContactTables(_contacts(metadata), _codes(metadata), _codes_sent(metadata), _changes(metadata))


def _contacts(metadata: MetaData) -> Table:
    return Table(
        "contacts",
        metadata,
        Column("id", Uuid(), primary_key=True, server_default=text("gen_random_uuid()")),
        Column("person_id", Uuid(), nullable=False),
        Column("channel", Text(), nullable=False),
        Column("address", Text(), nullable=False),
        Column("rank", SmallInteger(), nullable=False),
        Column("verified_at", _MOMENT),
        Column("verified_by", Uuid()),
        Column("opted_out_at", _MOMENT),
        Column("failing_since", _MOMENT),
        Column("failing_code", Integer()),
        Column("created_at", _MOMENT, nullable=False),
        UniqueConstraint("person_id", "channel", "address"),
        CheckConstraint("channel IN ('sms', 'voice', 'email', 'zalo')", name="channel"),
        CheckConstraint("(failing_since IS NULL) = (failing_code IS NULL)", name="failing_has_a_code"),
        Index(None, "address", "channel"),
    )


def _codes(metadata: MetaData) -> Table:
    return Table(
        "contact_codes",
        metadata,
        Column("contact_id", Uuid(), primary_key=True),
        Column("code_hash", LargeBinary(), nullable=False),
        Column("expires_at", _MOMENT, nullable=False),
        Column("tries", SmallInteger(), nullable=False, server_default=text("0")),
    )


def _codes_sent(metadata: MetaData) -> Table:
    return Table(
        "contact_codes_sent",
        metadata,
        Column("id", BigInteger(), Identity(), primary_key=True),
        Column("person_id", Uuid(), nullable=False),
        Column("at", _MOMENT, nullable=False),
        Index(None, "person_id", "at"),
    )


def _changes(metadata: MetaData) -> Table:
    return Table(
        "people_changes",
        metadata,
        Column("id", BigInteger(), Identity(), primary_key=True),
        Column("person_id", Uuid()),
        Column("team_code", Text()),
        Column("at", _MOMENT, nullable=False),
        Column("by", Uuid()),
        Column("what", Text(), nullable=False),
        Column("detail", JSONB(), nullable=False),
        CheckConstraint("(person_id IS NULL) <> (team_code IS NULL)", name="of_a_person_or_a_team"),
        Index(None, "person_id", "id"),
        Index(None, "team_code", "id"),
    )
