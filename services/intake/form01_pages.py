"""Form Mẫu số 01 as a page to print and as a PDF: the law's own form, so in Vietnamese only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.intake import form01_pdf
from services.intake.handlers.print_form01 import form01
from services.intake.rules.form01_sheet import FORM, SIGNED, STATE, TITLE, Receipt, Sheet, lay_out
from services.intake.store import ReportStatus
from shared.clock import VIETNAM
from shared.contracts.vocabulary import Channel, Concern
from shared.crypto import UndecryptableError
from shared.service import Parts
from shared.web import words
from shared.web.pages import Pages
from shared.web.problems import Problem

Visible = Callable[[Request, Parts, UUID], Awaitable[ReportStatus]]


def router(parts: Parts, visible: Visible) -> APIRouter:
    """Return the routes; `visible` returns a report that the actor may see, or raises `Problem`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/console/reports/{report_id}/form01")
    async def page(request: Request, report_id: UUID) -> HTMLResponse:
        status = await visible(request, parts, report_id)
        values = {
            "report": status,
            "sheet": await _filled(request, parts, status),
            "state": STATE,
            "form": FORM,
            "title": TITLE,
            "signed": SIGNED,
        }
        pages: Pages = request.app.state.pages
        return pages.render(request, "form01.html", values)

    @routes.get("/console/reports/{report_id}/form01.pdf")
    async def file(request: Request, report_id: UUID) -> Response:
        status = await visible(request, parts, report_id)
        sheet = await _filled(request, parts, status)
        drawn = await asyncio.to_thread(form01_pdf.draw, sheet, status.case_code, parts.clock.now())
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="mau-so-01-{status.case_code}.pdf"',
        }
        return Response(drawn, media_type="application/pdf", headers=headers)

    return routes


async def _filled(request: Request, parts: Parts, status: ReportStatus) -> Sheet:
    """Fill the form, which is kept as a read, or raise `Problem`."""
    try:
        form = await form01(parts, status, request.state.actor)
    except UndecryptableError:
        raise Problem(
            500, "Không mở được thông tin", "Khóa mã hóa của thông tin này không có ở đây. Báo quản trị hệ thống."
        ) from None
    receipt = Receipt(
        case_code=status.case_code,
        channels=[words.CHANNELS[channel].vi for channel in Channel],
        channel=words.CHANNELS[Channel(status.channel)].vi,
        received_at=status.received_at.astimezone(VIETNAM),
        commune=status.commune or "",
    )
    return lay_out(
        form,
        receipt,
        concerns=[words.CONCERNS[Concern(name)].vi for name in form.concerns],
        facts=[words.FACTS[name].vi for name in form.facts],
    )
