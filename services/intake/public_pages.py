"""The pages for everybody: tell what is happening, look up the receipt, leave quickly. Nothing is kept in the browser."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from services.intake import public_form
from services.intake.handlers.add_to_report import LONGEST_ADDITION, Addition, add_to_report
from services.intake.handlers.look_up_receipt import NoSuchReceipt, TooManyWrong, look_up_receipt
from services.intake.handlers.take_public_report import PublicReport, take_public_report
from services.intake.public_body import FormTooLargeError, read_form
from services.intake.public_form import Values
from services.intake.rules.field_errors import FieldError, InvalidReportError, Language
from services.intake.rules.status import Status
from services.intake.store import ReportStatus
from shared import places
from shared.observability import PUBLIC_FORMS_TOO_LARGE
from shared.service import Parts
from shared.web.pages import Pages

ONCE_LIMIT: Final = 64
"""Characters of a once-only key."""
CODE_LIMIT: Final = 100
"""Characters of a typed receipt that are shown again."""
LEAVE: Final = {"Cache-Control": "no-store", "Clear-Site-Data": '"cache", "storage"'}

_UNPROCESSABLE: Final = 422
_TOO_LARGE: Final = 413
_TOO_MANY: Final = 429


def router(parts: Parts) -> APIRouter:
    """Return the routes `/report`, `/receipt` and `/exit`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/report")
    async def ask(request: Request) -> HTMLResponse:
        return _form(request, {}, (), uuid4().hex)

    @routes.post("/report")
    async def take(request: Request) -> Response:
        try:
            return await _take(request, parts, await read_form(request))
        except FormTooLargeError:
            return _too_large(request)

    @routes.get("/receipt")
    async def ask_for_receipt(request: Request) -> HTMLResponse:
        return _page(request, "public_receipt.html", _asking())

    @routes.post("/receipt")
    async def look_up(request: Request) -> Response:
        try:
            return await _look_up(request, parts, await read_form(request))
        except FormTooLargeError:
            return _too_large(request)

    @routes.get("/exit")
    async def leave() -> RedirectResponse:
        return RedirectResponse(parts.settings.quick_exit_url, status_code=303, headers=LEAVE)

    return routes


async def _take(request: Request, parts: Parts, form: FormData) -> Response:
    """Store what was told and show its receipt, or show the form again with everything that was typed."""
    values = public_form.typed(_texts(form))
    once = _once(form)
    sent = PublicReport(public_form.document(values), once, _address(request), bool(form.get(public_form.TRAP)))
    try:
        receipt = await take_public_report(parts, sent)
    except InvalidReportError as error:
        return _form(request, values, error.errors, once)
    return _sent(request, receipt, contact=values.get("back") != "no")


async def _look_up(request: Request, parts: Parts, form: FormData) -> Response:
    """Show the state of a report, after adding to it what the form brings."""
    code = str(form.get("code") or "")[:CODE_LIMIT]
    found = await look_up_receipt(parts, code, _address(request))
    match found:
        case NoSuchReceipt():
            return _page(request, "public_receipt.html", _asking(code, wrong=True), _UNPROCESSABLE)
        case TooManyWrong(wait):
            minutes = math.ceil(wait.total_seconds() / 60)
            page = _page(request, "public_receipt.html", _asking(code, minutes=minutes), _TOO_MANY)
            page.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
            return page
        case status if "once" in form:
            return await _add(request, parts, form, status, code)
        case status:
            return _state(request, status, code)


async def _add(request: Request, parts: Parts, form: FormData, status: ReportStatus, code: str) -> Response:
    text, danger = _text(form, "more").replace("\r\n", "\n"), _text(form, "danger")
    once = _once(form)
    wrong = _wrong_addition(text, danger)
    if wrong is not None:
        return _state(request, status, code, once=once, more=text, danger=danger, error=wrong)
    outcome = await add_to_report(parts, status, Addition(text.strip(), danger, once), _address(request))
    if isinstance(outcome, PublicReport):
        return _sent(request, await take_public_report(parts, outcome), contact=True)
    return _state(request, status, code, added=True)


def _wrong_addition(text: str, danger: str) -> FieldError | None:
    if not text.strip() and not danger:
        return FieldError("more", "no_content")
    if len(text) > LONGEST_ADDITION:
        return FieldError("more", "too_long", {"max_length": str(LONGEST_ADDITION)})
    return None


def _form(request: Request, values: Values, errors: Sequence[FieldError], once: str) -> HTMLResponse:
    language: Language = "en" if _pages(request).locale(request) == "en" else "vi"
    reasons: dict[str, str] = {}
    for error in errors:
        reason = "" if error.why == "no_content" else error.message(language)
        reasons.setdefault(public_form.field_of(error.field), reason)
    context = {
        "values": {name: values.get(name, "") for name in public_form.FIELDS},
        "reasons": {name: reasons[name] for name in public_form.FIELDS if name in reasons},
        "once": once,
        "trap": public_form.TRAP,
        "communes": places.bac_ninh(),
    }
    return _page(request, "public_report.html", context, _UNPROCESSABLE if errors else 200)


def _sent(request: Request, receipt: str | None, *, contact: bool) -> HTMLResponse:
    groups = [receipt[start : start + 4] for start in range(0, len(receipt), 4)] if receipt else []
    return _page(request, "public_sent.html", {"receipt": receipt, "groups": groups, "contact": contact})


def _asking(code: str = "", *, wrong: bool = False, minutes: int = 0) -> Mapping[str, Any]:
    return {"code": code, "wrong": wrong, "minutes": minutes, "state": None}


def _state(
    request: Request,
    status: ReportStatus,
    code: str,
    *,
    once: str = "",
    more: str = "",
    danger: str = "",
    error: FieldError | None = None,
    added: bool = False,
) -> HTMLResponse:
    """Show no more of a report than whether somebody looks at it, and the day it came."""
    language: Language = "en" if _pages(request).locale(request) == "en" else "vi"
    context = {
        "state": _neutral(status.status),
        "received_at": status.received_at,
        "code": code,
        "once": once or uuid4().hex,
        "more": more,
        "danger": danger,
        "reason": "" if error is None or error.why == "no_content" else error.message(language),
        "invalid": error is not None,
        "added": added,
    }
    return _page(request, "public_state.html", context, _UNPROCESSABLE if error else 200)


def _neutral(status: Status) -> str:
    match status:
        case Status.RECEIVED:
            return "received"
        case Status.CLOSED:
            return "done"
        case Status.ASSESSED | Status.PAGED | Status.ACKNOWLEDGED:
            return "looking"


def _too_large(request: Request) -> HTMLResponse:
    PUBLIC_FORMS_TOO_LARGE.inc()
    page = _page(request, "public_too_large.html", {}, _TOO_LARGE)
    page.headers["Connection"] = "close"
    return page


def _page(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    pages = _pages(request)
    asked = "lang" in request.query_params
    own = {"query": f"?lang={pages.locale(request)}" if asked else "", **context}
    return pages.render(request, template, own, status=status, remember=False)


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _texts(form: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _once(form: FormData) -> str:
    """Return the once-only key that the form brought, or a new one."""
    return _text(form, "once")[:ONCE_LIMIT] or uuid4().hex


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
