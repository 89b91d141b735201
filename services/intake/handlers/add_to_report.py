"""Add to a report what its reporter tells later: a new revision, or a report of its own where that would not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from pydantic_core import from_json
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from services.intake.handlers.answer_request import Submission, request_row
from services.intake.handlers.correct_report import UnknownReportError, correct
from services.intake.handlers.read_report import read_report
from services.intake.handlers.take_public_report import PublicReport
from services.intake.rules.report import NARRATIVE_LIMIT, TEXT_LIMIT
from services.intake.store import ReportStatus, sealing_context
from shared.clock import VIETNAM
from shared.contracts.vocabulary import Answer
from shared.crypto import UndecryptableError
from shared.identity.actor import NOBODY
from shared.service import Parts

LONGEST_ADDITION = NARRATIVE_LIMIT - TEXT_LIMIT
"""Characters; with the lines around it, it fits into a report of its own."""

_NOT_OF_ANOTHER = ("external_id", "received_at")
_DANGER_WORDS = {"yes": "Có", "no": "Không", "unknown": "Không biết"}


class Added(Enum):
    """The addition is part of the report, now or since the same was sent before."""

    ADDED = auto()


@dataclass(frozen=True)
class Addition:
    """What is added: words, whether there is danger now (an answer, or empty), and the form's once-only key."""

    text: str
    danger: str
    once: str


async def add_to_report(parts: Parts, status: ReportStatus, addition: Addition, address: str) -> Added | PublicReport:
    """Add to a report, or return a report to take in its stead: when its case is closed, or its story would be too long.

    Danger that is told of now counts; danger that is denied stays words, for nobody knows who holds the receipt.
    """
    async with parts.database.transaction() as connection:
        current = await records.lock_report(connection, report_id=status.report_id)
        if current is None:
            raise UnknownReportError
        before = _opened(parts, current)
        if before is None or current["alert_state"] == "closed":
            return _of_its_own(current, before or {}, addition, address)
        told_before = before.get("narrative", "")
        together = f"{told_before}\n\n{_words(addition, parts.clock.now())}".strip()
        if len(together) > NARRATIVE_LIMIT:
            return _of_its_own(current, before, addition, address)
        return await _revise(connection, parts, current, _with(before, together, addition), addition)


async def _revise(
    connection: AsyncConnection, parts: Parts, current: RowMapping, document: dict[str, Any], addition: Addition
) -> Added:
    read = read_report(document, parts.clock.now())
    words = parts.keys.digest(f"{addition.danger}\0{addition.text}", "intake.public_content").hex()
    submission = Submission(document, f"web more {addition.once} {words}")
    request = request_row(parts, submission, read) | {"report_id": current["report_id"]}
    if await records.claim_request(connection, request):
        await correct(connection, parts, current, read=read, actor=NOBODY, content_digest=request["content_digest"])
    return Added.ADDED


def _opened(parts: Parts, current: RowMapping) -> dict[str, Any] | None:
    """Return what the report says, null when no configured key opens it: then nothing can be added to it."""
    report_id = current["report_id"]
    try:
        document: dict[str, Any] = from_json(parts.keys.open(current["document"], sealing_context(report_id)))
    except UndecryptableError:
        return None
    return document


def _of_its_own(current: RowMapping, before: dict[str, Any], addition: Addition, address: str) -> PublicReport:
    """Return a report that names the code of the first, by which the first is suggested as one of the same child."""
    story = f"{current['case_code']}\n{_words(addition)}"
    kept = {name: value for name, value in before.items() if name not in _NOT_OF_ANOTHER}
    document = _with({"channel": current["channel"], **kept}, story, addition)
    return PublicReport(document, f"more {addition.once}", address)


def _with(before: dict[str, Any], narrative: str, addition: Addition) -> dict[str, Any]:
    document = {**before, "narrative": narrative}
    if addition.danger == Answer.YES.value:
        document["facts"] = {**before.get("facts", {}), "danger_now": addition.danger}
    return document


def _words(addition: Addition, now: datetime | None = None) -> str:
    lines = [f"[Kể thêm {now.astimezone(VIETNAM):%H:%M %d/%m/%Y}]" if now else "[Kể thêm]"]
    if addition.danger in _DANGER_WORDS:
        lines.append(f"Bây giờ có nguy hiểm: {_DANGER_WORDS[addition.danger]}.")
    return "\n".join([*lines, addition.text]).strip()
