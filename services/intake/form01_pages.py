"""Form Mẫu số 01 as a page to print: the law's own form, so in Vietnamese only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.intake.handlers.print_form01 import form01
from services.intake.store import ReportStatus
from shared.contracts.vocabulary import Channel, Concern
from shared.crypto import UndecryptableError
from shared.service import Parts
from shared.web import words
from shared.web.pages import Pages
from shared.web.problems import Problem

Visible = Callable[[Request, Parts, UUID], Awaitable[ReportStatus]]


def router(parts: Parts, visible: Visible) -> APIRouter:
    """Return the route; `visible` returns a report that the actor may see, or raises `Problem`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/console/reports/{report_id}/form01")
    async def page(request: Request, report_id: UUID) -> HTMLResponse:
        status = await visible(request, parts, report_id)
        try:
            form = await form01(parts, status, request.state.actor)
        except UndecryptableError:
            raise Problem(
                500, "Không mở được thông tin", "Khóa mã hóa của thông tin này không có ở đây. Báo quản trị hệ thống."
            ) from None
        pages: Pages = request.app.state.pages
        values = {
            "report": status,
            "form": form,
            "channel": words.CHANNELS[Channel(status.channel)].vi,
            "facts": [words.FACTS[name].vi for name in form.facts],
            "concerns": [words.CONCERNS[Concern(name)].vi for name in form.concerns],
        }
        return pages.render(request, "form01.html", values)

    return routes
