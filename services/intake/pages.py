"""The operator's console: take a report while on the phone, then watch what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from services.intake import console_form, store
from services.intake.handlers.answer_request import KeyReused, Submission
from services.intake.handlers.receive_report import receive_report
from services.intake.models import LIVE_CHANNEL
from services.intake.rules.field_errors import FieldError, InvalidReportError, Language
from services.intake.rules.plausibility import WORDS
from services.intake.store import ReportStatus
from shared import places
from shared.contracts.vocabulary import AgeBasis, AllegedRole, Channel, Concern, Role
from shared.identity.actor import Actor
from shared.service import Parts
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem

RECENT: Final = 8
SUGGESTIONS: Final = 12
KEY_LIMIT: Final = 64


def router(parts: Parts) -> APIRouter:
    """Return the console's routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/console")
    async def console(request: Request) -> HTMLResponse:
        return await _form(request, parts, {}, (), uuid4().hex)

    @routes.post("/console/reports")
    async def submit(request: Request) -> Response:
        form = await request.form()
        key = str(form.get("key") or "")[:KEY_LIMIT] or uuid4().hex
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        submission = Submission(console_form.document(fields), key, request.state.actor)
        try:
            outcome = await receive_report(parts, submission)
        except InvalidReportError as error:
            return await _form(request, parts, _values(form), error.errors, key)
        if isinstance(outcome, KeyReused):
            raise Problem(409, "Biểu mẫu đã gửi", "Biểu mẫu này đã được lưu. Mở trang tiếp nhận để nhập thông tin mới.")
        return RedirectResponse(f"/console/reports/{outcome.report_id}", status_code=303)

    @routes.get("/console/places")
    async def find_places(q: str = "") -> JSONResponse:
        return JSONResponse([asdict(unit) for unit in places.search(q[:100], SUGGESTIONS)])

    @routes.get("/console/live")
    async def live(request: Request) -> Response:
        updates: LiveUpdates = request.app.state.live
        return updates.response(LIVE_CHANNEL)

    @routes.get("/console/recent")
    async def recent(request: Request) -> HTMLResponse:
        pages: Pages = request.app.state.pages
        return pages.render(request, "console_recent.html", {"recent": await _recent(request, parts)})

    @routes.get("/console/reports/{report_id}")
    async def one(request: Request, report_id: UUID) -> HTMLResponse:
        return await _report(request, parts, report_id, "console_report.html")

    @routes.get("/console/reports/{report_id}/state")
    async def state(request: Request, report_id: UUID) -> HTMLResponse:
        return await _report(request, parts, report_id, "console_state.html")

    return routes


async def _form(
    request: Request, parts: Parts, values: Mapping[str, Sequence[str]], errors: Sequence[FieldError], key: str
) -> HTMLResponse:
    """Render the form, with what was typed and each message beside its field."""
    pages: Pages = request.app.state.pages
    language: Language = "en" if pages.locale(request) == "en" else "vi"
    context: dict[str, Any] = {
        "values": values,
        "errors": {error.field: error.message(language) for error in errors},
        "key": key,
        "recent": await _recent(request, parts),
        "channels": list(Channel),
        "concerns": list(Concern),
        "alleged_roles": list(AllegedRole),
        "bases": list(AgeBasis),
        "grave_facts": console_form.GRAVE_FACTS,
        "fact_groups": console_form.FACT_GROUPS,
    }
    return pages.render(request, "console.html", context, status=422 if errors else 200)


def _values(form: FormData) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


def _only_own(actor: Actor) -> UUID | None:
    """Return whose reports an actor may see; None for a supervisor, who sees all."""
    return None if actor.has(Role.SUPERVISOR) else actor.id


async def _recent(request: Request, parts: Parts) -> tuple[ReportStatus, ...]:
    async with parts.database.sessions() as session:
        return await store.recent_reports(session, submitted_by=_only_own(request.state.actor), limit=RECENT)


async def _report(request: Request, parts: Parts, report_id: UUID, template: str) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    async with parts.database.sessions() as session:
        status = await store.report_status(session, report_id)
    owner = _only_own(request.state.actor)
    if status is None or (owner is not None and status.submitted_by != owner):
        raise Problem(404, "Không tìm thấy thông tin", "Không có thông tin nào mang mã này, hoặc không phải của bạn.")
    assessment = status.assessment or {}
    clocks = {name: datetime.fromisoformat(moment) for name, moment in assessment.get("clocks", {}).items() if moment}
    suffix = "en" if pages.locale(request) == "en" else "vi"
    context = {
        "report": status,
        "assessment": assessment,
        "clocks": clocks,
        "suffix": suffix,
        "warning_words": WORDS,
    }
    return pages.render(request, template, context)
