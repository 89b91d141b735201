"""Correct a report: what it said is kept, what it says now is told, the case stays the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from services.intake.handlers.answer_request import (
    Corrected,
    KeyReused,
    Repeated,
    Submission,
    answer_again,
    request_row,
)
from services.intake.handlers.find_conflicts import find_conflicts
from services.intake.handlers.find_repeats import note_repeats_again
from services.intake.handlers.make_searchable import make_searchable_again
from services.intake.handlers.read_report import ReadReport, read_report
from services.intake.handlers.seal_report import revision_columns, store_child_reports
from services.intake.handlers.with_links import with_links
from services.intake.rules.announcement import Identity, announce, with_children
from services.intake.rules.plausibility import ABOUT_SENDING
from shared.identity.actor import Actor
from shared.observability import logger
from shared.service import Parts

log = logger(__name__)


class UnknownReportError(Exception):
    """There is no report of this id that could be corrected."""


async def correct_report(parts: Parts, report_id: UUID, submission: Submission) -> Corrected | Repeated | KeyReused:
    """Put new facts into a report that an operator took, or raise `InvalidReportError` or `UnknownReportError`."""
    read = read_report(submission.document, parts.clock.now())
    request = request_row(parts, submission, read) | {"report_id": report_id}
    async with parts.database.transaction() as connection:
        current = await records.lock_report(connection, report_id=report_id)
        if current is None:
            raise UnknownReportError
        if not await records.claim_request(connection, request):
            return await answer_again(connection, request)
        return await correct(
            connection, parts, current, read=read, actor=submission.actor, content_digest=request["content_digest"]
        )


async def correct(
    connection: AsyncConnection,
    parts: Parts,
    current: RowMapping,
    *,
    read: ReadReport,
    actor: Actor,
    content_digest: bytes,
) -> Corrected | Repeated:
    """Correct a locked report, unless it says the same. Clocks keep running from the first receipt."""
    report_id, case_code = current["report_id"], current["case_code"]
    if current["content_digest"] == content_digest:
        return Repeated(report_id, case_code)
    values: dict[str, Any] = revision_columns(parts, report_id, read, actor)
    values |= {"content_digest": content_digest, "received_at": min(read.received_at, current["received_at"])}
    values["warnings"] = [*values["warnings"], *(mark for mark in current["warnings"] if mark in ABOUT_SENDING)]
    revision = await records.replace_document(connection, current, values)
    await store_child_reports(connection, parts, read.report, {**current, **values, "revision": revision})
    identity = Identity(report_id, case_code, revision, current["submitted_by"], current["correlation_id"])
    excluded = await find_conflicts(connection, parts, report_id, read.report, corrected=True)
    event = announce(identity, read.report, values["received_at"], parts.clock.now(), excluded=excluded)
    await note_repeats_again(connection, parts, read.report, {**current, **values})
    await make_searchable_again(connection, parts.keys, report_id, read.report)
    await parts.bus.publish(connection, *with_children(await with_links(connection, event), read.report))
    log.info("report_corrected", report_id=str(report_id), case_code=case_code, revision=revision)
    return Corrected(report_id, case_code, revision)
