"""Possible repeats on the console: beside the form while one types, and on the page of a stored report."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from services.intake import console_form, half_typed
from services.intake.console_form import Values
from services.intake.handlers.decide_link import AlreadyMergedError, UnknownLinkError, Verdict, decide_link
from services.intake.handlers.list_repeats import Suggested, repeats_of, repeats_of_typed
from services.intake.rules.repeats import WORDS as REASON_WORDS
from services.intake.rules.repeats import LinkState
from services.intake.store import ReportStatus
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem

MARK: Final = "repeats_of"
"""The field of the form that names a report to which the new one is linked as it is saved."""

MOST_MARKS: Final = 5
Visible = Callable[[Request, Parts, UUID], Awaitable[ReportStatus]]

_DECISIONS: Final = {"confirm": LinkState.CONFIRMED, "reject": LinkState.REJECTED}


def router(parts: Parts, visible: Visible) -> APIRouter:
    """Return the routes; `visible` returns a report that the actor may see, or raises `Problem`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/console/reports/{report_id}/repeats")
    async def repeats(request: Request, report_id: UUID) -> HTMLResponse:
        context = await shown(request, parts, await visible(request, parts, report_id))
        return _pages(request).render(request, "console_repeats.html", context)

    @routes.post("/console/reports/{report_id}/repeats/{other_id}")
    async def decide(request: Request, report_id: UUID, other_id: UUID) -> Response:
        return await _decide(request, parts, await visible(request, parts, report_id), other_id)

    @routes.post("/console/repeats")
    async def while_typing(request: Request) -> HTMLResponse:
        return await _while_typing(request, parts)

    return routes


async def shown(request: Request, parts: Parts, report: ReportStatus) -> dict[str, Any]:
    """Return what the repeats of a stored report are rendered from."""
    actor: Actor = request.state.actor
    async with parts.database.reading() as connection:
        repeats = await repeats_of(connection, parts.keys, report, actor)
    return {
        "report": report,
        "repeats": repeats,
        "reason_words": REASON_WORDS,
        "may_open": lambda other: actor.has(Role.SUPERVISOR) or other.submitted_by == actor.id,
    }


async def _decide(request: Request, parts: Parts, report: ReportStatus, other_id: UUID) -> Response:
    """Keep what a person says of a report and another, and go back to the page."""
    form = await request.form()
    state = _DECISIONS.get(str(form.get("decision")))
    if state is None:
        raise Problem(422, "Chưa rõ quyết định", "Bấm Gộp hoặc Không phải.")
    verdict = Verdict(state, request.state.actor, str(form.get("note") or ""))
    try:
        await decide_link(parts, report.report_id, other_id, verdict)
    except UnknownLinkError:
        raise Problem(
            404, "Không thấy thông tin có thể trùng", "Thông tin kia đã được sửa. Mở lại trang rồi xem."
        ) from None
    except AlreadyMergedError:
        raise Problem(
            409,
            "Hai thông tin đã được gộp",
            "Mức đã tính theo cả hai, không tách ra được. Gộp nhầm thì báo giám sát ca.",
        ) from None
    return RedirectResponse(f"/console/reports/{report.report_id}#repeats", status_code=303)


async def _while_typing(request: Request, parts: Parts) -> HTMLResponse:
    """Render what a report that is being typed may repeat; what was typed is in the body, never in the address."""
    form = await request.form()
    values = console_form.typed((name, value) for name, value in form.multi_items() if isinstance(value, str))
    context = {
        "typed_repeats": await of_typed(parts, values, marks(form), request.state.actor),
        "reason_words": REASON_WORDS,
    }
    return _pages(request).render(request, "console_repeats_typed.html", context)


def marks(form: FormData) -> tuple[UUID, ...]:
    """Return the reports that were marked as repeats; what is no id is passed over."""
    found = (_uuid(value) for value in form.getlist(MARK) if isinstance(value, str))
    return tuple(dict.fromkeys(report_id for report_id in found if report_id is not None))[:MOST_MARKS]


async def of_typed(parts: Parts, values: Values, marked: Sequence[UUID], actor: Actor) -> tuple[Suggested, ...]:
    """Return what may be repeated; a field that is wrong is left out, for it must not hide what the others find."""
    document = half_typed.readable(values, parts.clock.now()) if values else None
    return await repeats_of_typed(parts, document, marked, actor) if document else ()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages
