"""Duty's pages over a world, with the real policy; `X-Who` says who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
from fastapi import Request

from services.notify import duty_pages
from services.notify.app import RECIPE
from shared.contracts.vocabulary import Role
from shared.identity.actor import NOBODY, Actor
from shared.identity.policy import Allow, decide
from shared.service import Parts
from shared.settings import Settings
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem
from tests.integration.notify.world import ID, World

ACTORS = {
    "supervisor": Actor(UUID(int=50), frozenset({Role.SUPERVISOR})),
    "administrator": Actor(UUID(int=52), frozenset({Role.ADMINISTRATOR})),
    "worker": Actor(ID["worker"], frozenset({Role.WORKER})),
    "second": Actor(UUID(int=77), frozenset({Role.WORKER})),
    "operator": Actor(UUID(int=51), frozenset({Role.OPERATOR})),
    "nobody": NOBODY,
}


class DutySite:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str, whom: str = "supervisor") -> httpx.Response:
        return await self._client.get(path, headers={"X-Who": whom, "Accept": "text/html"})

    async def post(self, path: str, fields: Mapping[str, Any], whom: str = "supervisor") -> httpx.Response:
        return await self._client.post(path, data=fields, headers={"X-Who": whom, "Accept": "text/html"})

    async def upload(self, path: str, content: str, whom: str = "supervisor") -> httpx.Response:
        file = {"file": ("duty.csv", content.encode())}
        return await self._client.post(path, files=file, headers={"X-Who": whom, "Accept": "text/html"})


@asynccontextmanager
async def duty_site(world: World) -> AsyncIterator[DutySite]:
    parts = SimpleNamespace(database=world.database, bus=world.bus, clock=world.clock, settings=Settings())

    async def enforce(request: Request) -> None:
        actor = ACTORS[request.headers["x-who"]]
        decision = decide(request.scope["route"].path, request.method, actor)
        if not isinstance(decision, Allow):
            raise Problem(403, "Forbidden")
        request.state.actor, request.state.view, request.state.csrf = actor, decision.view, "token"

    async def readiness() -> dict[str, bool]:
        return {}

    app = create_app(
        [duty_pages.router(cast("Parts", cast("Any", parts)))],
        enforce=enforce,
        pages=Pages([RECIPE.folder], clock=world.clock, default_locale="vi"),
        live=LiveUpdates(world.database.url, [], world.clock),
        readiness=readiness,
        static={},
        version="0",
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://notify.test") as client:
        yield DutySite(client)
