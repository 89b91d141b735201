"""The holidays of a year: the country's and the organisation's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import duty_lists, duty_store
from services.notify.duty_form import SEE_OTHER, Text, day_of, render
from services.notify.handlers.keep_own_days import remove_own_day, set_own_day
from services.notify.handlers.plan_duty import DutyRefusedError
from services.notify.rules.duty_file import YEARS
from shared.clock import VIETNAM
from shared.identity.policy import View
from shared.service import Parts
from shared.web.pages import Pages

KINDS: Final = {"holiday": "Ngày nghỉ", "working": "Ngày làm việc"}


@dataclass(frozen=True)
class DayLine:
    """A day of the table; `own` ones can be removed."""

    day: date
    name: str
    holiday: bool
    own: bool


def router(parts: Parts) -> APIRouter:
    """Return the routes below `/duty/holidays`."""
    routes = APIRouter(include_in_schema=False)
    pages = DayPages(parts)
    routes.get("/duty/holidays", response_model=None)(pages.days)
    routes.post("/duty/holidays", response_model=None)(pages.keep)
    routes.post("/duty/holidays/{day}/remove", response_model=None)(pages.remove)
    return routes


class DayPages:
    """The page of holidays and what its forms do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def days(self, request: Request, year: int = 0, error: str = "") -> HTMLResponse:
        """Show the holidays of a year."""
        this_year = self._parts.clock.now().astimezone(VIETNAM).year
        shown = year if year in YEARS else this_year
        pages: Pages = request.app.state.pages
        async with self._parts.database.reading() as connection:
            lines = await day_lines(connection, shown, pages.locale(request))
        values = {"lines": lines, "year": shown, "kinds": KINDS, "error": error}
        values["may_plan"] = request.state.view is View.FULL
        return render(request, "duty_holidays.html", values, status=409 if error else 200)

    async def keep(
        self, request: Request, day: Text = "", name: Text = "", kind: Annotated[str, Form()] = "holiday"
    ) -> Response:
        """Make a day a holiday, or a working day."""
        try:
            when, called = _asked(day, name, kind)
            async with self._parts.database.transaction() as connection:
                now = self._parts.clock.now()
                await set_own_day(connection, when, holiday=kind == "holiday", name=called, now=now)
        except DutyRefusedError as error:
            return await self.days(request, error=str(error))
        return RedirectResponse(f"/duty/holidays?year={when.year}", SEE_OTHER)

    async def remove(self, day: date) -> Response:
        """Let a day be what the country says."""
        async with self._parts.database.transaction() as connection:
            await remove_own_day(connection, day, now=self._parts.clock.now())
        return RedirectResponse(f"/duty/holidays?year={day.year}", SEE_OTHER)


def _asked(day: str, name: str, kind: str) -> tuple[date, str]:
    if not name.strip() or kind not in KINDS:
        raise DutyRefusedError("Chọn ngày và ghi tên ngày rồi lưu.")
    return day_of(day), name.strip()


async def day_lines(connection: AsyncConnection, year: int, locale: str) -> list[DayLine]:
    """Return the days of a year in order; an own day stands instead of the country's."""
    own = {row["day"]: row for row in await duty_lists.own_days(connection, year)}
    lines = [
        DayLine(day, name, holiday=True, own=False)
        for day, name in duty_store.national_days(year, locale)
        if day not in own
    ]
    lines += [DayLine(day, row["name"], row["holiday"], own=True) for day, row in own.items()]
    return sorted(lines, key=lambda line: line.day)
