"""Partners' programs add a file to a report that they sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.intake import attachment_records as records
from services.intake.handlers.keep_attachment import Giver, Kept, NoReportForFilesError, keep_attachment
from services.intake.rules.attachment import REFUSALS
from services.intake.rules.file_kind import Refusal
from shared.identity.actor import Actor
from shared.service import Parts
from shared.web.files import LARGEST_FILE, BodyTooLargeError, BrokenFormError, SentFile, read_form
from shared.web.openapi import problems
from shared.web.problems import Problem

ONE_FILE_BODY = 3 * LARGEST_FILE
"""Bytes that are read of a body, so that a sender of too much hears so."""
_TOO_LARGE = frozenset({Refusal.TOO_LARGE, Refusal.FULL})
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


class AttachmentKept(BaseModel):
    """A file that belongs to the report: its id, and what its bytes say that it is."""

    attachment_id: UUID
    media_type: str
    bytes: int = Field(description="As it is kept: pictures are drawn anew, without what else came with them")


def router(parts: Parts) -> APIRouter:
    """Return the API's route for files."""
    routes = APIRouter(prefix="/api/v1", tags=["reports"])

    @routes.post(
        "/reports/{report_id}/attachments",
        status_code=201,
        responses={
            201: {"model": AttachmentKept},
            200: {"model": AttachmentKept, "description": "The report has this file already"},
            **problems(
                _400="The body is not a whole form with one file",
                _404="This key sent no report of this id",
                _413="Over 20 MB, or over 200 MB with the report's other files",
                _422="Not a kind of file that is taken",
            ),
        },
        openapi_extra=_BODY,
    )
    async def attach(request: Request, report_id: str) -> JSONResponse:
        """Add a picture, a recording or a PDF of at most 20 MB to a report that this key sent."""
        wanted = await _own_report(parts, request.state.actor, report_id)
        sent = await _one_file(request)
        try:
            outcome = await keep_attachment(parts, wanted, sent, Giver("partner", request.state.actor.id))
        except NoReportForFilesError:
            raise _unknown() from None
        if isinstance(outcome, Refusal):
            raise _refused(request, outcome)
        return JSONResponse(_document(outcome), 200 if outcome.again else 201)

    return routes


async def _own_report(parts: Parts, actor: Actor, report_id: str) -> UUID:
    try:
        wanted = UUID(report_id)
    except ValueError:
        raise _unknown() from None
    async with parts.database.reading() as connection:
        sender = await records.first_written_by(connection, wanted)
    if sender is None or sender != actor.id:
        raise _unknown()
    return wanted


async def _one_file(request: Request) -> SentFile:
    """Return the only file of a form whose whole body fits; a second one is not read into memory beside it."""
    found: SentFile | None = None
    try:
        async for sent in read_form(request, largest_body=ONE_FILE_BODY).files():
            if found is not None:
                raise _not_one()
            found = sent
    except BrokenFormError:
        raise _not_one() from None
    except BodyTooLargeError:
        return SentFile("", None)
    if found is None:
        raise _not_one()
    return found


def _not_one() -> Problem:
    return Problem(400, "Not a form with one file", "Send multipart/form-data with one file in the field file.")


def _refused(request: Request, why: Refusal) -> Problem:
    english = request.headers.get("accept-language", "").lower().startswith("en")
    title = ("Không nhận được tệp", "The file was not taken")[english]
    detail = REFUSALS[why][english]
    return Problem(413 if why in _TOO_LARGE else 422, title, detail, [{"field": "file", "message": detail}])


def _document(kept: Kept) -> dict[str, Any]:
    return {"attachment_id": str(kept.attachment_id), "media_type": kept.kind.value, "bytes": kept.size}


def _unknown() -> Problem:
    return Problem(404, "Not found", "This key sent no report of this id.")
