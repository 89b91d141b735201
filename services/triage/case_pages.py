"""The page of a case: why it has its level, what is due, what was done, and what the reader may do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.triage import case_view, team_words
from services.triage.case_forms import ACTIONS, MOMENT, Sent, WrongFieldError
from services.triage.case_view import CasePage
from services.triage.handlers.case_state import CaseEndedError, NoSuchCaseError, Office, Person
from services.triage.lowered_view import FEW, load_lowered
from services.triage.rules.casework import CLOSING_QUESTIONS, Degree
from shared.clock import VIETNAM
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.identity.policy import View
from shared.service import Parts
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem
from shared.web.siblings import Sibling, SiblingAwayError, SiblingRefusedError

LIVE_CHANNEL: Final = "heedline_triage"

DONE: Final[Mapping[str, str]] = {
    "lowered": "Đã hạ mức.",
    "lower_waits": "Đã ghi đề nghị hạ mức; chờ người thứ hai đồng ý. Mức chưa đổi.",
    "lower_refused": "Đã khép đề nghị hạ mức. Mức giữ nguyên.",
    "offered": "Đã đề nghị bàn giao. Vụ vẫn thuộc nhóm hiện tại đến khi bên kia nhận.",
    "taken_over": "Đã nhận bàn giao. Bạn chịu trách nhiệm vụ này.",
    "offer_ended": "Đã khép đề nghị bàn giao. Vụ giữ nguyên nhóm.",
    "noted": "Đã ghi.",
    "answered": "Đã ghi dữ kiện và xếp mức lại.",
    "closed": "Đã kết thúc vụ theo Mẫu 06.",
}
"""What to say after something was done, by the word in the address."""


QUESTION_WORDS: Final[Mapping[str, str]] = {
    "harm": "Mức tổn hại của trẻ",
    "access": "Khả năng người gây hại tiếp cận trẻ",
    "obstacles": "Trở ngại cho việc bảo vệ trẻ",
    "self_protection": "Khả năng tự bảo vệ của trẻ",
}
ANSWER_WORDS: Final[Mapping[str, str]] = {"yes": "Có", "no": "Không", "unknown": "Không rõ"}
DEGREE_WORDS: Final[Mapping[str, str]] = {"high": "Cao", "medium": "Trung bình", "low": "Thấp"}


@dataclass(frozen=True)
class Filled:
    """A form as it was sent, to show it again; empty at first."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


BLANK: Final = Filled()


def router(parts: Parts) -> APIRouter:
    """Return the routes of the case page."""
    routes = APIRouter(include_in_schema=False)
    office = Office(parts.bus, parts.clock)
    intake = Sibling.of(parts.settings.intake_url, parts.keys, parts.settings)

    @routes.get("/cases/{case_code}")
    async def case(request: Request, case_code: str, said: str = "") -> HTMLResponse:
        return await _show(request, parts, case_code, said, BLANK)

    @routes.get("/rules/lowered")
    async def lowered(request: Request) -> HTMLResponse:
        pages: Pages = request.app.state.pages
        async with parts.database.reading() as connection:
            rows = await load_lowered(connection)
        return pages.render(request, "lowered.html", {"rows": rows, "few": FEW})

    @routes.get("/cases/{case_code}/live")
    async def live(request: Request, case_code: str) -> Response:  # noqa: ARG001 - the channel is one for all cases
        updates: LiveUpdates = request.app.state.live
        return updates.response(LIVE_CHANNEL)

    @routes.get("/cases/{case_code}/details")
    async def details(request: Request, case_code: str) -> HTMLResponse:
        return await _details(request, parts, intake, case_code)

    @routes.get("/cases/{case_code}/attachments/{attachment_id}")
    async def attachment(request: Request, case_code: str, attachment_id: UUID) -> Response:
        return await _attachment(request, parts, intake, case_code, attachment_id)

    @routes.post("/cases/{case_code}/{action}")
    async def act(request: Request, case_code: str, action: str) -> Response:
        do = ACTIONS.get(action)
        if do is None:
            raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")
        fields, code = await request.form(), case_code.upper()
        await _load(request, parts, code)
        try:
            async with parts.database.transaction() as connection:
                said = await do(Sent(connection, office, parts.keys, code, _person(request), fields))
        except WrongFieldError as wrong:
            values = {name: str(value) for name, value in fields.items()}
            filled = Filled(wrong.form, values, {wrong.field: wrong.reason})
            return await _show(request, parts, case_code, "", filled, status=422)
        except CaseEndedError:
            raise Problem(409, "Vụ đã kết thúc", "Vụ đã kết thúc theo Mẫu 06; chỉ ghi chú thêm được.") from None
        return RedirectResponse(f"/cases/{code}?said={said}", status_code=303)

    return routes


