"""The tables of drafts. What was typed is sealed; columns in the clear hold ids, counts and times only."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from services.intake.models import MOMENT, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("owner_id", Uuid, primary_key=True),
    # The once-only key of the form, under which its report will be stored.
    Column("key", Uuid, primary_key=True),
    # Grows with each save; milliseconds since 1970 by the clock of whoever typed, or one more than the last.
    Column("revision", BigInteger, nullable=False),
    # The fields as JSON, sealed; bound to `intake.drafts:<owner_id>:<key>`.
    Column("document", LargeBinary, nullable=False),
    Column("channel", Text),
    Column("filled", SmallInteger, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("updated_at", MOMENT, nullable=False),
    CheckConstraint("channel IN ('hotline', 'web', 'partner', 'walk_in', 'sms')", name="channel"),
)
"""Reports that are being typed, each its owner's alone; gone with the commit that stores the report of the same key."""

draft_removals = Table(
    "draft_removals",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    # Who discarded a draft of theirs; null for those that were kept too long.
    Column("person_id", Uuid),
    Column("removed_at", MOMENT, nullable=False),
    Column("drafts", Integer, nullable=False),
    CheckConstraint("drafts >= 1", name="some"),
)
"""How many drafts were removed unsent, by whom and when, for ever; the database refuses to change a row."""
