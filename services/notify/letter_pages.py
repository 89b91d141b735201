"""Where letters wait for a person, service by service."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.notify.letter_counts import LetterCounts
from shared.contracts.vocabulary import Role
from shared.web.pages import Pages


def router(counts: LetterCounts) -> APIRouter:
    """Return the route `/system/letters`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/system/letters")
    async def overview(request: Request) -> HTMLResponse:
        pages: Pages = request.app.state.pages
        found = await counts.ask(request.state.actor.id)
        may_act = request.state.actor.has(Role.ADMINISTRATOR)
        return pages.render(request, "letters_overview.html", {"found": found, "may_act": may_act})

    return routes
