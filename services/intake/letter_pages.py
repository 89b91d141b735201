"""The page of partners' reports that could not be read: none may end without a person."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from services.intake import letters
from services.intake.handlers.settle_letter import (
    LetterRefusedError,
    discard_letter,
    enter_letter,
    open_letter,
    replay_letter,
)
from services.intake.rules.field_errors import Language, reason_words
from shared.contracts.vocabulary import Role
from shared.service import Parts
from shared.web.i18n import LOCALES
from shared.web.pages import Pages
from shared.web.problems import Problem

MOST: Final = 100
NOTE_LIMIT: Final = 500
PAGE: Final = "/system/intake/submitted"

Note = Annotated[str, Form(max_length=NOTE_LIMIT)]


def router(parts: Parts) -> APIRouter:
    """Return the page's routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PAGE)
    async def page(request: Request) -> HTMLResponse:
        return await _page(request, parts)

    @routes.get(PAGE + "/{event_id}/open")
    async def after_open(event_id: UUID, lang: str = "") -> RedirectResponse:  # noqa: ARG001 - part of the address
        return RedirectResponse(f"{PAGE}?lang={lang}" if lang in LOCALES else PAGE, status_code=303)

    @routes.post(PAGE + "/{event_id}/open")
    async def open_one(request: Request, event_id: UUID) -> HTMLResponse:
        try:
            content = await open_letter(parts, event_id, request.state.actor.id)
        except LetterRefusedError as error:
            raise _refused(error) from None
        return await _page(request, parts, event_id, content)

    @routes.post(PAGE + "/{event_id}/replay")
    async def replay(request: Request, event_id: UUID) -> RedirectResponse:
        return await _done(replay_letter(parts, event_id, request.state.actor.id))

    @routes.post(PAGE + "/{event_id}/entered")
    async def entered(request: Request, event_id: UUID, case_code: Note = "") -> RedirectResponse:
        return await _done(enter_letter(parts, event_id, request.state.actor.id, case_code))

    @routes.post(PAGE + "/{event_id}/discard")
    async def discard(request: Request, event_id: UUID, reason: Note = "") -> RedirectResponse:
        return await _done(discard_letter(parts, event_id, request.state.actor.id, reason))

    return routes


async def _page(request: Request, parts: Parts, opened: UUID | None = None, content: str = "") -> HTMLResponse:
    pages: Pages = request.app.state.pages
    locale: Language = "en" if pages.locale(request) == "en" else "vi"
    async with parts.database.reading() as connection:
        found = await letters.waiting(connection, MOST)
        count = await letters.count_waiting(connection)
    rows = [
        {
            "event_id": row["event_id"],
            "arrived_at": row["arrived_at"],
            "opened": row["opened"],
            "reasons": [(wrong["field"], reason_words(wrong["why"], locale)) for wrong in row["reasons"]],
        }
        for row in found
    ]
    actor = request.state.actor
    context = {
        "rows": rows,
        "count": count,
        "opened": opened,
        "content": content,
        "here": PAGE,
        "may_open": actor.has(Role.SUPERVISOR),
        "may_discard": actor.has(Role.ADMINISTRATOR),
    }
    return pages.render(request, "letters.html", context)


def _refused(error: LetterRefusedError) -> Problem:
    return Problem(409, "Chưa làm được", str(error))


async def _done(work: Awaitable[object]) -> RedirectResponse:
    """Do it and show the list again, or raise `Problem` with what the letter refuses."""
    try:
        await work
    except LetterRefusedError as error:
        raise _refused(error) from None
    return RedirectResponse(PAGE, status_code=303)
