"""A stored report opened again in the operator's form: what is added or corrected while people are paged already."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.intake import console_form
from services.intake.console_form import ROWS, Values
from services.intake.handlers.answer_request import KeyReused
from services.intake.handlers.complete_report import (
    Completion,
    MovedOnError,
    Opened,
    complete_report,
    open_as_it_was,
    open_to_complete,
)
from services.intake.handlers.correct_report import UnknownReportError
from services.intake.rules.field_errors import FieldError, InvalidReportError
from services.intake.store import ReportStatus
from shared.crypto import UndecryptableError
from shared.identity.actor import Actor
from shared.service import Parts
from shared.web.problems import Problem

KEY_LIMIT: Final = 64
REVISION_LIMIT: Final = 9
"""Digits."""

Visible = Callable[[Request, Parts, UUID], Awaitable[ReportStatus]]


@dataclass(frozen=True)
class Form:
    """The form to show. `moved_on`: labels of what somebody else changed meanwhile and this form would overwrite.

    Null `moved_on` when nobody did.
    """

    report: ReportStatus
    revision: int
    values: Values
    key: str
    errors: Sequence[FieldError] = ()
    moved_on: Sequence[str] | None = None


Show = Callable[[Request, Form], Awaitable[HTMLResponse]]


def router(parts: Parts, visible: Visible, show: Show) -> APIRouter:
    """Return the routes; `visible` returns a report that the actor may see, or raises `Problem`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/console/reports/{report_id}/complete")
    async def page(request: Request, report_id: UUID) -> HTMLResponse:
        report = await visible(request, parts, report_id)
        opened = await _opened(parts, report, request.state.actor)
        values = console_form.typed_from(opened.document)
        return await show(request, Form(report, opened.revision, values, uuid4().hex))

    @routes.post("/console/reports/{report_id}/complete")
    async def complete(request: Request, report_id: UUID) -> Response:
        return await _complete(request, parts, await visible(request, parts, report_id), show)

    return routes


async def _complete(request: Request, parts: Parts, report: ReportStatus, show: Show) -> Response:
    form = await request.form()
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    values = console_form.typed(fields)
    key = str(form.get("key") or "")[:KEY_LIMIT] or uuid4().hex
    revision = _revision(str(form.get("revision") or ""))
    told = console_form.document(values)
    completion = Completion(told, revision, key, request.state.actor, console_form.laid_over)
    again = partial(Form, report, revision, values, key)
    try:
        outcome = await complete_report(parts, report.report_id, completion)
    except InvalidReportError as error:
        return await show(request, again(errors=error.errors))
    except MovedOnError:
        return await show(request, await _merged(parts, again(), request.state.actor))
    except UnknownReportError:
        raise _of_a_child() from None
    except UndecryptableError:
        raise _locked() from None
    if isinstance(outcome, KeyReused):
        raise Problem(409, "Biểu mẫu đã gửi", "Phần bổ sung này đã được lưu. Mở lại trang để bổ sung thêm.")
    return RedirectResponse(f"/console/reports/{report.report_id}", status_code=303)


async def _merged(parts: Parts, typed: Form, actor: Actor) -> Form:
    """Return the form with what the other person changed in it, but for fields that both did: these keep what was typed."""
    now = await _opened(parts, typed.report, actor)
    then = await open_as_it_was(parts, typed.report.report_id, typed.revision)
    values, both = merge(console_form.typed_from(then), typed.values, console_form.typed_from(now.document))
    return Form(typed.report, now.revision, values, typed.key, moved_on=both)


def merge(before: Values, mine: Values, theirs: Values) -> tuple[dict[str, list[str]], list[str]]:
    """Return what both say, and the fields that both changed to something else, where `mine` stays.

    A list of people counts as one field. All three are what was, or would be, typed.
    """
    merged: dict[str, list[str]] = {}
    both: list[str] = []
    for unit in dict.fromkeys(_unit(name) for name in (*mine, *theirs, *before)):
        was, my, other = (_of(unit, values) for values in (before, mine, theirs))
        if my not in (was, other) and other != was:
            both.append(unit)
        merged |= other if my == was else my
    return merged, both


def _of(unit: str, values: Values) -> dict[str, list[str]]:
    return {name: [text.strip() for text in texts] for name, texts in values.items() if _unit(name) == unit}


def _unit(name: str) -> str:
    """Return what is changed as a whole: a list of people, the text of a place with its code, else the field."""
    head = name.split(".", maxsplit=1)[0]
    return head if head in ROWS else console_form.field_of(name)


async def _opened(parts: Parts, report: ReportStatus, actor: Actor) -> Opened:
    try:
        return await open_to_complete(parts, report, actor)
    except UnknownReportError:
        raise _of_a_child() from None
    except UndecryptableError:
        raise _locked() from None


def _of_a_child() -> Problem:
    return Problem(
        404, "Không bổ sung riêng được", "Thông tin về trẻ này nằm trong thông tin của người lớn: bổ sung ở đó."
    )


def _locked() -> Problem:
    return Problem(
        500, "Không mở được thông tin", "Khóa mã hóa của thông tin này không có ở đây. Báo quản trị hệ thống."
    )


def _revision(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= REVISION_LIMIT else 0


def shown(form: Form, labels: Callable[[str], str]) -> Mapping[str, Any]:
    """Return what the form's page needs besides what every form does; `labels` names a field in the reader's language."""
    return {
        "completing": form.report,
        "revision": form.revision,
        "moved_on": None if form.moved_on is None else [(name, labels(name)) for name in form.moved_on],
    }
