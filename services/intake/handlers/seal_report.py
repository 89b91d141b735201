"""A report as rows: the whole of it sealed, and beside it only what is not personal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records
from services.intake.handlers.read_report import ReadReport
from services.intake.rules.derived import child_report_id, child_reports
from services.intake.rules.report import Report
from services.intake.store import sealing_context
from shared.crypto import Keys
from shared.identity.actor import Actor
from shared.service import Parts


def open_report(keys: Keys, report_id: UUID, sealed: bytes) -> Report:
    """Return a stored report, or raise `UndecryptableError`."""
    return Report.model_validate_json(keys.open(sealed, sealing_context(report_id)))


def revision_columns(parts: Parts, report_id: UUID, read: ReadReport, actor: Actor) -> dict[str, Any]:
    """Return the columns that a revision of a report brings."""
    return {
        **_content_columns(parts.keys, report_id, read.report),
        "channel": read.report.channel.value,
        "warnings": [warning.value for warning in read.warnings],
        "written_by": actor.id,
        "written_at": parts.clock.now(),
    }


async def store_child_reports(
    connection: AsyncConnection, parts: Parts, report: Report, adult: Mapping[str, Any]
) -> None:
    """Store a report for each child at home of an adult victim, given the adult's row; one statement, or none."""
    rows = [
        {
            "report_id": report_id,
            "derived_from": adult["report_id"],
            **{name: adult[name] for name in _LIKE_THE_ADULTS},
            **_content_columns(parts.keys, report_id, child),
            "warnings": [],
        }
        for number, child in enumerate(child_reports(report))
        for report_id in (child_report_id(adult["report_id"], number),)
    ]
    if rows:
        await records.put_derived(connection, rows)


_LIKE_THE_ADULTS = (
    "case_code",
    "revision",
    "channel",
    "received_at",
    "arrived_at",
    "submitted_by",
    "written_by",
    "written_at",
    "correlation_id",
)


def _content_columns(keys: Keys, report_id: UUID, report: Report) -> dict[str, Any]:
    place = report.place
    return {
        "document": keys.seal(report.model_dump_json(exclude_defaults=True).encode(), sealing_context(report_id)),
        "incident_unit_code": place.incident.unit_code,
        "residence_unit_code": place.residence.unit_code,
        "current_unit_code": place.current.unit_code,
    }
