"""Read which communes have teams here."""

from __future__ import annotations

from sqlalchemy import select

from services.triage.models import covered_units
from shared.database import Database


async def read_coverage(database: Database) -> frozenset[int]:
    """Return the national codes of the communes that are covered; none means all."""
    async with database.reading() as connection:
        return frozenset(await connection.scalars(select(covered_units.c.unit_code)))
