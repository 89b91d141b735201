"""Duty is planned: rotations, shifts, replacements, overrides and swaps; messages may be about no case.

Everybody who is on duty without an end stays so: their duty becomes standing, which gives way to what is planned.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCHEMA = "notify"
MOMENT = sa.DateTime(timezone=True)
TABLES = ("rosters", "rotations", "duty_entries", "swaps", "handovers", "own_days", "calendars", "rehearsals")
LIVE = ("duty", "swaps", "rehearsals")


def upgrade() -> None:
    op.alter_column("messages", "report_id", nullable=True, schema=SCHEMA)
    op.add_column("duty", sa.Column("source", sa.Text, nullable=False, server_default="shift"), schema=SCHEMA)
    op.execute("UPDATE notify.duty SET source = 'standing' WHERE ends_at IS NULL")
    op.create_index("ix_duty_starts_at", "duty", ["starts_at"], schema=SCHEMA)
    _plans()
    _swaps_and_notices()
    _around()
    for table in LIVE:
        op.execute(
            f"CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON notify.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION notify.tell_change()"
        )


def _seat() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("team_code", sa.Text, nullable=False), sa.Column("position", sa.Text, nullable=False)


def _plans() -> None:
    position = "position IN ('worker', 'head')"
    none = sa.text("'{}'")
    op.create_table(
        "rosters",
        *_seat(),
        sa.Column("filled_until", MOMENT),
        sa.PrimaryKeyConstraint("team_code", "position", name="pk_rosters"),
        schema=SCHEMA,
    )
    op.create_table(
        "rotations",
        sa.Column("id", sa.Uuid, nullable=False),
        *_seat(),
        sa.Column("layer", sa.SmallInteger, nullable=False),
        sa.Column("members", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("handover", sa.Time, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("period_days", sa.SmallInteger, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("weekdays", sa.ARRAY(sa.SmallInteger), nullable=False, server_default=none),
        sa.Column("opens", sa.Time),
        sa.Column("closes", sa.Time),
        sa.Column("holiday_members", sa.ARRAY(sa.Uuid), nullable=False, server_default=none),
        sa.Column("made_by", sa.Uuid),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_rotations"),
        sa.CheckConstraint(position, name="position"),
        sa.CheckConstraint("period_days BETWEEN 1 AND 366", name="period"),
        sa.CheckConstraint("cardinality(members) > 0", name="members"),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="hours"),
        schema=SCHEMA,
    )
    _index("rotations", "ix_rotations_team_code_position", ["team_code", "position"], "ended_at IS NULL")
    op.create_table(
        "duty_entries",
        sa.Column("id", sa.Uuid, nullable=False),
        *_seat(),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("replaces", sa.Uuid),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT),
        sa.Column("key", sa.Text),
        sa.Column("made_by", sa.Uuid),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("cancelled_by", sa.Uuid),
        sa.Column("cancelled_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_duty_entries"),
        sa.CheckConstraint(position, name="position"),
        sa.CheckConstraint(
            "source IN ('standing', 'rotation', 'shift', 'swap', 'replacement', 'override')",
            name="source",
        ),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_later"),
        sa.CheckConstraint("(replaces IS NOT NULL) = (source IN ('swap', 'replacement'))", name="replaces"),
        schema=SCHEMA,
    )
    _index("duty_entries", "ix_duty_entries_team_code_position", ["team_code", "position"], "cancelled_at IS NULL")
    _index("duty_entries", "uq_duty_entries_key", ["key"], "cancelled_at IS NULL", unique=True)


def _swaps_and_notices() -> None:
    op.create_table(
        "swaps",
        sa.Column("id", sa.Uuid, nullable=False),
        *_seat(),
        sa.Column("from_person", sa.Uuid, nullable=False),
        sa.Column("to_person", sa.Uuid, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Uuid),
        sa.PrimaryKeyConstraint("id", name="pk_swaps"),
        sa.CheckConstraint("state IN ('pending', 'accepted', 'refused', 'withdrawn')", name="state"),
        schema=SCHEMA,
    )
    shift = ["team_code", "position", "from_person", "ends_at"]
    _index("swaps", "uq_swaps_pending", shift, "state = 'pending'", unique=True)
    op.create_table(
        "handovers",
        *_seat(),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("team_code", "position", "person_id", "starts_at", name="pk_handovers"),
        schema=SCHEMA,
    )


def _around() -> None:
    op.create_table(
        "own_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("holiday", sa.Boolean, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_own_days"),
        schema=SCHEMA,
    )
    op.create_table(
        "calendars",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("person_id", sa.Uuid),
        sa.Column("team_code", sa.Text),
        sa.Column("made_by", sa.Uuid, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_calendars"),
        sa.UniqueConstraint("token_hash", name="uq_calendars_token_hash"),
        sa.CheckConstraint("(person_id IS NULL) <> (team_code IS NULL)", name="of_one"),
        schema=SCHEMA,
    )
    op.create_table(
        "rehearsals",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("holes", sa.Integer, nullable=False),
        sa.Column("kinds", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_rehearsals"),
        schema=SCHEMA,
    )


def _index(table: str, name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, schema=SCHEMA, postgresql_where=sa.text(where))


def downgrade() -> None:
    for table in LIVE:
        op.execute(f"DROP TRIGGER tell_change ON notify.{table}")
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_index("ix_duty_starts_at", "duty", schema=SCHEMA)
    op.drop_column("duty", "source", schema=SCHEMA)
    op.execute("DELETE FROM notify.messages WHERE report_id IS NULL")
    op.alter_column("messages", "report_id", nullable=False, schema=SCHEMA)
