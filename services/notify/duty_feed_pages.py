"""Calendar feeds of duty: made, listed, revoked, and given to whoever knows their address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.notify import calendar_feed, duty_lists
from services.notify.duty_form import SEE_OTHER, Text, render
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.identity.policy import View
from shared.service import Parts
from shared.web.problems import Problem


def router(parts: Parts) -> APIRouter:
    """Return the routes of feeds."""
    routes = APIRouter(include_in_schema=False)
    pages = FeedPages(parts)
    routes.get("/duty/feeds", response_model=None)(pages.feeds)
    routes.post("/duty/calendars", response_model=None)(pages.make_feed)
    routes.post("/duty/calendars/{feed_id}/revoke", response_model=None)(pages.revoke_feed)
    routes.get("/duty/ical/{token}.ics", response_model=None)(pages.feed)
    return routes


class FeedPages:
    """Feeds' pages and what their forms do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def feeds(self, request: Request) -> HTMLResponse:
        """List the feeds that a person made; whoever plans sees everybody's."""
        actor: Actor = request.state.actor
        plans = request.state.view is View.FULL
        async with self._parts.database.reading() as connection:
            found = await duty_lists.feeds(connection, None if plans else actor.id, None)
        acts = request.state.view is not View.READ_ONLY
        return render(request, "duty_feeds.html", {"feeds": found, "plans": plans, "acts": acts})

    async def make_feed(self, request: Request, team: Text = "") -> Response:
        """Make a calendar feed, of oneself or of a team, and show its address once."""
        actor: Actor = request.state.actor
        assert actor.id is not None  # noqa: S101 - the policy lets nobody else come here; narrows the type
        whose: dict[str, Any] = {"person_id": None if team else actor.id, "team_code": team or None}
        async with self._parts.database.transaction() as connection:
            if team and await duty_lists.team(connection, team) is None:
                raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")
            now = self._parts.clock.now()
            token = await calendar_feed.make_feed(connection, **whose, by=actor.id, now=now)
        base = (self._parts.settings.public_url or str(request.base_url)).rstrip("/")
        address = f"{base}/duty/ical/{token}.ics"
        return render(
            request, "duty_feed.html", {"address": address, "back": f"/duty/teams/{team}" if team else "/duty/feeds"}
        )

    async def revoke_feed(self, request: Request, feed_id: UUID, back: Text = "") -> Response:
        """End a calendar feed of one's own; whoever plans may end any."""
        actor: Actor = request.state.actor
        by = None if actor.has(Role.SUPERVISOR, Role.ADMINISTRATOR) else actor.id
        async with self._parts.database.transaction() as connection:
            await calendar_feed.revoke_feed(connection, feed_id, by=by, now=self._parts.clock.now())
        return RedirectResponse(f"/duty/teams/{back}" if back else "/duty/feeds", SEE_OTHER)

    async def feed(self, token: str) -> Response:
        """Give a calendar to whoever knows its address."""
        async with self._parts.database.reading() as connection:
            found = await calendar_feed.feed(connection, token, self._parts.clock.now())
        if found is None:
            return Response(status_code=404)
        return Response(found, media_type="text/calendar", headers={"Cache-Control": "no-store"})
