"""Keep by what people find a report: as it is stored, as it is corrected, and once for those from before."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records, search_records
from services.intake.handlers.seal_report import open_report
from services.intake.handlers.search_keys import search_keys
from services.intake.rules.report import Report
from shared.crypto import Keys, UndecryptableError
from shared.observability import logger
from shared.service import Parts

AT_ONCE = 50
"""Reports from before that a turn of the job opens."""

log = logger(__name__)


async def make_searchable(connection: AsyncConnection, keys: Keys, report_id: UUID, report: Report) -> None:
    """Let a new report be found."""
    await search_records.put_keys(connection, report_id, search_keys(report, keys))


async def make_searchable_again(connection: AsyncConnection, keys: Keys, report_id: UUID, report: Report) -> None:
    """Let a locked report be found by what it says now, and no longer by what it said."""
    await search_records.replace_keys(connection, report_id, search_keys(report, keys))


async def make_old_searchable(parts: Parts) -> int:
    """Let some reports from before be found; return how many were looked at."""
    async with parts.database.transaction() as connection:
        report_ids = await search_records.waiting(connection, AT_ONCE)
    for report_id in report_ids:
        async with parts.database.transaction() as connection:
            await _make_old_searchable(connection, parts.keys, report_id)
    return len(report_ids)


async def _make_old_searchable(connection: AsyncConnection, keys: Keys, report_id: UUID) -> None:
    row = await records.lock_report(connection, report_id=report_id)
    try:
        report = None if row is None else open_report(keys, report_id, row["document"])
    except UndecryptableError:
        log.exception("report_to_be_found_does_not_open", report_id=str(report_id))
        report = None
    if report is None:
        await search_records.forget_waiting(connection, report_id)
    else:
        await make_searchable_again(connection, keys, report_id, report)