async def _load(request: Request, parts: Parts, code: str) -> CasePage:
    async with parts.database.reading() as connection:
        try:
            return await case_view.load_case(connection, parts.keys, code, request.state.actor, request.state.view)
        except NoSuchCaseError:
            raise Problem(404, "Không tìm thấy vụ", "Không có vụ nào mang mã này, hoặc vụ không thuộc bạn.") from None


async def _show(
    request: Request, parts: Parts, code: str, said: str, filled: Filled, *, status: int = 200
) -> HTMLResponse:
    page = await _load(request, parts, code)
    pages: Pages = request.app.state.pages
    view: View = request.state.view
    now = parts.clock.now()
    values = {
        "page": page,
        "view": view.value,
        "detailed": view in {View.FULL, View.OWN_TEAM},
        "said": DONE.get(said, ""),
        "filled": filled,
        "teams": list(team_words.choices(page.unit_code)),
        "team_words": team_words.team_words,
        "questions": CLOSING_QUESTIONS,
        "questions_words": QUESTION_WORDS,
        "degree_words": DEGREE_WORDS,
        "answers": list(ANSWER_WORDS.items()),
        "answer_words": ANSWER_WORDS,
        "degrees": list(Degree),
        "moment": now.astimezone(VIETNAM).strftime(MOMENT),
        "earliest": page.received_at.astimezone(VIETNAM).strftime(MOMENT),
    }
    return pages.render(request, "case.html", values, status=status)


async def _details(request: Request, parts: Parts, intake: Sibling, code: str) -> HTMLResponse:
    """Show what the report says, which intake decides, records and answers; without it, what is missing."""
    page = await _load(request, parts, code)
    actor: Actor = request.state.actor
    if request.state.view not in {View.FULL, View.OWN_TEAM} or actor.id is None:
        raise Problem(403, "Bạn không có quyền mở trang này", "Gọi giám sát ca.")
    said, found, status = "", None, 200
    try:
        found = await intake.get(f"/internal/reports/{page.report_id}", actor.id)
    except SiblingRefusedError:
        said, status = "refused", 403
    except SiblingAwayError:
        said, status = "away", 503
    pages: Pages = request.app.state.pages
    return pages.render(request, "case_details.html", {"page": page, "found": found, "said": said}, status=status)


async def _attachment(request: Request, parts: Parts, intake: Sibling, code: str, attachment_id: UUID) -> Response:
    """Pass on a file of the report, which intake decides, records and answers."""
    page = await _load(request, parts, code)
    actor: Actor = request.state.actor
    if request.state.view not in {View.FULL, View.OWN_TEAM} or actor.id is None:
        raise Problem(403, "Bạn không có quyền mở trang này", "Gọi giám sát ca.")
    try:
        file = await intake.get_file(f"/internal/reports/{page.report_id}/attachments/{attachment_id}", actor.id)
    except SiblingRefusedError:
        raise Problem(403, "Chưa mở được tệp", "Tệp mở được sau khi nhóm của bạn nhận vụ. Gọi giám sát ca.") from None
    except SiblingAwayError:
        raise Problem(503, "Chưa lấy được tệp", "Chờ một phút rồi mở lại; gấp thì gọi số trực.") from None
    return Response(file.content, headers=dict(file.headers))


def _person(request: Request) -> Person:
    actor: Actor = request.state.actor
    assert actor.id is not None  # noqa: S101 - the policy lets nobody in without a session
    name = str(getattr(request.state, "display_name", ""))
    return Person(actor.id, name, actor.team_codes, actor.has(Role.SUPERVISOR))
