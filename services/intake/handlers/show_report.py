"""Show what a report says to somebody who works on its case; every asking is kept, also one that is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from services.intake import attachment_records, conflicts
from services.intake.attachment_records import Attachment
from services.intake.handlers.seal_report import open_report
from services.intake.models import reads, reports
from services.intake.rules.protected import Reader, Standing, details, may_read
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.observability import logger
from shared.service import Parts

log = logger(__name__)


class NoSuchReportError(Exception):
    """No report has this id."""


class NotTheirsError(Exception):
    """Somebody asked who may not read the report."""


async def show_report(parts: Parts, report_id: UUID, actor: Actor) -> dict[str, object]:
    """Return what the report says, after the read is kept; raises `NoSuchReportError`, `NotTheirsError`."""
    row = await asked(parts, report_id, actor)
    async with parts.database.reading() as connection:
        files = await attachment_records.listed(connection, parts.keys, report_id)
    return {**details(open_report(parts.keys, report_id, row.document)), "attachments": list(map(_listed, files))}


async def asked(parts: Parts, report_id: UUID, actor: Actor) -> Any:
    """Return the row of a report for somebody who works on its case, after the asking is kept, also a refused one.

    Raises `NoSuchReportError`, `NotTheirsError`.
    """
    if actor.id is None:
        raise NotTheirsError
    async with parts.database.transaction() as connection:
        row = (await connection.execute(select(reports).where(reports.c.report_id == report_id))).first()
        if row is None:
            raise NoSuchReportError(str(report_id))
        reader = Reader(actor.id, actor.has(Role.SUPERVISOR), actor.team_codes)
        allowed = may_read(reader, _standing(row)) and await conflicts.may_see(connection, report_id, actor)
        read = {"report_id": report_id, "person_id": actor.id, "read_at": parts.clock.now(), "allowed": allowed}
        await connection.execute(insert(reads), read)
    log.info("report_read", report_id=str(report_id), person_id=str(actor.id), allowed=allowed)
    if not allowed:
        raise NotTheirsError
    return row


def _listed(file: Attachment) -> dict[str, object]:
    return {
        "attachment_id": str(file.attachment_id),
        "name": file.name,
        "media_type": file.kind.value,
        "bytes": file.size,
        "added_at": file.added_at.isoformat(),
    }


def _standing(row: Any) -> Standing:
    assessment = row.assessment or {}
    route, work = assessment.get("route", {}), assessment.get("work", {})
    teams = {route.get("lead"), work.get("owner"), *route.get("support", ())} - {None}
    taken_by = UUID(work["held_by"]) if work.get("held_by") else row.acknowledged_by
    excluded = [UUID(person_id) for person_id in assessment.get("excluded_person_ids", ())]
    return Standing(teams, taken_by, excluded)
