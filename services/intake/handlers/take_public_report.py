"""Take a report from the public form: nothing is refused for how it was sent, it is only marked for a person to see."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from services.intake import public_tries
from services.intake.handlers.answer_request import Created, KeyReused, Submission
from services.intake.handlers.receive_report import receive_report
from services.intake.models import reports
from services.intake.rules.codes import RECEIPT_DIGITS
from services.intake.rules.plausibility import Warn
from services.intake.store import RECEIPT_PURPOSE
from shared.crypto import Keys
from shared.identity.sessions import real_now
from shared.service import Parts

UNMARKED_IN_AN_HOUR: Final = 30
"""Reports from one address; a school or a commune's office may share one."""
HOUR: Final = timedelta(hours=1)
SHOWN_AGAIN_FOR: Final = timedelta(minutes=2)
"""A form sent twice by a double click shows its receipt on the second answer, which is the one that is seen."""


@dataclass(frozen=True)
class PublicReport:
    """What the form brought: the document, its once-only key, the sender's address, and whether its trap was filled."""

    document: dict[str, Any]
    once: str
    address: str
    trapped: bool = False


async def take_public_report(parts: Parts, sent: PublicReport) -> str | None:
    """Store a report once and return its receipt, null when that was shown a while ago.

    Raises `InvalidReportError`. Other words under the same key are another report, so that none is lost.
    """
    submission = _submission(parts.keys, sent, f"web {sent.once}")
    submission = replace(submission, marks=await _marks(parts, sent))
    outcome = await receive_report(parts, submission)
    if isinstance(outcome, KeyReused):
        content = parts.keys.digest(json.dumps(sent.document, sort_keys=True), "intake.public_content").hex()
        submission = replace(_submission(parts.keys, sent, f"web {sent.once} {content}"), marks=submission.marks)
        outcome = await receive_report(parts, submission)
    match outcome:
        case Created(_, _, receipt):
            return receipt
        case KeyReused():
            return None
        case repeated:
            return await _shown_again(parts, repeated.report_id, submission.receipt or "")


def _submission(keys: Keys, sent: PublicReport, key: str) -> Submission:
    return Submission(sent.document, key, receipt=_receipt(keys, key))


def _receipt(keys: Keys, key: str) -> str:
    """Return the receipt of a form: drawn from its random key, which is not kept, so nobody can draw it later."""
    drawn = int.from_bytes(keys.digest(key, "intake.public_receipt")[:16])
    return f"{drawn % 10**RECEIPT_DIGITS:0{RECEIPT_DIGITS}}"


async def _marks(parts: Parts, sent: PublicReport) -> tuple[Warn, ...]:
    now = real_now()
    who = public_tries.subject(parts.keys, "report", sent.address)
    async with parts.database.transaction() as connection:
        tries, _ = await public_tries.count(connection, who, span=HOUR, now=now)
        await public_tries.purge(connection, now=now)
    many = (Warn.MANY_FROM_ONE_ADDRESS,) if tries > UNMARKED_IN_AN_HOUR else ()
    return (*many, Warn.FILLED_BY_PROGRAM) if sent.trapped else many


async def _shown_again(parts: Parts, report_id: UUID, receipt: str) -> str | None:
    digest = parts.keys.digest(receipt, RECEIPT_PURPOSE)
    statement = select(reports.c.report_id).where(
        reports.c.report_id == report_id,
        reports.c.receipt_digest == digest,
        reports.c.stored_at > func.now() - SHOWN_AGAIN_FOR,
    )
    async with parts.database.reading() as connection:
        found = await connection.scalar(statement)
    return None if found is None else receipt
