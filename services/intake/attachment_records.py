"""Files of reports as rows: sealed in chunks, each bound to its place, so that none opens as part of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import attachment_chunks, attachments, reports, revisions
from services.intake.rules.attachment import CHUNK
from services.intake.rules.file_kind import Kind
from shared.crypto import Keys, UndecryptableError

UNREADABLE = "?"
"""Shown for a name that no configured key opens."""


@dataclass(frozen=True)
class Attachment:
    """A file of a report, without what it holds; `name` is as its sender called it, `size` in bytes, time in UTC."""

    attachment_id: UUID
    report_id: UUID
    kind: Kind
    size: int
    name: str
    source: str
    added_by: UUID | None
    added_at: datetime


def context(report_id: UUID, attachment_id: UUID, what: str) -> str:
    """Return what a sealed part of a file is bound to."""
    return f"intake.attachments:{report_id}:{attachment_id}:{what}"


async def lock_for_files(connection: AsyncConnection, report_id: UUID) -> bool:
    """Keep others from adding files to a report until the commit; false when there is no such report."""
    statement = select(reports.c.report_id).where(reports.c.report_id == report_id).with_for_update(key_share=True)
    return (await connection.execute(statement)).first() is not None


async def bytes_of(connection: AsyncConnection, report_id: UUID) -> int:
    """Return how many bytes of files a report has."""
    statement = select(func.coalesce(func.sum(attachments.c.bytes), 0)).where(attachments.c.report_id == report_id)
    return int(await connection.scalar(statement) or 0)


async def known(connection: AsyncConnection, report_id: UUID, content_digest: bytes) -> Any:
    """Return the row of the same file of the same report, null when it is new."""
    statement = select(attachments).where(
        attachments.c.report_id == report_id, attachments.c.content_digest == content_digest
    )
    return (await connection.execute(statement)).one_or_none()


async def put(connection: AsyncConnection, keys: Keys, file: Attachment, content_digest: bytes, content: bytes) -> None:
    """Store a file and what it holds."""
    parts = [content[start : start + CHUNK] for start in range(0, len(content), CHUNK)]
    bound = (file.report_id, file.attachment_id)
    await connection.execute(
        insert(attachments).values(
            attachment_id=file.attachment_id,
            report_id=file.report_id,
            media_type=file.kind.value,
            bytes=file.size,
            chunks=len(parts),
            name=keys.seal(file.name.encode(), context(*bound, "name")),
            content_digest=content_digest,
            source=file.source,
            added_by=file.added_by,
            added_at=file.added_at,
        )
    )
    for number, part in enumerate(parts):
        sealed = keys.seal(part, context(*bound, f"{number}/{len(parts)}"))
        await connection.execute(
            insert(attachment_chunks).values(attachment_id=file.attachment_id, number=number, sealed=sealed)
        )


async def listed(connection: AsyncConnection, keys: Keys, report_id: UUID) -> list[Attachment]:
    """Return the files of a report, oldest first."""
    statement = select(attachments).where(attachments.c.report_id == report_id)
    rows = await connection.execute(statement.order_by(attachments.c.added_at, attachments.c.attachment_id))
    return [_attachment(keys, row) for row in rows]


async def one(connection: AsyncConnection, keys: Keys, report_id: UUID, attachment_id: UUID) -> Attachment | None:
    """Return a file of this report, null when it has none of this id."""
    statement = select(attachments).where(
        attachments.c.report_id == report_id, attachments.c.attachment_id == attachment_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _attachment(keys, row)


async def content(connection: AsyncConnection, keys: Keys, file: Attachment) -> bytes:
    """Return what a file holds, or raise `UndecryptableError`, also when a part is missing."""
    statement = select(attachment_chunks.c.sealed).where(attachment_chunks.c.attachment_id == file.attachment_id)
    sealed: Sequence[bytes] = (await connection.execute(statement.order_by(attachment_chunks.c.number))).scalars().all()
    bound = (file.report_id, file.attachment_id)
    opened = b"".join(keys.open(part, context(*bound, f"{number}/{len(sealed)}")) for number, part in enumerate(sealed))
    if len(opened) != file.size:
        raise UndecryptableError(f"parts of the file {file.attachment_id} are missing")
    return opened


async def first_written_by(connection: AsyncConnection, report_id: UUID) -> UUID | None:
    """Return which account or key sent a report first; null when nobody known did, or there is no such report."""
    first = select(revisions.c.written_by).where(revisions.c.report_id == report_id, revisions.c.revision == 1)
    now = select(reports.c.written_by).where(reports.c.report_id == report_id, reports.c.revision == 1)
    found: UUID | None = (await connection.execute(first.union_all(now))).scalar_one_or_none()
    return found


def _attachment(keys: Keys, row: Any) -> Attachment:
    try:
        name = keys.open(row.name, context(row.report_id, row.attachment_id, "name")).decode()
    except UndecryptableError:
        name = UNREADABLE
    return Attachment(
        row.attachment_id,
        row.report_id,
        Kind(row.media_type),
        row.bytes,
        name,
        row.source,
        row.added_by,
        row.added_at,
    )
