"""Calls that are no report, recorded from the console without a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.intake.handlers.record_contact import (
    NotTheirsError,
    Recorded,
    count_today,
    record_contact,
    undo_contact,
)
from services.intake.rules.contact import WORDS, ContactKind
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem


def router(parts: Parts) -> APIRouter:
    """Return the routes; each answers with what was done and the counts of the day."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/console/contacts/{contact_id}")
    async def record(request: Request, contact_id: UUID) -> HTMLResponse:
        return await _record(request, parts, contact_id)

    @routes.post("/console/contacts/{contact_id}/undo")
    async def undo(request: Request, contact_id: UUID) -> HTMLResponse:
        undone = await undo_contact(parts, contact_id, request.state.actor.id)
        return await _said(request, parts, {"undone": undone})

    return routes


async def counted(parts: Parts) -> dict[str, Any]:
    """Return what the buttons and the counts beside the form are rendered from."""
    async with parts.database.reading() as connection:
        counts = await count_today(connection, parts.clock.now())
    return {
        "contact_kinds": list(ContactKind),
        "contact_words": WORDS,
        "contact_counts": counts,
        "contact_id": uuid4(),
        "recorded": None,
        "undone": None,
    }


async def _record(request: Request, parts: Parts, contact_id: UUID) -> HTMLResponse:
    form = await request.form()
    try:
        kind = ContactKind(str(form.get("kind")))
    except ValueError:
        raise Problem(422, "Chưa rõ loại cuộc gọi", "Chọn một loại trong danh sách.") from None
    try:
        recorded = await record_contact(parts, contact_id, kind, request.state.actor.id)
    except NotTheirsError:
        raise Problem(409, "Cuộc gọi đã được ghi", "Mở lại trang tiếp nhận rồi ghi cuộc gọi.") from None
    return await _said(request, parts, {"recorded": recorded})


async def _said(request: Request, parts: Parts, said: Mapping[str, Recorded | bool]) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    context = {**await counted(parts), **said}
    alone = "console_contact.html" if request.headers.get("X-Fragment") is None else "console_calls_said.html"
    return pages.render(request, alone, context)
