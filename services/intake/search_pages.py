"""Search of reports on the console. What is searched for travels in a body, never in an address, and is not logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from services.intake.handlers.read_search import Wanted, read_search
from services.intake.handlers.search_reports import Found, search_reports
from services.intake.rules.search import LONGEST, REFUSALS, WORDS, Refusal, UnsearchableError
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.service import Parts
from shared.web.pages import Pages

Typed = Annotated[str, Form()]


@dataclass(frozen=True)
class Search:
    """What the page shows: what was typed, and either why it cannot be searched for or what was found."""

    q: str = ""
    place: str = ""
    refusal: Refusal | None = None
    wanted: Wanted | None = None
    found: Found | None = None


def router(parts: Parts) -> APIRouter:
    """Return the page's routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/console/search")
    async def form(request: Request) -> HTMLResponse:
        return _render(request, Search())

    @routes.post("/console/search")
    async def search(request: Request, q: Typed = "", place: Typed = "", page: Typed = "1") -> HTMLResponse:
        try:
            wanted = read_search(q, place)
        except UnsearchableError as error:
            return _render(request, Search(q, place, refusal=error.refusal))
        found = await search_reports(parts, request.state.actor, wanted, _number(page))
        return _render(request, Search(q, place, wanted=wanted, found=found))

    return routes


def _render(request: Request, search: Search) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    actor: Actor = request.state.actor
    language = 1 if pages.locale(request) == "en" else 0
    context: dict[str, Any] = {
        "search": search,
        "message": REFUSALS[search.refusal][language] if search.refusal else None,
        "why": {kind: text[language] for kind, text in WORDS.items()},
        "longest": LONGEST,
        "all_reports": actor.has(Role.SUPERVISOR),
    }
    return pages.render(request, "console_search.html", context, status=422 if search.refusal else 200)


def _number(page: str) -> int:
    return int(page) if page.isdecimal() and len(page) <= len("500") else 1
