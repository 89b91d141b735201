"""What a service could not handle: the page of its dead letters, and their number for a sibling service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.vocabulary import Role, ServiceName
from shared.events import letters
from shared.events.rows import FORWARD_QUEUE, event_queue, task_queue
from shared.observability import logger
from shared.service import Parts
from shared.web.letter_words import reason_words
from shared.web.pages import Pages
from shared.web.problems import Problem

MOST: Final = 100
MOST_ACTS: Final = 30
REASON_LIMIT: Final = 500
QUEUE_LIMIT: Final = 100

SAID: Final[Mapping[str, str]] = {
    "replayed": "Đã đưa lại vào hàng để xử lý.",
    "discarded": "Đã bỏ. Dòng này vẫn được giữ cùng lý do.",
}
ACTS: Final[Mapping[str, str]] = {"replayed": "đưa lại", "discarded": "bỏ"}

Count = Callable[[AsyncConnection], Awaitable[int]]
Names = Callable[[AsyncConnection], Awaitable[Mapping[UUID, str]]]

log = logger(__name__)


async def none_waiting(_connection: AsyncConnection) -> int:
    """Count nothing: the service keeps no unreadable reports."""
    return 0


async def no_names(_connection: AsyncConnection) -> Mapping[UUID, str]:
    """Name nobody: the service does not know what people are called."""
    return {}


def router(parts: Parts, service: ServiceName, submitted: Count = none_waiting, names: Names = no_names) -> APIRouter:
    """Return the routes of a service.

    `submitted` counts the partners' reports that it could not read; `names` are of people who have an account.
    """
    routes = APIRouter(include_in_schema=False)
    page = f"/system/{service.value}/letters"
    own = letters.of_service(service)

    @routes.get(page)
    async def show(request: Request, said: str = "") -> HTMLResponse:
        return await _page(request, parts, service, said, names)

    @routes.post(page + "/replay")
    async def replay_all(request: Request, queue: Annotated[str, Form(max_length=QUEUE_LIMIT)]) -> RedirectResponse:
        async with parts.database.transaction() as connection:
            which = and_(letters.waits_in(queue), own)
            count = await letters.put_back_all(connection, which, by=request.state.actor.id)
        log.info("letters_replayed", queue=queue, count=count)
        return RedirectResponse(f"{page}?said=replayed" if count else page, status_code=303)

    @routes.post(page + "/{letter_id}/replay")
    async def replay(request: Request, letter_id: int) -> RedirectResponse:
        async with parts.database.transaction() as connection:
            which = and_(letters.waits_with_id([letter_id]), own)
            if not await letters.put_back_all(connection, which, by=request.state.actor.id):
                raise _gone()
        return RedirectResponse(f"{page}?said=replayed", status_code=303)

    @routes.post(page + "/{letter_id}/discard")
    async def discard(
        request: Request,
        letter_id: int,
        reason: Annotated[str, Form(max_length=REASON_LIMIT)] = "",
        sure: Annotated[str, Form(max_length=3)] = "",
    ) -> RedirectResponse:
        _check_discard(reason, sure)
        by: UUID = request.state.actor.id
        async with parts.database.transaction() as connection:
            if not await letters.discard(connection, letter_id, by=by, reason=reason.strip(), which=own):
                raise _gone()
        log.info("letter_discarded", letter_id=letter_id, by=str(by))
        return RedirectResponse(f"{page}?said=discarded", status_code=303)

    @routes.get(f"/internal/letters/{service.value}")
    async def count() -> dict[str, int]:
        async with parts.database.reading() as connection:
            return {
                "event": await letters.count_waiting(connection, own),
                "submitted": await submitted(connection),
            }

    return routes


def _check_discard(reason: str, sure: str) -> None:
    if len(reason.strip()) < letters.SHORTEST_REASON:
        raise Problem(409, "Chưa bỏ", "Viết lý do bỏ, ít nhất 10 chữ.")
    if sure != "yes":
        raise Problem(409, "Chưa bỏ", "Đánh dấu ô xác nhận rồi bấm Bỏ.")


def _gone() -> Problem:
    return Problem(
        409, "Chưa làm được", "Dòng này không còn chờ, hoặc là thông tin được báo nên không bỏ được. Mở lại danh sách."
    )


async def _page(request: Request, parts: Parts, service: ServiceName, said: str, names: Names) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    locale = pages.locale(request)
    own = letters.of_service(service)
    queues = (event_queue(service), task_queue(service), FORWARD_QUEUE)
    async with parts.database.reading() as connection:
        found = await letters.dead_letters(connection, limit=MOST, which=own)
        count = await letters.count_waiting(connection, own)
        history = await letters.acts(connection, MOST_ACTS, queues)
        named = await names(connection)
    context = {
        "service": service.value,
        "rows": [(one, reason_words(one.reason, locale)) for one in found],
        "count": count,
        "queues": sorted({one.queue for one in found}),
        "history": history,
        "names": named,
        "act_words": ACTS,
        "said": SAID.get(said, ""),
        "may_act": request.state.actor.has(Role.ADMINISTRATOR),
        "shortest": letters.SHORTEST_REASON,
    }
    return pages.render(request, "event_letters.html", context)
