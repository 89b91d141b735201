"""What outside systems submit, as an event: a report document, or bytes that are none and wait for a person."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import TypeAdapter, ValidationError

from shared.contracts.events import ReportSubmitted

SUBMITTED_NAMESPACE: Final = UUID("7d7e4ab0-58a3-5a60-9a1a-0e6c3e5f6f4d")

_document: Final[TypeAdapter[dict[str, Any]]] = TypeAdapter(dict[str, Any])


def as_event(value: bytes, event_id: UUID, at: datetime) -> ReportSubmitted:
    """Wrap a report document; what is no document goes the same way, so that intake keeps it for a person."""
    try:
        report = _document.validate_json(value)
    except ValidationError:
        return _unreadable(value, event_id, at)
    return ReportSubmitted(event_id=event_id, occurred_at=at, correlation_id=str(event_id), report=report)


def kept_unread(payload: bytes, at: datetime) -> ReportSubmitted:
    """Wrap what the queue holds and is no event of this topic; its id is the same for the same content."""
    digest = hashlib.sha256(payload).hexdigest()
    return _unreadable(payload, uuid5(SUBMITTED_NAMESPACE, digest), at)


def _unreadable(value: bytes, event_id: UUID, at: datetime) -> ReportSubmitted:
    return ReportSubmitted(
        event_id=event_id,
        occurred_at=at,
        correlation_id=str(event_id),
        report={},
        unreadable=base64.b64encode(value).decode(),
    )
