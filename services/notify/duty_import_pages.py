"""Duty from a file, on a page: shown first, written when asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from services.notify.duty_form import render
from services.notify.duty_words import fault_text
from services.notify.handlers.import_duty import DutyImport, import_duty
from services.notify.rules.duty_file import MOST_BYTES, template
from shared.service import Parts
from shared.web.pages import Pages

UNPROCESSABLE = 422


def router(parts: Parts) -> APIRouter:
    """Return the routes below `/duty/import`."""
    routes = APIRouter(include_in_schema=False)
    pages = ImportPages(parts)
    routes.get("/duty/import", response_model=None)(pages.form)
    routes.get("/duty/import/template", response_model=None)(pages.template)
    routes.post("/duty/import", response_model=None)(pages.check)
    routes.post("/duty/import/apply", response_model=None)(pages.apply)
    return routes


class ImportPages:
    """The page that takes a file of duty."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def form(self, request: Request) -> HTMLResponse:
        """Ask for a file."""
        return render(request, "duty_import.html", {"outcome": None, "faults": [], "content": ""})

    async def template(self) -> Response:
        """Give an empty file with every column."""
        headers = {"Content-Disposition": 'attachment; filename="heedline-duty.csv"'}
        return Response("\ufeff" + template(), media_type="text/csv; charset=utf-8", headers=headers)

    async def check(self, request: Request, file: UploadFile) -> HTMLResponse:
        """Show what a file adds, or what is wrong with it; nothing is written."""
        return await self._show(request, await file.read(MOST_BYTES + 1), apply=False)

    async def apply(self, request: Request, content: Annotated[str, Form(max_length=MOST_BYTES)] = "") -> HTMLResponse:
        """Write what was shown, unless something is wrong by now."""
        return await self._show(request, content.encode(), apply=True)

    async def _show(self, request: Request, content: bytes, *, apply: bool) -> HTMLResponse:
        by, now = request.state.actor.id, self._parts.clock.now()
        outcome: DutyImport = await import_duty(self._parts.database, content, by=by, now=now, apply=apply)
        pages: Pages = request.app.state.pages
        locale = pages.locale(request)
        values = {
            "outcome": outcome,
            "faults": [(fault.line, fault_text(fault, locale)) for fault in outcome.faults],
            "content": "" if outcome.faults or apply else content.decode("utf-8-sig"),
        }
        return render(request, "duty_import.html", values, status=UNPROCESSABLE if outcome.faults else 200)
