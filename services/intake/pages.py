"""The operator's console: take a report while on the phone, then watch what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from services.intake import (
    attachment_pages,
    call_pages,
    complete_pages,
    conflicts,
    console_form,
    draft_pages,
    form01_pages,
    history_pages,
    letters,
    level_pages,
    paging_pages,
    repeat_pages,
    search_pages,
    store,
    suggestion_pages,
)
from services.intake.console_form import Values
from services.intake.handlers.answer_request import KeyReused, Submission
from services.intake.handlers.receive_report import receive_report
from services.intake.handlers.save_draft import Sent
from services.intake.models import LIVE_CHANNEL
from services.intake.rules.field_errors import FieldError, InvalidReportError, Language
from services.intake.rules.plausibility import WORDS
from services.intake.rules.repeats import WORDS as REASON_WORDS
from services.intake.store import ReportStatus
from services.intake.suggestions import concern_anchor, questions_left, suggestions
from shared import places
from shared.contracts.vocabulary import AllegedRole, Channel, Concern, Role
from shared.crypto import UndecryptableError
from shared.identity.actor import Actor
from shared.service import Parts
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem
from shared.web.sources import readable_source

RECENT: Final = 8
"""Reports beside the form."""
SUGGESTIONS: Final = 12
"""Communes offered for a text; without any text all of Bắc Ninh's are."""
QUERY_LIMIT: Final = 100
KEY_LIMIT: Final = 64
CODE_LIMIT: Final = 9
"""Digits; a unit's national code has at most five."""


@dataclass(frozen=True)
class WrongField:
    """A message to show: `label` and `reason` in the reader's language, without the value that was typed."""

    label: str
    reason: str


def router(parts: Parts) -> APIRouter:
    """Return the console's routes."""
    routes = APIRouter(include_in_schema=False)
    routes.include_router(suggestion_pages.router())
    routes.include_router(search_pages.router(parts))
    routes.include_router(draft_pages.router(parts))
    routes.include_router(level_pages.router(parts))
    routes.include_router(call_pages.router(parts))

    @routes.get("/console")
    async def console(request: Request, draft: str = "") -> Response:
        return await _open(request, parts, draft)

    @routes.post("/console/reports")
    async def submit(request: Request) -> Response:
        return await _submit(request, parts)

    @routes.post("/console/form")
    async def look_again(request: Request) -> HTMLResponse:
        form = await request.form()
        return await _form(request, parts, console_form.typed(_texts(form)), (), _key(form), repeat_pages.marks(form))

    @routes.get("/console/places")
    async def find_places(q: str = "") -> JSONResponse:
        wanted = q[:QUERY_LIMIT].strip()
        found = places.search(wanted, SUGGESTIONS) if wanted else places.bac_ninh()
        return JSONResponse([asdict(unit) for unit in found])

    @routes.get("/console/live")
    async def live(request: Request) -> Response:
        return _live(request)

    @routes.get("/console/recent")
    async def recent(request: Request) -> HTMLResponse:
        return _pages(request).render(request, "console_recent.html", {"recent": await _recent(request, parts)})

    @routes.get("/console/reports/{report_id}")
    async def one(request: Request, report_id: UUID) -> HTMLResponse:
        report = await _visible(request, parts, report_id)
        repeats = await repeat_pages.shown(request, parts, report)
        questions = await _questions_left(request, parts, report_id)
        files = await attachment_pages.shown(request, parts, report_id)
        return _shown(request, report, "console_report.html", {**repeats, **files, "questions": questions})

    @routes.get("/console/reports/{report_id}/state")
    async def state(request: Request, report_id: UUID) -> HTMLResponse:
        return _shown(request, await _visible(request, parts, report_id), "console_state.html")

    @routes.get("/console/reports/{report_id}/live")
    async def live_report(request: Request, report_id: UUID) -> Response:
        await _visible(request, parts, report_id)
        return _live(request)

    _include_pages_of_a_report(routes, parts)
    return routes


