"""Say which communes have teams here, and which code each team has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import delete, insert

from services.triage.models import covered_units, team_codes
from shared.database import Database

Rows = list[dict[str, object]]


async def set_coverage(database: Database, units: Iterable[int], teams: Mapping[UUID, str]) -> None:
    """Replace the coverage: national codes of the `units`, and the code of each team by its id.

    Cases that are routed already stay where they are. No units at all means that every commune is covered.
    """
    covered: Rows = [{"unit_code": unit} for unit in sorted(set(units))]
    codes: Rows = [{"team_id": team_id, "team_code": code} for team_id, code in teams.items()]
    async with database.transaction() as connection:
        for table, rows in ((covered_units, covered), (team_codes, codes)):
            await connection.execute(delete(table))
            if rows:
                await connection.execute(insert(table), rows)
