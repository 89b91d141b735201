"""The tables of duty's planning; `models.py` adds them to notify's metadata. All moments in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

_MOMENT: Final = DateTime(timezone=True)
_NONE: Final = "'{}'"
_SOURCES: Final = "('standing', 'rotation', 'shift', 'swap', 'replacement', 'override')"
_POSITIONS: Final = "position IN ('worker', 'head')"


@dataclass(frozen=True)
class DutyTables:
    """What notify keeps to plan duty."""

    rosters: Table
    """A position of a team whose duty is planned. The row's lock orders changes; `filled_until`: as far as `duty` tells,
    null when it tells for ever."""
    rotations: Table
    """Rotations as in `rules.schedule`; never changed but for `ended_at`, so that a change is a new row."""
    entries: Table
    """Standing duty, shifts, swaps, replacements and overrides; taken back when `cancelled_at` is set.

    `key` tells an imported row, so that a second import of it changes nothing.
    """
    swaps: Table
    """A turn that a person offers to a colleague, and what became of it; one may wait for a shift."""
    handovers: Table
    """Who was told that their duty begins, so that nobody is told twice."""
    own_days: Table
    """Days that the organisation makes a holiday, or a working day, beside the country's."""
    calendars: Table
    """Calendar feeds of a person or a team; the token is kept as its SHA-256 only."""
    rehearsals: Table
    """What the coverage rehearsal found, a row a local day: how many holes, and how many of each kind."""


def duty_tables(metadata: MetaData) -> DutyTables:
    """Add the tables to `metadata`."""
    return DutyTables(
        rosters=Table(
            "rosters",
            metadata,
            Column("team_code", Text, primary_key=True),
            Column("position", Text, primary_key=True),
            Column("filled_until", _MOMENT),
        ),
        rotations=_rotations(metadata),
        entries=_entries(metadata),
        swaps=_swaps(metadata),
        handovers=Table(
            "handovers",
            metadata,
            Column("team_code", Text, primary_key=True),
            Column("position", Text, primary_key=True),
            Column("person_id", Uuid, primary_key=True),
            Column("starts_at", _MOMENT, primary_key=True),
            Column("told_at", _MOMENT, nullable=False),
        ),
        own_days=Table(
            "own_days",
            metadata,
            Column("day", Date, primary_key=True),
            Column("holiday", Boolean, nullable=False),
            Column("name", Text, nullable=False),
        ),
        calendars=Table(
            "calendars",
            metadata,
            Column("id", Uuid, primary_key=True),
            Column("token_hash", LargeBinary, nullable=False),
            Column("person_id", Uuid),
            Column("team_code", Text),
            Column("made_by", Uuid, nullable=False),
            Column("made_at", _MOMENT, nullable=False),
            Column("revoked_at", _MOMENT),
            UniqueConstraint("token_hash"),
            CheckConstraint("(person_id IS NULL) <> (team_code IS NULL)", name="of_one"),
        ),
        rehearsals=Table(
            "rehearsals",
            metadata,
            Column("day", Date, primary_key=True),
            Column("noticed_at", _MOMENT, nullable=False),
            Column("made_at", _MOMENT, nullable=False),
            Column("holes", Integer, nullable=False),
            Column("kinds", JSONB, nullable=False),
        ),
    )


def _rotations(metadata: MetaData) -> Table:
    return Table(
        "rotations",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("team_code", Text, nullable=False),
        Column("position", Text, nullable=False),
        Column("layer", SmallInteger, nullable=False),
        Column("members", ARRAY(Uuid), nullable=False),
        Column("handover", Time, nullable=False),
        Column("zone", Text, nullable=False),
        Column("period_days", SmallInteger, nullable=False),
        Column("starts_on", Date, nullable=False),
        Column("until", Date),
        Column("weekdays", ARRAY(SmallInteger), nullable=False, server_default=text(_NONE)),
        Column("opens", Time),
        Column("closes", Time),
        Column("holiday_members", ARRAY(Uuid), nullable=False, server_default=text(_NONE)),
        Column("made_by", Uuid),
        Column("made_at", _MOMENT, nullable=False),
        Column("ended_at", _MOMENT),
        CheckConstraint(_POSITIONS, name="position"),
        CheckConstraint("period_days BETWEEN 1 AND 366", name="period"),
        CheckConstraint("cardinality(members) > 0", name="members"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="hours"),
        Index(None, "team_code", "position", postgresql_where=text("ended_at IS NULL")),
    )


def _entries(metadata: MetaData) -> Table:
    return Table(
        "duty_entries",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("team_code", Text, nullable=False),
        Column("position", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("person_id", Uuid, nullable=False),
        Column("replaces", Uuid),
        Column("starts_at", _MOMENT, nullable=False),
        Column("ends_at", _MOMENT),
        Column("key", Text),
        Column("note", Text, nullable=False, server_default=""),
        Column("made_by", Uuid),
        Column("made_at", _MOMENT, nullable=False),
        Column("cancelled_by", Uuid),
        Column("cancelled_at", _MOMENT),
        CheckConstraint(_POSITIONS, name="position"),
        CheckConstraint(f"source IN {_SOURCES}", name="source"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_later"),
        CheckConstraint("(replaces IS NOT NULL) = (source IN ('swap', 'replacement'))", name="replaces"),
        Index(None, "team_code", "position", postgresql_where=text("cancelled_at IS NULL")),
        Index("uq_duty_entries_key", "key", unique=True, postgresql_where=text("cancelled_at IS NULL")),
    )


def _swaps(metadata: MetaData) -> Table:
    return Table(
        "swaps",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("team_code", Text, nullable=False),
        Column("position", Text, nullable=False),
        Column("from_person", Uuid, nullable=False),
        Column("to_person", Uuid, nullable=False),
        Column("starts_at", _MOMENT, nullable=False),
        Column("ends_at", _MOMENT, nullable=False),
        Column("state", Text, nullable=False),
        Column("offered_at", _MOMENT, nullable=False),
        Column("decided_at", _MOMENT),
        Column("decided_by", Uuid),
        CheckConstraint("state IN ('pending', 'accepted', 'refused', 'withdrawn')", name="state"),
        Index(
            "uq_swaps_pending",
            "team_code",
            "position",
            "from_person",
            "ends_at",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
    )
