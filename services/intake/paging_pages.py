"""On the page of a stored report: who was paged, what became of the message, and who has the case; asked of notify."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from services.intake.store import ReportStatus
from shared.contracts.preview import Paging
from shared.observability import logger
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.siblings import Sibling, SiblingAwayError, SiblingRefusedError

NO_ANSWER: Final = (SiblingAwayError, SiblingRefusedError, ValidationError)

Visible = Callable[[Request, Parts, UUID], Awaitable[ReportStatus]]

log = logger(__name__)


def router(parts: Parts, visible: Visible) -> APIRouter:
    """Return the route; `visible` returns a report that the actor may see, or raises `Problem`."""
    routes = APIRouter(include_in_schema=False)
    notify = Sibling.of(parts.settings.notify_url, parts.keys, parts.settings)

    @routes.get("/console/reports/{report_id}/paged")
    async def paged(request: Request, report_id: UUID) -> HTMLResponse:
        report = await visible(request, parts, report_id)
        paging = await _paging(notify, report, request.state.actor.id) if report.alert else None
        pages: Pages = request.app.state.pages
        return pages.render(request, "console_paged.html", {"report": report, "paging": paging})

    return routes


async def _paging(notify: Sibling, report: ReportStatus, person_id: UUID) -> Paging | None:
    """Return who was paged; null when notify does not answer. A child at an adult's home has the adult's alert."""
    try:
        asked = await notify.get(f"/internal/alerts/{report.derived_from or report.report_id}", person_id)
        return Paging.model_validate(asked)
    except NO_ANSWER as error:
        log.warning("paging_not_answered", cause=type(error).__name__)
        return None
