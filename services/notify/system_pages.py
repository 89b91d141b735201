"""The system page: whether paging itself works."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.notify import system_view
from services.notify.handlers.desk import Desk
from services.notify.people_words import CHANNELS
from shared.service import Parts
from shared.web.pages import Pages


def router(parts: Parts, desk: Desk) -> APIRouter:
    """Return the page's route."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/system")
    async def system(request: Request) -> HTMLResponse:
        pages: Pages = request.app.state.pages
        async with parts.database.reading() as connection:
            health = await system_view.load_health(connection, parts.clock.now())
        return pages.render(request, "system.html", {"health": health, "limits": desk.limits, "channels": CHANNELS})

    return routes
