"""What sibling services may ask intake, for a person whose page needs it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.intake.attachment_pages import served
from services.intake.handlers.open_attachment import NoSuchAttachmentError, open_attachment_of_case
from services.intake.handlers.show_report import NoSuchReportError, NotTheirsError, show_report
from shared.service import Parts
from shared.web.problems import Problem


def router(parts: Parts) -> APIRouter:
    """Return the routes; the policy lets in only a sibling that acts for a worker or a supervisor."""
    routes = APIRouter(prefix="/internal", include_in_schema=False)

    @routes.get("/reports/{report_id}")
    async def protected_details(request: Request, report_id: UUID) -> dict[str, object]:
        try:
            return await show_report(parts, report_id, request.state.actor)
        except NoSuchReportError:
            raise _unknown() from None
        except NotTheirsError:
            raise _forbidden() from None

    @routes.get("/reports/{report_id}/attachments/{attachment_id}")
    async def attachment(request: Request, report_id: UUID, attachment_id: UUID) -> Response:
        try:
            opened = await open_attachment_of_case(parts, report_id, attachment_id, request.state.actor)
        except NoSuchReportError:
            raise _unknown() from None
        except NotTheirsError:
            raise _forbidden() from None
        except NoSuchAttachmentError:
            raise Problem(404, "Not found", "This report has no file of this id.") from None
        return served(opened, "tep")

    return routes


def _unknown() -> Problem:
    return Problem(404, "Not found", "No report has this id.")


def _forbidden() -> Problem:
    return Problem(403, "Forbidden", "This person may not read this report.")
