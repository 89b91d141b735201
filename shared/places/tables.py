"""The tables of imported changes, one set a database, shared by the services that use it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    String,
    Table,
    Text,
)

from shared.database import schema_metadata
from shared.migrations import Schema

METADATA: Final = schema_metadata("places")
DIGEST_LENGTH: Final = 64
"""SHA-256 in hex."""

IMPORTS: Final = Table(
    "imports",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("digest", String(DIGEST_LENGTH), nullable=False, unique=True),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Column("changed", Integer, nullable=False),
)
"""One row a file that changed something: who imported it, when (UTC), and how many records it wrote."""

CHANGES: Final = Table(
    "changes",
    METADATA,
    Column("level", Text, primary_key=True),
    Column("code", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("province_code", Integer, nullable=False),
    Column("district_code", Integer),
    Column("successors", ARRAY(Integer), nullable=False),
    Column("import_id", BigInteger, ForeignKey("places.imports.id"), nullable=False),
    CheckConstraint("valid_to >= valid_from", name="days"),
)
"""Records as the latest import left them; `valid_from` is the calendar's first day where the first day is not known."""

PLACES_SCHEMA: Final = Schema("places", Path(__file__).parent / "migrations")
