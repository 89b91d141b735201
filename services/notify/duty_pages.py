"""The duty board, the planning of a team, swaps, and calendar feeds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import calendar_feed, duty_lists, duty_view
from services.notify.handlers.plan_duty import DutyRefusedError, add_entry, add_rotation, cancel_entry, end_rotation
from services.notify.handlers.swap_duty import SwapWaitsError, decide_swap, offer_swap
from services.notify.rules.escalation import Position, Target
from services.notify.rules.schedule import Entry, Rotation, Source
from shared.clock import VIETNAM
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.identity.policy import View
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem

SEE_OTHER: Final = 303
SOURCES: Final = {"override": "Trực thay cả ca", "replacement": "Thay một người", "shift": "Ca cố định"}
SWAP_WORDS: Final = {
    "pending": "Chờ trả lời",
    "accepted": "Đã nhận đổi",
    "refused": "Đã từ chối",
    "withdrawn": "Đã rút lại",
}
WEEKDAYS: Final = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
WRONG_DATE: Final = "Ngày hoặc giờ chưa đúng. Chọn lại rồi lưu."

Text = Annotated[str, Form(max_length=100)]
Many = Annotated[list[str] | None, Form()]


def router(parts: Parts) -> APIRouter:
    """Return the routes below `/duty`."""
    routes = APIRouter(include_in_schema=False)
    pages = DutyPages(parts)
    routes.get("/duty", response_model=None)(pages.board)
    routes.get("/duty/teams/{code}", response_model=None)(pages.team)
    routes.post("/duty/teams/{code}/entries", response_model=None)(pages.enter)
    routes.post("/duty/teams/{code}/rotations", response_model=None)(pages.rotate)
    routes.post("/duty/teams/{code}/entries/{entry_id}/cancel", response_model=None)(pages.cancel)
    routes.post("/duty/teams/{code}/rotations/{rotation_id}/end", response_model=None)(pages.end)
    routes.get("/duty/swaps", response_model=None)(pages.swaps)
    routes.post("/duty/swaps", response_model=None)(pages.offer)
    routes.post("/duty/swaps/{swap_id}", response_model=None)(pages.answer)
    routes.post("/duty/calendars", response_model=None)(pages.make_feed)
    routes.post("/duty/calendars/{feed_id}/revoke", response_model=None)(pages.revoke_feed)
    routes.get("/duty/ical/{token}.ics", response_model=None)(pages.feed)
    return routes


class DutyPages:
    """Duty's pages and what their forms do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def board(self, request: Request, since: str = "", unit: int | None = None, team: str = "") -> HTMLResponse:
        """Show a week of duty, and the holes of the next 14 days."""
        now = self._parts.clock.now()
        begin = _midnight(since, now)
        async with self._parts.database.reading() as connection:
            holes = await duty_view.load_holes(connection, now)
            first = [line.target.team_code for line in holes]
            rows = await duty_view.load_board(connection, begin, now, unit, team, first)
            units = await duty_lists.units(connection)
        values = {
            "rows": rows,
            "holes": holes,
            "units": units,
            "unit": unit,
            "begin": begin,
            "days": [begin + timedelta(days=number) for number in range(7)],
            "before": (begin - duty_view.WEEK).astimezone(VIETNAM).date(),
            "after": (begin + duty_view.WEEK).astimezone(VIETNAM).date(),
            "now_at": 100 * ((now - begin) / duty_view.WEEK),
            "positions": duty_view.POSITION_WORDS,
            "may_plan": request.state.view is View.FULL,
        }
        return _render(request, "duty.html", values)

    async def team(self, request: Request, code: str, error: str = "") -> HTMLResponse:
        """Show what is planned for a team, with the forms that change it."""
        now = self._parts.clock.now()
        async with self._parts.database.reading() as connection:
            team = await duty_lists.team(connection, code)
            if team is None:
                raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")
            values: dict[str, Any] = {
                "team": team,
                "people": await duty_view.colleagues_of(connection, code),
                "entries": await duty_lists.entries(connection, code, now),
                "rotations": await duty_lists.rotations(connection, code),
                "feeds": await duty_lists.feeds(connection, request.state.actor.id, code),
            }
        known = {"positions": duty_view.POSITION_WORDS, "sources": SOURCES, "weekdays": WEEKDAYS, "error": error}
        values |= {"may_plan": request.state.view is View.FULL, "made": request.query_params.get("made", "")}
        return _render(request, "duty_team.html", {**values, **known}, status=409 if error else 200)

    async def enter(
        self,
        request: Request,
        code: str,
        source: Text = "override",
        position: Text = "worker",
        person: Text = "",
        replaces: Text = "",
        starts: Text = "",
        ends: Text = "",
    ) -> Response:
        """Plan a shift, an override or a replacement."""

        async def work(connection: AsyncConnection, now: datetime) -> None:
            kind = _one_of(source, SOURCES)
            entry = Entry(
                Source(kind),
                _id(person),
                _local(starts),
                _local(ends),
                _id(replaces) if kind == Source.REPLACEMENT else None,
            )
            await add_entry(connection, _target(code, position), entry, by=request.state.actor.id, now=now)

        return await self._change(request, code, work)

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
                tuple(_id(one) for one in members or () if one),
                _clock(handover),
                _zone(zone),
                period,
                _day(starts_on),
                _day(until) if until else None,
                frozenset(int(day) for day in weekdays or () if day in {"0", "1", "2", "3", "4", "5", "6"}),
                (_clock(opens), _clock(closes)) if opens and closes else None,
                tuple(_id(one) for one in holiday_members or () if one),
            )
            await add_rotation(connection, _target(code, position), rotation, by=request.state.actor.id, now=now)

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

    async def _change(
        self, request: Request, code: str, work: Callable[[AsyncConnection, datetime], Awaitable[None]]
    ) -> Response:
        try:
            async with self._parts.database.transaction() as connection:
                await work(connection, self._parts.clock.now())
        except DutyRefusedError as error:
            return await self.team(request, code, str(error))
        return RedirectResponse(f"/duty/teams/{code}", SEE_OTHER)

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
        return _render(request, "duty_swaps.html", context, status=409 if error else 200)

    async def offer(self, request: Request, turn: Annotated[int, Form()], person: Text = "") -> Response:
        """Offer a turn of one's own."""
        try:
            async with self._parts.database.transaction() as connection:
                by, now = request.state.actor.id, self._parts.clock.now()
                await offer_swap(connection, turn, _id(person), by=by, now=now)
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

    async def make_feed(self, request: Request, team: Text = "") -> Response:
        """Make a calendar feed, of oneself or of a team, and show its address once."""
        actor: Actor = request.state.actor
        assert actor.id is not None  # noqa: S101 - the policy lets nobody else come here; narrows the type
        whose = {"person_id": None, "team_code": team} if team else {"person_id": actor.id, "team_code": None}
        async with self._parts.database.transaction() as connection:
            if team and await duty_lists.team(connection, team) is None:
                raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")
            now = self._parts.clock.now()
            token = await calendar_feed.make_feed(connection, **whose, by=actor.id, now=now)
        base = (self._parts.settings.public_url or str(request.base_url)).rstrip("/")
        address = f"{base}/duty/ical/{token}.ics"
        return _render(
            request, "duty_feed.html", {"address": address, "back": f"/duty/teams/{team}" if team else "/duty/swaps"}
        )

    async def revoke_feed(self, request: Request, feed_id: UUID, back: Text = "") -> Response:
        """End a calendar feed of one's own; whoever plans may end any."""
        actor: Actor = request.state.actor
        by = None if actor.has(Role.SUPERVISOR, Role.ADMINISTRATOR) else actor.id
        async with self._parts.database.transaction() as connection:
            await calendar_feed.revoke_feed(connection, feed_id, by=by, now=self._parts.clock.now())
        return RedirectResponse(f"/duty/teams/{back}" if back else "/duty/swaps", SEE_OTHER)

    async def feed(self, token: str) -> Response:
        """Give a calendar to whoever knows its address."""
        async with self._parts.database.reading() as connection:
            found = await calendar_feed.feed(connection, token, self._parts.clock.now())
        if found is None:
            return Response(status_code=404)
        return Response(found, media_type="text/calendar", headers={"Cache-Control": "no-store"})


def _render(request: Request, template: str, values: dict[str, Any], *, status: int = 200) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    return pages.render(request, template, values, status=status)


def _midnight(text: str, now: datetime) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = now.astimezone(VIETNAM).date()
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def _local(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=VIETNAM).astimezone(UTC)
    except ValueError:
        raise DutyRefusedError(WRONG_DATE) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DutyRefusedError(WRONG_DATE) from None


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise DutyRefusedError(WRONG_DATE) from None


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise DutyRefusedError("Không có múi giờ này. Ví dụ: Asia/Ho_Chi_Minh.") from None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise DutyRefusedError("Chọn người trực rồi lưu.") from None


def _one_of(text: str, known: dict[str, str]) -> str:
    if text not in known:
        raise DutyRefusedError("Chọn lại loại ca rồi lưu.")
    return text


def _target(code: str, position: str) -> Target:
    return Target(code, Position(_one_of(position, duty_view.POSITION_WORDS)))
