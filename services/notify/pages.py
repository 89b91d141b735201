"""The escalation queue and the page of one alert."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import queue_view, store
from services.notify.handlers import change_alert
from services.notify.handlers.acknowledge import Acknowledged, acknowledge
from services.notify.handlers.change_alert import Act
from services.notify.handlers.desk import Desk
from services.notify.handlers.fill_rosters import horizon
from services.notify.handlers.rehearse_coverage import latest_rehearsal
from services.notify.letter_counts import NOTHING, LetterCounts, Total
from services.notify.queue_view import QueueRow
from services.notify.records import AlertClosedError, NoSuchAlertError, NoSuchPersonError, PersonExcludedError
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.identity.policy import Allow, View, decide
from shared.service import Parts
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem

LIVE_CHANNEL: Final = "heedline_notify"
NOTE_LIMIT: Final = 500

VERBS: Final[Mapping[str, Callable[[AsyncConnection, Desk, Act], Awaitable[object]]]] = {
    "acknowledge": acknowledge,
    "decline": change_alert.decline,
    "escalate": change_alert.escalate,
    "close": change_alert.close,
    "contact": change_alert.record_contact,
    "silence": change_alert.silence_alarm,
}

REASONS: Final[Mapping[str, str]] = {
    "busy": "Đang xử lý vụ khác",
    "away": "Không ở địa bàn",
    "known": "Quen người liên quan",
    "other": "Lý do khác",
}
"""Why somebody cannot take a case; a choice, so that nothing personal is written down."""

MESSAGES: Final[Mapping[str, str]] = {
    "acknowledged": "Đã ghi người nhận vụ.",
    "already": "Vụ đã có người nhận trước đó.",
    "declined": "Đã ghi là không thể nhận vụ. Hệ thống đang báo người khác.",
    "escalated": "Đã báo cấp trên.",
    "closed": "Đã kết thúc vụ.",
    "contact": "Đã ghi liên hệ.",
    "silenced": "Đã tắt chuông. Vụ vẫn được báo tiếp.",
    "closed_before": "Vụ đã kết thúc, không làm gì thêm được nữa.",
    "nobody": "Chọn người nhận vụ.",
    "excluded": "Người này không được nhận vụ này; chọn người khác.",
}
DONE: Final = {
    "acknowledge": "acknowledged",
    "decline": "declined",
    "escalate": "escalated",
    "close": "closed",
    "contact": "contact",
    "silence": "silenced",
}


@dataclass(frozen=True)
class Asked:
    """What a form of the alert page asks for."""

    verb: str
    person: str
    note: str
    back: str


def router(parts: Parts, desk: Desk, counts: LetterCounts) -> APIRouter:
    """Return the pages' routes."""
    routes = APIRouter(include_in_schema=False)

    async def queue(request: Request, template: str, letters: Total = NOTHING) -> HTMLResponse:
        pages: Pages = request.app.state.pages
        async with parts.database.reading() as connection:
            found = await queue_view.load_queue(connection, request.state.actor, request.state.view, parts.clock.now())
            rehearsed = await latest_rehearsal(connection)
            written = await horizon(connection, parts.clock.now())
        acts = request.state.view in {View.FULL, View.OWN_TEAM}
        values = {
            "queue": found,
            "may_act": acts,
            "named": _named(request),
            "rehearsed": rehearsed,
            "written": written,
            "letters": letters,
        }
        return pages.render(request, template, values)

    @routes.get("/queue")
    async def queue_page(request: Request) -> HTMLResponse:
        actor: Actor = request.state.actor
        told = actor.id if actor.has(Role.SUPERVISOR, Role.ADMINISTRATOR) else None
        letters = await counts.total(told) if told is not None else NOTHING
        return await queue(request, "queue.html", letters)

    @routes.get("/queue/rows")
    async def queue_rows(request: Request) -> HTMLResponse:
        return await queue(request, "queue_rows.html")

    @routes.get("/queue/live")
    async def queue_live(request: Request) -> Response:
        live: LiveUpdates = request.app.state.live
        return live.response(LIVE_CHANNEL)

    @routes.get("/alerts/{case_code}")
    async def alert_page(request: Request, case_code: str, said: str = "") -> HTMLResponse:
        return await _alert(request, parts, case_code, said)

    @routes.post("/alerts/{case_code}/{verb}")
    async def act(
        request: Request,
        case_code: str,
        verb: str,
        person: Annotated[str, Form()] = "",
        note: Annotated[str, Form(max_length=NOTE_LIMIT)] = "",
        back: Annotated[str, Form()] = "",
    ) -> RedirectResponse:
        said = await _act(request, parts, desk, case_code, Asked(verb, person, note, back))
        target = "/queue" if back == "queue" else f"/alerts/{case_code}?said={said}"
        return RedirectResponse(target, status_code=303)

    return routes


def _named(request: Request) -> bool:
    return request.state.view is not View.NO_DETAILS


async def _alert(request: Request, parts: Parts, case_code: str, said: str) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    actor: Actor = request.state.actor
    row, story, number = await _load(request, parts, case_code)
    me = next((person for person in row.people if person.person_id == actor.id), None)
    alone = actor.roles == frozenset({Role.WORKER})
    values: dict[str, Any] = {
        "row": row,
        "story": story,
        "duty_number": number,
        "me": me,
        "mine": row.alert.acknowledged_by == actor.id,
        "said": MESSAGES.get(said, ""),
        "reasons": REASONS,
        "may_act": request.state.view in {View.FULL, View.OWN_TEAM},
        "named": _named(request),
        "may_read_policies": isinstance(decide("/policies/{version:int}", "GET", actor), Allow),
    }
    return pages.render(request, "alert_worker.html" if alone else "alert.html", values)


async def _load(request: Request, parts: Parts, case_code: str) -> tuple[QueueRow, Any, str]:
    async with parts.database.reading() as connection:
        try:
            row = await queue_view.load_alert(connection, case_code, request.state.actor, request.state.view)
        except NoSuchAlertError:
            raise Problem(404, "Không tìm thấy vụ", "Không có vụ nào mang mã này, hoặc vụ không thuộc bạn.") from None
        story = await queue_view.load_timeline(connection, row.alert.report_id) if _named(request) else []
        return row, story, await store.duty_number(connection)


async def _act(request: Request, parts: Parts, desk: Desk, case_code: str, asked: Asked) -> str:
    """Do what the form asks for, and return the word for what to say about it."""
    do = VERBS.get(asked.verb)
    if do is None:
        raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")
    await _load(request, parts, case_code)
    actor: Actor = request.state.actor
    person_id = _person(asked, actor)
    if person_id is None:
        return "nobody"
    note = REASONS.get(asked.note, asked.note)
    act = Act(case_code, person_id, "page", note, actor.id if person_id != actor.id else None)
    closed = False
    done: object = None
    try:
        async with parts.database.transaction() as connection:
            try:
                done = await do(connection, desk, act)
            except AlertClosedError:
                closed = True
    except NoSuchPersonError:
        return "nobody"
    except PersonExcludedError:
        return "excluded"
    if closed:
        return "closed_before"
    return "already" if isinstance(done, Acknowledged) and not done.first else DONE[asked.verb]


def _person(asked: Asked, actor: Actor) -> UUID | None:
    """Return for whom the form acts: a supervisor may name a colleague, anybody else acts for themselves."""
    if asked.verb in {"acknowledge", "decline"} and actor.has(Role.SUPERVISOR):
        try:
            return UUID(asked.person)
        except ValueError:
            return None
    return actor.id
