"""Reading and writing by what people find reports, and who searched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import reports, search_keys, searches, unsearchable


async def put_keys(connection: AsyncConnection, report_id: UUID, keys: Mapping[int, Collection[bytes]]) -> None:
    """Keep by what a new report is found, by person."""
    rows = [{"report_id": report_id, "person": person, "digests": sorted(found)} for person, found in keys.items()]
    if rows:
        await connection.execute(insert(search_keys), rows)


async def replace_keys(connection: AsyncConnection, report_id: UUID, keys: Mapping[int, Collection[bytes]]) -> None:
    """Keep by what a locked report is found now, and forget by what it was."""
    await connection.execute(delete(search_keys).where(search_keys.c.report_id == report_id))
    await connection.execute(delete(unsearchable).where(unsearchable.c.report_id == report_id))
    await put_keys(connection, report_id, keys)


async def forget_waiting(connection: AsyncConnection, report_id: UUID) -> None:
    """Note that nothing more is to be done for a report."""
    await connection.execute(delete(unsearchable).where(unsearchable.c.report_id == report_id))


async def waiting(connection: AsyncConnection, most: int) -> Sequence[UUID]:
    """Return reports that no search finds yet."""
    return (await connection.execute(select(unsearchable.c.report_id).limit(most))).scalars().all()


def bearing(digests: Collection[bytes]) -> ColumnElement[bool]:
    """Return the condition, on rows of reports, that one person of the report, or the report itself, bears all of these."""
    wanted = literal(sorted(digests), search_keys.c.digests.type)
    return reports.c.report_id.in_(select(search_keys.c.report_id).where(search_keys.c.digests.bool_op("@>")(wanted)))


def lying_in(unit_codes: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that the report is of one of these communes: of the incident, of the home or of now."""
    return or_(
        *(
            column.in_(unit_codes)
            for column in (reports.c.incident_unit_code, reports.c.residence_unit_code, reports.c.current_unit_code)
        )
    )


async def those_bearing(connection: AsyncConnection, report_ids: Collection[UUID], digest: bytes) -> frozenset[UUID]:
    """Return those of some reports that bear a hash."""
    statement = select(reports.c.report_id).where(reports.c.report_id.in_(report_ids), bearing([digest]))
    return frozenset((await connection.execute(statement)).scalars())


async def keep_search(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Record a search."""
    await connection.execute(insert(searches), row)
