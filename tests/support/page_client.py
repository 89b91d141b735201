"""A service's pages over a real database, with the real policy; the header `X-Who` says who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import httpx
from fastapi import APIRouter, Request

from shared.clock import Clock
from shared.database import Database
from shared.identity.actor import Actor
from shared.identity.policy import Allow, decide
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem


@asynccontextmanager
async def page_client(
    database: Database,
    clock: Clock,
    folder: Path,
    routers: Sequence[APIRouter],
    actors: Mapping[str, Actor],
    names: Mapping[UUID, str] | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """Serve `routers` with the templates under `folder`; `names` are those that the frame shows, by person."""

    async def enforce(request: Request) -> None:
        actor = actors[request.headers.get("x-who", "nobody")]
        decision = decide(request.scope["route"].path, request.method, actor)
        if not isinstance(decision, Allow):
            raise Problem(403, "Forbidden")
        request.state.actor, request.state.view = actor, decision.view
        shown = (names or {}).get(actor.id, "") if actor.id is not None else ""
        request.state.csrf, request.state.display_name = "token", shown

    async def readiness() -> dict[str, bool]:
        return {}

    app = create_app(
        routers,
        enforce=enforce,
        pages=Pages([folder], clock=clock, default_locale="vi"),
        live=LiveUpdates(database.url, [], clock),
        readiness=readiness,
        static={},
        version="0",
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://pages.test") as client:
        yield client
