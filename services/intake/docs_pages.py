"""What a partner's programmer reads: how to send reports, the format, and the events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from services.intake.answers import KEY_LIMIT
from services.intake.console_form import LABELS
from services.intake.rules.report import LARGEST_BODY, Report
from services.intake.rules.report_format import LIST, FormatField, Kind, one_of, report_fields
from shared.contracts.asyncapi import EVENTS, INBOUND, asyncapi
from shared.identity.actor import Scope
from shared.web.pages import Pages
from shared.web.words import FACTS, Words

KINDS: Final[Mapping[Kind, Words]] = {
    Kind.TEXT: Words("chữ", "text"),
    Kind.NUMBER: Words("số", "number"),
    Kind.WHOLE_NUMBER: Words("số nguyên", "whole number"),
    Kind.DATE: Words("ngày, 2026-11-28", "date, 2026-11-28"),
    Kind.MOMENT: Words("thời điểm, 2026-11-28T14:20:00+07:00", "moment, 2026-11-28T14:20:00+07:00"),
    Kind.TRUTH: Words("true hoặc false", "true or false"),
    Kind.CHOICE: Words("một trong", "one of"),
    Kind.CHOICES: Words("danh sách từ", "a list of"),
}
ANSWERS: Final[Mapping[int, Words]] = {
    201: Words("Đã lưu thông tin mới", "A new report is stored"),
    200: Words("Đã có; nội dung khác thì đã sửa", "It was there; other content has corrected it"),
    400: Words("Thiếu Idempotency-Key", "The Idempotency-Key is missing"),
    401: Words("Thiếu khóa hoặc khóa không đúng", "The key is missing or not known"),
    403: Words("Khóa không có quyền này", "The key lacks the scope"),
    409: Words("Idempotency-Key đã dùng cho thông tin khác", "The Idempotency-Key was used for another report"),
    413: Words("Quá 65.536 byte", "Over 65,536 bytes"),
    422: Words("Có ô chưa đúng; errors nêu từng ô", "Some fields are wrong; errors names each"),
    429: Words(
        "Khóa đã gửi đủ số lần; thông tin chưa được nhận, gửi lại với cùng Idempotency-Key sau số giây ở Retry-After",
        "The key has asked as often as it may; nothing was taken, send it again with the same Idempotency-Key after "
        "the seconds in Retry-After",
    ),
}


@dataclass(frozen=True)
class FieldRow:
    """A row of the table of fields; `limits` is empty where there are none."""

    path: str
    label: str
    takes: str
    limits: str
    required: bool


def router() -> APIRouter:
    """Return the pages' routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    async def docs(request: Request) -> HTMLResponse:
        pages: Pages = request.app.state.pages
        locale, translate = pages.locale(request), pages.translator(request)
        context = {
            "rows": [_row(field, locale, translate(_label(field.path))) for field in report_fields()],
            "answers": [(status, phrase.text(locale)) for status, phrase in ANSWERS.items()],
            "events": [(event.TOPIC, event in INBOUND, tuple(event.model_fields)) for event in EVENTS],
            "one_of": one_of(),
            "scopes": [scope.value for scope in Scope],
            "key_limit": KEY_LIMIT,
            "largest": LARGEST_BODY // 1024,
        }
        return pages.render(request, "docs.html", context)

    @routes.get("/docs/asyncapi.json")
    async def events() -> JSONResponse:
        return JSONResponse(_events())

    return routes


def _events() -> dict[str, Any]:
    return asyncapi(Report)


def _label(path: str) -> str:
    """Return what the console calls a field, in Vietnamese; empty where it has no word for it."""
    return LABELS.get(path.replace(LIST, ".*"), "")


def _row(field: FormatField, locale: str, label: str) -> FieldRow:
    fact = FACTS.get(field.path.removeprefix("facts.")) if field.path.startswith("facts.") else None
    takes = KINDS[field.kind].text(locale) + (f": {', '.join(field.choices)}" if field.choices else "")
    return FieldRow(field.path, fact.text(locale) if fact else label, takes, ", ".join(_limits(field)), field.required)


def _limits(field: FormatField) -> Iterator[str]:
    if field.least is not None:
        yield f"≥ {field.least:g}"
    if field.most is not None:
        yield f"≤ {field.most:g}"
    if field.longest is not None:
        yield f"≤ {field.longest:,}"
