"""Keep a file that belongs to a report: checked, drawn anew if it is a picture, sealed; the same file once."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from services.intake import attachment_records as records
from services.intake.attachment_records import Attachment
from services.intake.file_check import checked
from services.intake.rules.attachment import LARGEST_TOTAL, plain_name
from services.intake.rules.file_kind import Kind, Refusal
from shared.observability import logger
from shared.service import Parts
from shared.web.files import SentFile

AT_ONCE: Final = 1
"""Pictures that are unfolded at a time: each may take a few hundred megabytes while it is."""

log = logger(__name__)


class NoReportForFilesError(Exception):
    """There is no report of this id to which a file could belong."""


@dataclass(frozen=True)
class Kept:
    """The file belongs to the report; `again` when it did before."""

    attachment_id: UUID
    kind: Kind
    size: int
    again: bool


@dataclass(frozen=True)
class Giver:
    """Who adds a file: a person, a key or nobody known, and by which of `console`, `partner`, `reporter`."""

    source: str
    person_id: UUID | None = None


_one_at_a_time = asyncio.Semaphore(AT_ONCE)


async def keep_attachment(parts: Parts, report_id: UUID, sent: SentFile, giver: Giver) -> Kept | Refusal:
    """Keep a file, or tell why not; raises `NoReportForFilesError`."""
    if sent.data is None:
        return _refused(report_id, Refusal.TOO_LARGE)
    async with _one_at_a_time:
        outcome = await asyncio.to_thread(checked, sent.data)
    if isinstance(outcome, Refusal):
        return _refused(report_id, outcome)
    content, kind = outcome
    digest = parts.keys.digest(hashlib.sha256(sent.data).hexdigest(), "intake.attachment")
    file = Attachment(
        attachment_id=uuid4(),
        report_id=report_id,
        kind=kind,
        size=len(content),
        name=plain_name(sent.name),
        source=giver.source,
        added_by=giver.person_id,
        added_at=parts.clock.now(),
    )
    return await _store(parts, file, digest, content)


async def _store(parts: Parts, file: Attachment, digest: bytes, content: bytes) -> Kept | Refusal:
    async with parts.database.transaction() as connection:
        if not await records.lock_for_files(connection, file.report_id):
            raise NoReportForFilesError
        same = await records.known(connection, file.report_id, digest)
        if same is not None:
            return Kept(same.attachment_id, Kind(same.media_type), same.bytes, again=True)
        if await records.bytes_of(connection, file.report_id) + file.size > LARGEST_TOTAL:
            return _refused(file.report_id, Refusal.FULL)
        await records.put(connection, parts.keys, file, digest, content)
    log.info("attachment_kept", report_id=str(file.report_id), kind=file.kind.value, bytes=file.size)
    return Kept(file.attachment_id, file.kind, file.size, again=False)


def _refused(report_id: UUID, why: Refusal) -> Refusal:
    log.info("attachment_refused", report_id=str(report_id), why=why.value)
    return why
