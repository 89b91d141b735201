"""Take a report: stored, sealed and told to the others in one transaction, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from services.intake.handlers.answer_request import Created, Outcome, Submission, answer_again, request_row
from services.intake.handlers.correct_report import correct
from services.intake.handlers.decide_link import link_new_report
from services.intake.handlers.end_draft import end_draft
from services.intake.handlers.find_conflicts import find_conflicts
from services.intake.handlers.find_repeats import note_repeats
from services.intake.handlers.make_searchable import make_searchable
from services.intake.handlers.read_report import ReadReport, read_report
from services.intake.handlers.seal_report import revision_columns, store_child_reports
from services.intake.handlers.with_links import with_links
from services.intake.records import Claim
from services.intake.rules.announcement import Identity, announce, with_children
from services.intake.rules.codes import new_case_code, new_receipt
from services.intake.store import RECEIPT_PURPOSE
from shared.crypto import Keys
from shared.observability import logger
from shared.service import Parts

CODE_ATTEMPTS = 40
"""Taken codes in a row before giving up; with half of all codes given, one report in a million million comes to this."""

log = logger(__name__)


class CodesExhaustedError(Exception):
    """No free case code was found: too few are left, and the pattern of codes needs another place."""


async def receive_report(parts: Parts, submission: Submission) -> Outcome:
    """Store a report, or raise `InvalidReportError` naming every wrong field.

    The same request again, even at the same moment, gives `Repeated`; the same external id of the same sender with
    other content corrects the first report. The draft of the form is gone with the commit.
    """
    read = read_report(submission.document, parts.clock.now())
    async with parts.database.transaction() as connection:
        outcome = await store_report(connection, parts, submission, read)
        if isinstance(outcome, Created):
            await end_draft(connection, submission)
        return outcome


async def store_report(connection: AsyncConnection, parts: Parts, submission: Submission, read: ReadReport) -> Outcome:
    """Store a report that was read, in the caller's transaction."""
    read = replace(read, warnings=(*read.warnings, *submission.marks))
    request = request_row(parts, submission, read)
    receipt = submission.receipt or new_receipt()
    row = _new_row(parts, submission, read, request) | _codes(parts.keys, receipt)
    match await records.claim_and_insert(connection, request, row):
        case Claim.STORED:
            return await _tell(connection, parts, submission, read, row, receipt)
        case Claim.REPEATED:
            return await answer_again(connection, request)
        case Claim.HELD_BACK:
            return await _correct_or_renumber(connection, parts, submission, read=read, request=request, row=row)


async def _tell(
    connection: AsyncConnection,
    parts: Parts,
    submission: Submission,
    read: ReadReport,
    row: records.Row,
    receipt: str,
) -> Created:
    report_id, case_code = row["report_id"], row["case_code"]
    await store_child_reports(connection, parts, read.report, row)
    identity = Identity(report_id, case_code, row["revision"], row["submitted_by"], row["correlation_id"])
    excluded = await find_conflicts(connection, parts, report_id, read.report)
    event = announce(identity, read.report, read.received_at, row["arrived_at"], excluded=excluded)
    await note_repeats(connection, parts, read.report, row)
    await make_searchable(connection, parts.keys, report_id, read.report)
    if submission.repeats:
        await link_new_report(connection, parts, report_id, submission.repeats, submission.actor)
        event = await with_links(connection, event)
    await parts.bus.publish(connection, *with_children(event, read.report))
    log.info("report_received", report_id=str(report_id), case_code=case_code, channel=row["channel"])
    return Created(report_id, case_code, receipt)


async def _correct_or_renumber(
    connection: AsyncConnection,
    parts: Parts,
    submission: Submission,
    *,
    read: ReadReport,
    request: records.Row,
    row: records.Row,
) -> Outcome:
    """Correct the report that bears the external id; else one of the codes was taken: draw others."""
    external_digest = row["external_digest"]
    if external_digest is not None:
        current = await records.lock_report(connection, external_digest=external_digest)
        if current is not None:
            await records.point_request(connection, request["request_digest"], current["report_id"])
            return await correct(
                connection, parts, current, read=read, actor=submission.actor, content_digest=request["content_digest"]
            )
    for attempt in range(CODE_ATTEMPTS):
        # Half of the tries keep a receipt that was chosen, so that even one that is taken loses no report.
        receipt = (submission.receipt if attempt < CODE_ATTEMPTS // 2 else None) or new_receipt()
        renumbered = {**row, **_codes(parts.keys, receipt)}
        if await records.insert_report(connection, renumbered):
            return await _tell(connection, parts, submission, read, renumbered, receipt)
    raise CodesExhaustedError


def _new_row(parts: Parts, submission: Submission, read: ReadReport, request: records.Row) -> dict[str, Any]:
    report_id, actor = request["report_id"], submission.actor
    return {
        "report_id": report_id,
        "revision": 1,
        "external_digest": _external_digest(parts.keys, submission, read),
        "content_digest": request["content_digest"],
        "received_at": read.received_at,
        "arrived_at": request["arrived_at"],
        "submitted_by": actor.id if actor.roles else None,
        "correlation_id": submission.correlation_id or report_id.hex,
        **revision_columns(parts, report_id, read, actor),
    }


def _codes(keys: Keys, receipt: str) -> dict[str, Any]:
    return {"case_code": new_case_code(), "receipt_digest": keys.digest(receipt, RECEIPT_PURPOSE)}


def _external_digest(keys: Keys, submission: Submission, read: ReadReport) -> bytes | None:
    external_id = read.report.external_id
    return keys.digest(f"{submission.sender}\0{external_id}", "intake.external") if external_id else None
