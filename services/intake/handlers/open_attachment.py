"""Open a file of a report for somebody who may see the report; every opening is kept as a read of the report."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from services.intake import attachment_records as records
from services.intake.attachment_records import Attachment
from services.intake.handlers.show_report import asked
from services.intake.models import reads
from shared.identity.actor import Actor
from shared.service import Parts


class NoSuchAttachmentError(Exception):
    """The report has no file of this id."""


@dataclass(frozen=True)
class Opened:
    """A file and what it holds."""

    file: Attachment
    content: bytes


async def open_attachment(parts: Parts, report_id: UUID, attachment_id: UUID, actor: Actor) -> Opened:
    """Return a file for an actor who may see its report; raises `NoSuchAttachmentError`, `UndecryptableError`."""
    async with parts.database.transaction() as connection:
        file = await records.one(connection, parts.keys, report_id, attachment_id)
        if file is None:
            raise NoSuchAttachmentError
        read = {"report_id": report_id, "person_id": actor.id, "read_at": parts.clock.now(), "allowed": True}
        await connection.execute(insert(reads), read)
    async with parts.database.reading() as connection:
        return Opened(file, await records.content(connection, parts.keys, file))


async def open_attachment_of_case(parts: Parts, report_id: UUID, attachment_id: UUID, actor: Actor) -> Opened:
    """Return a file for somebody who works on the case, after the asking is kept.

    Raises `NoSuchReportError`, `NotTheirsError`, `NoSuchAttachmentError`, `UndecryptableError`.
    """
    await asked(parts, report_id, actor)
    async with parts.database.reading() as connection:
        file = await records.one(connection, parts.keys, report_id, attachment_id)
        if file is None:
            raise NoSuchAttachmentError
        return Opened(file, await records.content(connection, parts.keys, file))
