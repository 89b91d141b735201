"""What a narrative suggests, for the operator's console while it is typed. The text travels in the body alone."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.intake.rules.report import NARRATIVE_LIMIT
from services.intake.suggestions import suggestions
from shared.web.pages import Pages
from shared.web.problems import Problem

LARGEST_NARRATIVE: Final = 4 * NARRATIVE_LIMIT
"""Bytes: four a character at most in UTF-8."""


def router() -> APIRouter:
    """Return the route that answers a narrative, sent as plain text in UTF-8, with a fragment of the console."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/console/hints")
    async def hint(request: Request) -> HTMLResponse:
        pages: Pages = request.app.state.pages
        narrative = (await _narrative(request)).decode("utf-8", errors="replace")
        found = await asyncio.to_thread(suggestions, narrative, {}, pages.locale(request))
        return pages.render(request, "console_hints.html", {"suggestions": found})

    return routes


async def _narrative(request: Request) -> bytes:
    """Return the body, taking in no more than a narrative may have."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_NARRATIVE:
            raise Problem(413, "Lời kể quá dài", "Rút ngắn lời kể rồi thử lại; chữ đang gõ vẫn còn.")
    return bytes(body)
