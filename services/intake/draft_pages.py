"""Drafts on the console: saving what is typed, the list of one's own, opening and discarding them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Final, assert_never
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData
from starlette.types import Message

from services.intake import console_form, repeat_pages
from services.intake.console_form import Values
from services.intake.handlers.discard_draft import discard_draft
from services.intake.handlers.draft_keys import form_key
from services.intake.handlers.open_draft import Missing, Opened, open_draft, own_drafts
from services.intake.handlers.save_draft import Draft, Outdated, Saved, SaveOutcome, Sent, save_draft
from services.intake.rules.draft import LARGEST, LATEST_REVISION, DraftTooLargeError, Fields
from shared.crypto import UndecryptableError
from shared.identity.enforce import CSRF_HEADER
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem

LARGEST_BODY: Final = 4 * LARGEST
"""Bytes of a form: a Vietnamese letter of three bytes takes nine as a form sends it."""

Revision = Annotated[int | None, Query(ge=1, le=LATEST_REVISION)]


@dataclass(frozen=True)
class Form:
    """A form to show: empty with a new key, or a draft with its own. `lost`: the draft that was asked for is not there."""

    key: str
    values: Values
    marked: tuple[UUID, ...] = ()
    lost: bool = False


def router(parts: Parts) -> APIRouter:
    """Return the routes of drafts."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/console/drafts")
    async def listed(request: Request, open: str = "") -> HTMLResponse:  # noqa: A002 - the name in addresses
        pages: Pages = request.app.state.pages
        return pages.render(request, "console_drafts.html", await context(request, parts, open))

    @routes.post("/console/drafts/{key}")
    async def save(request: Request, key: str, revision: Revision = None) -> Response:
        return await _save(request, parts, _known(key), revision)

    @routes.post("/console/drafts/{key}/discard")
    async def discard(request: Request, key: str) -> Response:
        await discard_draft(parts, request.state.actor.id, _known(key))
        return RedirectResponse("/console", status_code=303)

    return routes


async def form_of(request: Request, parts: Parts, key: str) -> Form | Sent:
    """Return the form that an address asks for by the key of a draft; without one it is empty and new."""
    new = uuid4().hex
    if not key:
        return Form(new, {})
    wanted = form_key(key)
    try:
        found = Missing() if wanted is None else await open_draft(parts, request.state.actor.id, wanted)
    except UndecryptableError:
        raise Problem(
            409, "Nháp không mở được", "Thiếu khóa để mở nháp này; nháp vẫn còn. Gọi quản trị, rồi mở lại trang."
        ) from None
    match found:
        case Opened():
            return Form(
                found.key.hex, console_form.typed(found.fields), repeat_pages.marks(FormData(list(found.fields)))
            )
        case Sent():
            return found
        case Missing():
            return Form(new, {}, lost=True)
        case _:
            assert_never(found)


async def context(request: Request, parts: Parts, key: str) -> dict[str, Any]:
    """Return what the list of drafts and the state of the form with this key are rendered from."""
    drafts = await own_drafts(parts, request.state.actor.id)
    return {
        "drafts": drafts,
        "open_key": key,
        "open_draft": next((draft for draft in drafts if draft.key.hex == key), None),
        "owner": request.state.actor.id,
    }


async def _save(request: Request, parts: Parts, key: UUID, revision: int | None) -> Response:
    """Keep what a form holds; a page's script gets the outcome, a person without script the form again."""
    fields = await _fields(request)
    channel = next((value for name, value in fields if name == "channel"), "")
    filled = len(console_form.typed(fields).keys() - {"channel"})
    draft = Draft(request.state.actor.id, key, revision or _now_as_revision(), fields, channel, filled)
    try:
        outcome = await save_draft(parts, draft)
        if revision is None and isinstance(outcome, Outdated):  # the clock of whoever typed before is ahead of ours
            outcome = await save_draft(parts, replace(draft, revision=outcome.revision + 1))
    except DraftTooLargeError:
        raise _too_large() from None
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/console?draft={key.hex}", status_code=303)
    return JSONResponse(_told(outcome))


def _told(outcome: SaveOutcome) -> dict[str, Any]:
    match outcome:
        case Saved(at):
            return {"state": "saved", "at": at.isoformat()}
        case Outdated(revision):
            return {"state": "outdated", "revision": revision}
        case Sent(report_id):
            return {"state": "sent", "report": f"/console/reports/{report_id}"}


async def _fields(request: Request) -> Fields:
    """Read a form; of one that a script sends no more than `LARGEST_BODY` bytes are taken in."""
    if CSRF_HEADER not in request.headers:
        return _texts((await request.form()).multi_items())  # looking for its token has read it already
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _too_large()

    async def again() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return _texts((await Request(request.scope, again).form()).multi_items())


def _texts(items: Sequence[tuple[str, Any]]) -> Fields:
    return tuple((name, value) for name, value in items if isinstance(value, str))


def _known(key: str) -> UUID:
    found = form_key(key)
    if found is None:
        raise Problem(404, "Không thấy nháp này", "Mở trang tiếp nhận rồi chọn nháp trong danh sách.")
    return found


def _now_as_revision() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def _too_large() -> Problem:
    return Problem(413, "Nháp quá dài", "Chưa lưu nháp: quá 256 KB. Rút ngắn lời kể rồi lưu lại; chữ đang gõ vẫn còn.")
