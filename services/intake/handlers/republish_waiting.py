"""Tell reports again whose assessment has not come back: no hop between the services is trusted."""

from __future__ import annotations

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from services.intake.handlers.find_conflicts import known_exclusions
from services.intake.handlers.seal_report import open_report
from services.intake.handlers.with_links import with_links
from services.intake.rules.announcement import Identity, announce, with_children
from services.intake.rules.republishing import wait_after
from shared.crypto import UndecryptableError
from shared.observability import logger
from shared.service import Parts

BATCH = 50
"""Reports told again in one transaction; the rest follow at the next wake."""

log = logger(__name__)


async def republish_waiting(parts: Parts) -> int:
    """Tell overdue reports again, each with a longer wait than before; return how many."""
    async with parts.database.transaction() as connection:
        waiting = await records.waiting_reports(connection, BATCH)
        for row in waiting:
            attempts = row["publish_attempts"] + 1
            await _tell_again(connection, parts, row)
            await records.postpone(connection, row["report_id"], attempts, wait_after(attempts))
    return len(waiting)


async def _tell_again(connection: AsyncConnection, parts: Parts, row: RowMapping) -> None:
    report_id, case_code, revision = row["report_id"], row["case_code"], row["revision"]
    try:
        report = open_report(parts.keys, report_id, row["document"])
    except UndecryptableError:
        log.exception("waiting_report_does_not_open", report_id=str(report_id), case_code=case_code)
        return
    identity = Identity(report_id, case_code, revision, row["submitted_by"], row["correlation_id"])
    excluded = await known_exclusions(connection, report_id)
    event = announce(identity, report, row["received_at"], parts.clock.now(), excluded=excluded)
    await parts.bus.publish(connection, *with_children(await with_links(connection, event), report))
    log.warning("report_told_again", report_id=str(report_id), case_code=case_code, revision=revision)