def _include_pages_of_a_report(routes: APIRouter, parts: Parts) -> None:
    async def show_completion(request: Request, form: complete_pages.Form) -> HTMLResponse:
        return await _completion(request, parts, form)

    routes.include_router(repeat_pages.router(parts, _visible))
    routes.include_router(form01_pages.router(parts, _visible))
    routes.include_router(paging_pages.router(parts, _visible))
    routes.include_router(complete_pages.router(parts, _visible, show_completion))
    routes.include_router(history_pages.router(parts, _visible))
    routes.include_router(attachment_pages.router(parts, _visible))


async def _open(request: Request, parts: Parts, draft: str) -> Response:
    """Show an empty form with a new key, or a draft that is asked for; what was sent is shown as the report it is."""
    form = await draft_pages.form_of(request, parts, draft)
    if isinstance(form, Sent):
        return RedirectResponse(f"/console/reports/{form.report_id}", status_code=303)
    return await _form(request, parts, form.values, (), form.key, form.marked, lost=form.lost)


async def _submit(request: Request, parts: Parts) -> Response:
    """Store what was typed and go to its page, or show the form again; the same form twice stores one report."""
    form = await request.form()
    key = _key(form)
    values = console_form.typed(_texts(form))
    marked = repeat_pages.marks(form)
    submission = Submission(console_form.document(values), key, request.state.actor, repeats=marked)
    try:
        outcome = await receive_report(parts, submission)
    except InvalidReportError as error:
        return await _form(request, parts, values, error.errors, key, marked)
    if isinstance(outcome, KeyReused):
        raise Problem(409, "Biểu mẫu đã gửi", "Biểu mẫu này đã được lưu. Mở trang tiếp nhận để nhập thông tin mới.")
    return RedirectResponse(f"/console/reports/{outcome.report_id}", status_code=303)


