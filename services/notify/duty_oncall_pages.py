"""Who would be paged, now or at a moment to come, for a commune: every level's chain."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.notify import duty_lists, views
from services.notify.duty_form import moment_of, render
from services.notify.duty_view import POSITION_WORDS
from services.notify.handlers.plan_duty import DutyRefusedError
from shared.contracts.vocabulary import Level
from shared.service import Parts


def router(parts: Parts) -> APIRouter:
    """Return the route `/duty/oncall`."""
    routes = APIRouter(include_in_schema=False)
    pages = OncallPages(parts)
    routes.get("/duty/oncall", response_model=None)(pages.oncall)
    return routes


class OncallPages:
    """The page that answers who is on duty at a moment."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def oncall(self, request: Request, unit: str = "", at: str = "") -> HTMLResponse:
        """Show whom each step of each level would page; without a commune, the province's chain."""
        now = self._parts.clock.now()
        moment, error = _moment(at, now)
        async with self._parts.database.reading() as connection:
            units = await duty_lists.units(connection)
            code = int(unit) if unit.isascii() and unit.isdigit() and int(unit) in dict(units) else None
            chains = [
                (level, (await views.oncall_chain(connection, code, level, moment))["steps"])
                for level in sorted(Level, reverse=True)
            ]
        values = {"units": units, "unit": code, "at": moment, "chains": chains, "error": error}
        return render(request, "duty_oncall.html", {**values, "positions": POSITION_WORDS})


def _moment(text: str, now: datetime) -> tuple[datetime, str]:
    if not text:
        return now, ""
    try:
        return moment_of(text), ""
    except DutyRefusedError as error:
        return now, str(error)
