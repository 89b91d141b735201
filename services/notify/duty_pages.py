"""The planning of a team's duty; the other pages of duty are added to its routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import (
    duty_board_pages,
    duty_day_pages,
    duty_directory,
    duty_feed_pages,
    duty_import_pages,
    duty_lists,
    duty_oncall_pages,
    duty_swap_pages,
    duty_view,
)
from services.notify.duty_form import (
    SEE_OTHER,
    Text,
    day_of,
    moment_of,
    one_of,
    person_id,
    render,
    target_of,
    time_of,
    zone_of,
)
from services.notify.handlers.plan_duty import (
    DutyRefusedError,
    FromElsewhereError,
    NoSuchTeamError,
    add_entry,
    add_rotation,
    cancel_entry,
    end_rotation,
)
from services.notify.rules.schedule import Entry, Rotation, Source
from shared.identity.policy import View
from shared.service import Parts
from shared.web.problems import Problem

SOURCES: Final = {"override": "Trực thay cả ca", "replacement": "Thay một người", "shift": "Ca cố định"}
TYPED: Final = ("source", "position", "person", "other", "replaces", "starts", "ends")
WEEKDAYS: Final = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")

Many = Annotated[list[str] | None, Form()]
Work = Callable[[AsyncConnection, datetime], Awaitable[None]]


def router(parts: Parts) -> APIRouter:
    """Return the routes below `/duty`."""
    routes = APIRouter(include_in_schema=False)
    pages = DutyPages(parts)
    routes.get("/duty/teams/{code}", response_model=None)(pages.team)
    routes.post("/duty/teams/{code}/entries", response_model=None)(pages.enter)
    routes.post("/duty/teams/{code}/rotations", response_model=None)(pages.rotate)
    routes.post("/duty/teams/{code}/entries/{entry_id}/cancel", response_model=None)(pages.cancel)
    routes.post("/duty/teams/{code}/rotations/{rotation_id}/end", response_model=None)(pages.end)
    for more in (
        duty_board_pages,
        duty_swap_pages,
        duty_feed_pages,
        duty_import_pages,
        duty_day_pages,
        duty_oncall_pages,
    ):
        routes.include_router(more.router(parts))
    return routes


class DutyPages:
    """Duty's pages and what their forms do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def team(self, request: Request, code: str, saved: str = "") -> HTMLResponse:
        """Show what is planned for a team, with the forms that change it."""
        return await self._team(request, code, {"saved": bool(saved)})

    async def _team(self, request: Request, code: str, said: dict[str, Any], *, status: int = 200) -> HTMLResponse:
        now = self._parts.clock.now()
        async with self._parts.database.reading() as connection:
            team = await duty_lists.team(connection, code)
            if team is None:
                raise _no_team()
            values: dict[str, Any] = {
                "team": team,
                "people": await duty_view.colleagues_of(connection, code),
                "entries": await duty_lists.entries(connection, code, now),
                "rotations": await duty_lists.rotations(connection, code),
                "feeds": await duty_lists.feeds(connection, request.state.actor.id, code),
                "unreached": await duty_lists.unreached(connection, code, now),
            }
        known = {"positions": duty_view.POSITION_WORDS, "sources": SOURCES, "weekdays": WEEKDAYS}
        blank: dict[str, Any] = {"error": "", "saved": False, "confirm": False}
        typed = {**dict.fromkeys(TYPED, ""), **said.get("typed", {})}
        plans = {"may_plan": request.state.view is View.FULL}
        return render(
            request, "duty_team.html", {**values, **known, **plans, **blank, **said, "typed": typed}, status=status
        )

    async def enter(
        self,
        request: Request,
        code: str,
        source: Text = "override",
        position: Text = "worker",
        person: Text = "",
        other: Text = "",
        replaces: Text = "",
        starts: Text = "",
        ends: Text = "",
        confirmed: Text = "",
    ) -> Response:
        """Plan a shift, an override or a replacement; `other` names somebody who is of another team."""

        async def work(connection: AsyncConnection, now: datetime) -> None:
            kind = one_of(source, SOURCES)
            entry = Entry(
                Source(kind),
                await _named(connection, other, code) if other.strip() else person_id(person),
                moment_of(starts),
                moment_of(ends),
                person_id(replaces) if kind == Source.REPLACEMENT else None,
            )
            by = request.state.actor.id
            await add_entry(connection, target_of(code, position), entry, by=by, now=now, elsewhere=bool(confirmed))

        typed = dict(zip(TYPED, (source, position, person, other, replaces, starts, ends), strict=True))
        return await self._change(request, code, work, typed)

    async def rotate(
        self,
        request: Request,
        code: str,
        position: Text = "worker",
        members: Many = None,
        holiday_members: Many = None,
        weekdays: Many = None,
        layer: Annotated[int, Form(ge=1, le=9)] = 1,
        period: Annotated[int, Form(ge=1, le=366)] = 7,
        handover: Text = "08:00",
        starts_on: Text = "",
        until: Text = "",
        zone: Text = "Asia/Ho_Chi_Minh",
        opens: Text = "",
        closes: Text = "",
    ) -> Response:
        """Plan a rotation; people take turns in the order in which they are numbered."""

        async def work(connection: AsyncConnection, now: datetime) -> None:
            rotation = Rotation(
                layer,
                tuple(person_id(one) for one in members or () if one),
                time_of(handover),
                zone_of(zone),
                period,
                day_of(starts_on),
                day_of(until) if until else None,
                frozenset(int(day) for day in weekdays or () if day in {"0", "1", "2", "3", "4", "5", "6"}),
                (time_of(opens), time_of(closes)) if opens and closes else None,
                tuple(person_id(one) for one in holiday_members or () if one),
            )
            by = request.state.actor.id
            await add_rotation(connection, target_of(code, position), rotation, by=by, now=now)

        return await self._change(request, code, work)

    async def cancel(self, request: Request, code: str, entry_id: UUID) -> Response:
        """Take back an entry."""

        async def work(connection: AsyncConnection, now: datetime) -> None:
            await cancel_entry(connection, entry_id, by=request.state.actor.id, now=now)

        return await self._change(request, code, work)

    async def end(self, request: Request, code: str, rotation_id: UUID) -> Response:
        """End a rotation."""

        async def work(connection: AsyncConnection, now: datetime) -> None:
            await end_rotation(connection, rotation_id, now=now)

        return await self._change(request, code, work)

    async def _change(self, request: Request, code: str, work: Work, typed: dict[str, str] | None = None) -> Response:
        try:
            async with self._parts.database.transaction() as connection:
                await work(connection, self._parts.clock.now())
        except NoSuchTeamError:
            raise _no_team() from None
        except DutyRefusedError as error:
            said = {"error": str(error), "confirm": isinstance(error, FromElsewhereError), "typed": typed or {}}
            return await self._team(request, code, said, status=409)
        return RedirectResponse(f"/duty/teams/{code}?saved=1", SEE_OTHER)


def _no_team() -> Problem:
    return Problem(404, "Không tìm thấy nhóm", "Không có nhóm mang mã này. Mở Lịch trực rồi chọn nhóm.")


async def _named(connection: AsyncConnection, text: str, code: str) -> UUID:
    """Return whom a name, id or phone means."""
    directory = await duty_directory.load_directory(connection)
    match directory.find(text, code):
        case [one]:
            return one.id
        case []:
            raise DutyRefusedError("Không tìm thấy người này. Ghi đúng họ tên, mã hoặc số điện thoại.")
        case _:
            raise DutyRefusedError("Tên này có nhiều người. Ghi số điện thoại hoặc mã của một người.")