async def _form(
    request: Request,
    parts: Parts,
    values: Values,
    errors: Sequence[FieldError],
    key: str,
    marked: Sequence[UUID] = (),
    *,
    lost: bool = False,
    more: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    """Render the form, with what was typed and each message beside its field; `more` is of a form that completes a report."""
    completing = more or {"completing": None, "moved_on": None}
    context: dict[str, Any] = {
        "values": values,
        "errors": _wrong_fields(request, errors),
        "key": key,
        "recent": await _recent(request, parts),
        "undecided": await _undecided(request, parts),
        "unread_letters": await _unread_letters(request, parts),
        "labels": console_form.LABELS,
        "channels": list(Channel),
        "concerns": list(Concern),
        "concern_anchor": concern_anchor,
        "alleged_roles": list(AllegedRole),
        "grave_facts": console_form.GRAVE_FACTS,
        "fact_groups": console_form.FACT_GROUPS,
        "rows": {name: console_form.rows(values, name) for name in console_form.ROWS},
        "unit": _unit,
        "typed_repeats": () if more else await repeat_pages.of_typed(parts, values, marked, request.state.actor),
        "reason_words": REASON_WORDS,
        "lost_draft": lost,
        **await draft_pages.context(request, parts, key),
        "suggestions": suggestions(" ".join(values.get("narrative", ())), values, _pages(request).locale(request)),
        "foreseen": level_pages.Level(parts.clock.now()),
        **await call_pages.counted(parts),
        **completing,
    }
    status = 422 if errors else 200 if completing["moved_on"] is None else 409
    return _pages(request).render(request, "console.html", context, status=status)


async def _completion(request: Request, parts: Parts, form: complete_pages.Form) -> HTMLResponse:
    language = _language(request)
    translate = _pages(request).translator(request)
    more = complete_pages.shown(form, lambda name: translate(console_form.unit_label(name, language)))
    return await _form(request, parts, form.values, form.errors, form.key, more=more)


def _wrong_fields(request: Request, errors: Sequence[FieldError]) -> dict[str, WrongField]:
    """Return the first message of each field of the form that is wrong."""
    translate, language = _pages(request).translator(request), _language(request)
    found: dict[str, WrongField] = {}
    for error in errors:
        name = console_form.field_of(error.field)
        label = translate(console_form.label(name, language))
        found.setdefault(name, WrongField(label, error.message(language)))
    return found


def _shown(
    request: Request, report: ReportStatus, template: str, more: Mapping[str, Any] | None = None
) -> HTMLResponse:
    assessment = report.assessment or {}
    clocks = {name: datetime.fromisoformat(moment) for name, moment in assessment.get("clocks", {}).items() if moment}
    context = {
        "report": report,
        "channel": Channel(report.channel),
        "assessment": assessment,
        "clocks": clocks,
        "warning_words": WORDS,
        "source": readable_source,
        **(more or {}),
    }
    return _pages(request).render(request, template, context)


async def _visible(request: Request, parts: Parts, report_id: UUID) -> ReportStatus:
    """Return a report that the actor may see, or raise `Problem` 404, also for a report of somebody else's."""
    async with parts.database.reading() as connection:
        report = await store.report_status(connection, report_id)
        shown = await conflicts.may_see(connection, report_id, request.state.actor)
    owner = _only_own(request.state.actor)
    if report is None or (owner is not None and report.submitted_by != owner):
        raise Problem(404, "Không tìm thấy thông tin", "Không có thông tin nào mang mã này, hoặc không phải của bạn.")
    if not shown:
        raise _kept_from(report, request.state.actor)
    return report


def _kept_from(report: ReportStatus, actor: Actor) -> Problem:
    """Say no more to somebody who may be alleged than that what they typed is saved."""
    if report.submitted_by == actor.id:
        return Problem(
            403,
            "Đã lưu, không hiện với bạn",
            "Thông tin đã được lưu và chuyển đi. Trang này không hiện với bạn; cần thì hỏi giám sát ca.",
        )
    return Problem(404, "Không tìm thấy thông tin", "Không có thông tin nào mang mã này, hoặc không phải của bạn.")


async def _questions_left(request: Request, parts: Parts, report_id: UUID) -> tuple[str, ...]:
    """Return what is still to be asked about a report; nothing when no configured key opens it."""
    try:
        async with parts.database.reading() as connection:
            document = await store.open_document(connection, parts.keys, report_id)
    except UndecryptableError:
        return ()
    return questions_left(document or {}, _pages(request).locale(request))


async def _recent(request: Request, parts: Parts) -> tuple[ReportStatus, ...]:
    async with parts.database.reading() as connection:
        shown = conflicts.shown_to(request.state.actor)
        return await store.recent_reports(
            connection, submitted_by=_only_own(request.state.actor), limit=RECENT, which=shown
        )


async def _unread_letters(request: Request, parts: Parts) -> int:
    """Count, for a supervisor, the partners' reports that could not be read and wait for a person."""
    if not request.state.actor.has(Role.SUPERVISOR):
        return 0
    async with parts.database.reading() as connection:
        return await letters.count_waiting(connection)


async def _undecided(request: Request, parts: Parts) -> int:
    """Count the questions about conflicts of interest that wait for this supervisor; nobody else is asked."""
    actor: Actor = request.state.actor
    if not actor.has(Role.SUPERVISOR):
        return 0
    async with parts.database.reading() as connection:
        return await conflicts.count_undecided(connection, actor)


def _only_own(actor: Actor) -> UUID | None:
    """Return whose reports an actor may see; None for a supervisor, who sees all."""
    return None if actor.has(Role.SUPERVISOR) else actor.id


def _live(request: Request) -> Response:
    updates: LiveUpdates = request.app.state.live
    return updates.response(LIVE_CHANNEL)


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _language(request: Request) -> Language:
    return "en" if _pages(request).locale(request) == "en" else "vi"


def _key(form: FormData) -> str:
    """Return the once-only key that the form brought, or a new one."""
    return str(form.get("key") or "")[:KEY_LIMIT] or uuid4().hex


def _texts(form: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _unit(code: str) -> places.Unit | None:
    """Return the unit that a typed code names, null when it names none."""
    return places.by_code(int(code)) if code.isdecimal() and len(code) <= CODE_LIMIT else None
