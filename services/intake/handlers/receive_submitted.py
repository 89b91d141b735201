"""Take a report that another system put on the event bus; what cannot be read is kept for a person to look at."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from services.intake.handlers.answer_request import Submission
from services.intake.handlers.read_report import read_report
from services.intake.handlers.receive_report import store_report
from services.intake.rules.field_errors import FieldError, InvalidReportError
from shared.contracts.events import ReportSubmitted
from shared.observability import logger
from shared.service import Parts

log = logger(__name__)

NOT_JSON = FieldError("", "not_json")
"""What is wrong with a record that is no JSON document at all; it has no fields to name."""


def dead_letter_context(event_id: object) -> str:
    """Return what the sealed document of a dead letter is bound to."""
    return f"intake.dead_letters:{event_id}"


async def receive_submitted(connection: AsyncConnection, parts: Parts, event: ReportSubmitted) -> None:
    """Store a submitted report once, whatever the bus does: by its external id, or by the id of its event."""
    if event.unreadable is not None:
        await _keep_for_a_person(connection, parts, event, base64.b64decode(event.unreadable), [NOT_JSON])
        return
    try:
        read = read_report(event.report, parts.clock.now())
    except InvalidReportError as error:
        document = json.dumps(event.report, ensure_ascii=True).encode()
        await _keep_for_a_person(connection, parts, event, document, error.errors)
        return
    submission = Submission(event.report, key=f"event {event.event_id}", correlation_id=event.correlation_id)
    await store_report(connection, parts, submission, read)


async def _keep_for_a_person(
    connection: AsyncConnection, parts: Parts, event: ReportSubmitted, content: bytes, wrong: Sequence[FieldError]
) -> None:
    row = {
        "event_id": event.event_id,
        "document": parts.keys.seal(content, dead_letter_context(event.event_id)),
        "reasons": [{"field": field.field, "why": field.why} for field in wrong],
        "correlation_id": event.correlation_id,
        "arrived_at": parts.clock.now(),
    }
    await records.keep_dead_letter(connection, row)
    log.error("submitted_report_invalid", event_id=str(event.event_id), correlation_id=event.correlation_id)
