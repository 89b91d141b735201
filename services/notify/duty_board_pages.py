"""The duty board, which follows changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.notify import duty_lists, duty_view
from services.notify.duty_form import midnight, render
from services.notify.duty_holes import load_holes
from services.notify.handlers.fill_rosters import SHORT, horizon
from shared.clock import VIETNAM
from shared.identity.policy import View
from shared.service import Parts
from shared.web.live import LiveUpdates

LIVE_CHANNEL: Final = "heedline_notify"


def router(parts: Parts) -> APIRouter:
    """Return the routes of the board."""
    routes = APIRouter(include_in_schema=False)
    pages = BoardPages(parts)
    routes.get("/duty", response_model=None)(pages.board)
    routes.get("/duty/rows", response_model=None)(pages.rows)
    routes.get("/duty/live", response_model=None)(pages.live)
    return routes


class BoardPages:
    """The board and the part of it that changes."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def board(
        self, request: Request, since: str = "", unit: str = "", team: str = "", page: int = 1
    ) -> HTMLResponse:
        """Show a week of duty, and the holes of the next 14 days."""
        return await self._board(request, "duty.html", since, duty_view.Wanted(_unit(unit), team[:100], page))

    async def rows(
        self, request: Request, since: str = "", unit: str = "", team: str = "", page: int = 1
    ) -> HTMLResponse:
        """Give the part of the board that changes."""
        return await self._board(request, "duty_rows.html", since, duty_view.Wanted(_unit(unit), team[:100], page))

    async def live(self, request: Request) -> Response:
        """Tell the board that something changed."""
        live: LiveUpdates = request.app.state.live
        return live.response(LIVE_CHANNEL)

    async def _board(self, request: Request, template: str, since: str, wanted: duty_view.Wanted) -> HTMLResponse:
        now = self._parts.clock.now()
        begin = midnight(since, now)
        async with self._parts.database.reading() as connection:
            holes = await load_holes(connection, now)
            first = [line.target.team_code for line in holes]
            board = await duty_view.load_board(connection, begin, now, wanted, first)
            units = await duty_lists.units(connection)
            written = await horizon(connection, now)
        asked = {"unit": wanted.unit or "", "team": wanted.team}
        week = {**asked, "since": begin.astimezone(VIETNAM).date()}
        values = {
            "board": board,
            "holes": holes,
            "units": units,
            "wanted": wanted,
            "written": written,
            "short_days": SHORT.days,
            "days": [begin + timedelta(days=number) for number in range(7)],
            "since": since,
            "query": urlencode({**week, "page": board.page}),
            "to_week": lambda weeks: urlencode(
                {**asked, "since": (begin + weeks * duty_view.WEEK).astimezone(VIETNAM).date()}
            ),
            "to_page": lambda number: urlencode({**week, "page": number}),
            "today": urlencode(asked),
            "now_at": 100 * ((now - begin) / duty_view.WEEK),
            "positions": duty_view.POSITION_WORDS,
            "may_plan": request.state.view is View.FULL,
        }
        return render(request, template, values)


def _unit(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None  # noqa: PLR2004 - fits the column
