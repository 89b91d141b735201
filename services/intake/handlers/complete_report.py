"""Complete a report that is stored and on its way: what a person adds or corrects becomes its next revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import RowMapping, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records, store
from services.intake.handlers.answer_request import (
    Corrected,
    KeyReused,
    Repeated,
    Submission,
    answer_again,
    request_row,
)
from services.intake.handlers.correct_report import UnknownReportError, correct
from services.intake.handlers.read_report import read_report
from services.intake.models import reads
from services.intake.store import ReportStatus, sealing_context
from shared.identity.actor import Actor
from shared.service import Parts

LaidOver = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Completion:
    """What was typed over a report at `revision`; `key` is the form's once-only key.

    `laid_over` returns the stored document with `told` in it.
    """

    told: Mapping[str, Any]
    revision: int
    key: str
    actor: Actor
    laid_over: LaidOver


class MovedOnError(Exception):
    """Somebody else has changed what the report says since it was opened; look at both, then save again."""


@dataclass(frozen=True)
class Opened:
    """A stored report to be completed: what it says at its revision. Personal."""

    document: dict[str, Any]
    revision: int


async def open_to_complete(parts: Parts, status: ReportStatus, actor: Actor) -> Opened:
    """Return a report that the actor may see, after the read is kept; raises `UndecryptableError`."""
    async with parts.database.transaction() as connection:
        current = await records.lock_report(connection, report_id=status.report_id)
        if current is None:
            raise UnknownReportError
        read = {
            "report_id": status.report_id,
            "person_id": actor.id,
            "read_at": parts.clock.now(),
            "allowed": True,
        }
        await connection.execute(insert(reads), read)
        return Opened(_opened(parts, current), current["revision"])


async def open_as_it_was(parts: Parts, report_id: UUID, revision: int) -> dict[str, Any]:
    """Return what a report said at an earlier revision; empty when it had no such."""
    async with parts.database.reading() as connection:
        return await store.open_earlier(connection, parts.keys, report_id, revision) or {}


async def complete_report(parts: Parts, report_id: UUID, completion: Completion) -> Corrected | Repeated | KeyReused:
    """Store the next revision, or raise `InvalidReportError`, `MovedOnError` or `UnknownReportError`.

    The same form sent again is answered as before, also once the report has moved on.
    """
    async with parts.database.transaction() as connection:
        current = await records.lock_report(connection, report_id=report_id)
        if current is None:
            raise UnknownReportError
        before = _opened(parts, current)
        document = completion.laid_over(before, completion.told)
        read = read_report(document, parts.clock.now())
        content = request_row(parts, Submission(document, f"complete {completion.key}", completion.actor), read)
        request = {**content, "report_id": report_id, "content_digest": _digest(parts, completion)}
        if not await records.claim_request(connection, request):
            return await answer_again(connection, request)
        if not await _is_as_opened(connection, parts, current, before, completion):
            raise MovedOnError
        return await correct(
            connection, parts, current, read=read, actor=completion.actor, content_digest=content["content_digest"]
        )


def _digest(parts: Parts, completion: Completion) -> bytes:
    """Return a keyed hash of what was typed, over what: unlike the whole report, it is the same once that is stored."""
    return parts.keys.digest(to_json([completion.revision, completion.told]).decode(), "intake.completion")


async def _is_as_opened(
    connection: AsyncConnection, parts: Parts, current: RowMapping, before: dict[str, Any], completion: Completion
) -> bool:
    """Tell whether the report says what it said when it was opened; whom it excludes may have changed meanwhile."""
    if current["revision"] == completion.revision:
        return True
    then = await store.open_earlier(connection, parts.keys, current["report_id"], completion.revision)
    return then == before


def _opened(parts: Parts, current: RowMapping) -> dict[str, Any]:
    document: dict[str, Any] = from_json(parts.keys.open(current["document"], sealing_context(current["report_id"])))
    return document
