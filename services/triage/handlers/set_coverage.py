"""Say which communes have teams here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert

from services.triage.models import covered_units
from shared.database import Database


async def set_coverage(database: Database, units: Iterable[int]) -> None:
    """Replace the coverage: national codes of the `units`.

    Cases that are routed already stay where they are. No units at all means that every commune is covered.
    """
    covered = [{"unit_code": unit} for unit in sorted(set(units))]
    async with database.transaction() as connection:
        await connection.execute(delete(covered_units))
        if covered:
            await connection.execute(insert(covered_units), covered)
