"""What sibling services may ask intake, for a person whose page needs it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request

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
            raise Problem(404, "Not found", "No report has this id.") from None
        except NotTheirsError:
            raise Problem(403, "Forbidden", "This person may not read this report.") from None

    return routes
