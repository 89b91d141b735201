"""The tables of invitations and of proposed changes of people; `models.py` adds them to notify's metadata."""

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
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    text,
)

_MOMENT: Final = DateTime(timezone=True)
TOKEN_HASH_LENGTH: Final = 64


@dataclass(frozen=True)
class PeopleTables:
    """What notify keeps of people who are to come, and of changes that wait for an administrator."""

    invitations: Table
    """The one link of each person that lets them choose a password, as the SHA-256 of its token in hex.

    All moments are real time. Whoever uses the link removes it; a newer one takes its place.
    """
    proposals: Table
    """Changes that a supervisor asks for; a decided one never changes again.

    `value` is what the change needs: `channel:address`, a contact's id, a team's code, a position, or nothing. An
    address is cut to its end once it is decided on.
    """


def people_tables(metadata: MetaData) -> PeopleTables:
    """Add the tables to notify's metadata."""
    return PeopleTables(_invitations(metadata), _proposals(metadata))


def _invitations(metadata: MetaData) -> Table:
    return Table(
        "invitations",
        metadata,
        Column("person_id", Uuid(), primary_key=True),
        Column("token_hash", String(TOKEN_HASH_LENGTH), nullable=False),
        Column("expires_at", _MOMENT, nullable=False),
        Index("uq_invitations_token_hash", "token_hash", unique=True),
    )


def _proposals(metadata: MetaData) -> Table:
    return Table(
        "people_proposals",
        metadata,
        Column("id", BigInteger(), Identity(), primary_key=True),
        Column("person_id", Uuid(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("value", Text(), nullable=False),
        Column("why", Text(), nullable=False),
        Column("proposed_by", Uuid(), nullable=False),
        Column("proposed_at", _MOMENT, nullable=False),
        Column("state", Text(), nullable=False, server_default=text("'open'")),
        Column("decided_by", Uuid()),
        Column("decided_at", _MOMENT),
        Column("reason", Text()),
        CheckConstraint("kind IN ('contact', 'contact_remove', 'team', 'position', 'disable')", name="kind"),
        CheckConstraint("state IN ('open', 'accepted', 'refused')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_a_moment"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_has_a_reason"),
        Index(
            "uq_people_proposals_open",
            "person_id",
            "kind",
            "value",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )
