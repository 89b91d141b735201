"""Swaps of one's turns of duty."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.notify import duty_lists, duty_view
from services.notify.duty_form import SEE_OTHER, Text, person_id, render
from services.notify.handlers.plan_duty import DutyRefusedError
from services.notify.handlers.swap_duty import SwapWaitsError, decide_swap, offer_swap
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.identity.policy import View
from shared.service import Parts

SWAP_WORDS: Final = {
    "pending": "Chờ trả lời",
    "accepted": "Đã nhận đổi",
    "refused": "Đã từ chối",
    "withdrawn": "Đã rút lại",
}


def router(parts: Parts) -> APIRouter:
    """Return the routes below `/duty/swaps`."""
    routes = APIRouter(include_in_schema=False)
    pages = SwapPages(parts)
    routes.get("/duty/swaps", response_model=None)(pages.swaps)
    routes.post("/duty/swaps", response_model=None)(pages.offer)
    routes.post("/duty/swaps/{swap_id}", response_model=None)(pages.answer)
    return routes


class SwapPages:
    """The page of swaps and what its forms do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def swaps(self, request: Request, error: str = "", waiting: UUID | None = None) -> HTMLResponse:
        """Show one's turns and swaps; whoever plans sees all swaps."""
        actor: Actor = request.state.actor
        plans = request.state.view is View.FULL
        async with self._parts.database.reading() as connection:
            values = {
                "turns": await duty_lists.turns_of(connection, actor.id, self._parts.clock.now()),
                "swaps": await duty_lists.swaps(connection, None if plans else actor.id),
                "colleagues": await duty_lists.colleagues(connection, actor.id),
            }
        known = {"states": SWAP_WORDS, "positions": duty_view.POSITION_WORDS, "plans": plans, "waiting": waiting}
        context = {**values, **known, "error": error, "acts": request.state.view is not View.READ_ONLY}
        return render(request, "duty_swaps.html", context, status=409 if error else 200)

    async def offer(self, request: Request, turn: Annotated[int, Form()], person: Text = "") -> Response:
        """Offer a turn of one's own."""
        try:
            async with self._parts.database.transaction() as connection:
                by, now = request.state.actor.id, self._parts.clock.now()
                await offer_swap(connection, turn, person_id(person), by=by, now=now)
        except SwapWaitsError as error:
            return await self.swaps(request, str(error), error.swap_id)
        except DutyRefusedError as error:
            return await self.swaps(request, str(error))
        return RedirectResponse("/duty/swaps", SEE_OTHER)

    async def answer(self, request: Request, swap_id: UUID, answer: Text = "") -> Response:
        """Accept, refuse or withdraw a swap."""
        actor: Actor = request.state.actor
        decides = actor.has(Role.SUPERVISOR, Role.ADMINISTRATOR)
        try:
            async with self._parts.database.transaction() as connection:
                now = self._parts.clock.now()
                await decide_swap(connection, swap_id, answer, by=actor.id, may_decide=decides, now=now)
        except DutyRefusedError as error:
            return await self.swaps(request, str(error))
        return RedirectResponse("/duty/swaps", SEE_OTHER)
