"""The pages of escalation policies on a real database; who asks is named by a header, and the real policy decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
from fastapi import Request

from services.notify import pages as alert_pages
from services.notify import policy_pages, system_pages
from services.notify.app import RECIPE
from services.notify.letter_counts import LetterCounts
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.identity.actor import Actor
from shared.identity.policy import Allow, decide
from shared.service import Parts
from shared.settings import Settings
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem
from tests.integration.notify.world import World

WHO = {
    "supervisor": Actor(UUID(int=51), frozenset({Role.SUPERVISOR})),
    "administrator": Actor(UUID(int=52), frozenset({Role.ADMINISTRATOR})),
    "other administrator": Actor(UUID(int=53), frozenset({Role.ADMINISTRATOR})),
    "auditor": Actor(UUID(int=54), frozenset({Role.AUDITOR})),
    "operator": Actor(UUID(int=55), frozenset({Role.OPERATOR})),
    "worker": Actor(UUID(int=56), frozenset({Role.WORKER}), frozenset({"social-9190"})),
}
Fields = Mapping[str, str | list[str]]


@dataclass
class Site:
    world: World
    client: httpx.AsyncClient

    async def get(self, path: str, who: str = "supervisor", **query: str) -> httpx.Response:
        return await self.client.get(path, params=query or None, headers={"X-Who": who, "Accept": "text/html"})

    async def post(self, path: str, fields: Fields, who: str = "supervisor", **query: str) -> httpx.Response:
        headers = {"X-Who": who, "Accept": "text/html"}
        return await self.client.post(path, data=fields, params=query or None, headers=headers)


@asynccontextmanager
async def open_site(world: World) -> AsyncIterator[Site]:
    keys = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
    made = SimpleNamespace(database=world.database, bus=world.bus, clock=world.clock, settings=Settings(), keys=keys)
    parts = cast("Parts", cast("Any", made))

    async def enforce(request: Request) -> None:
        actor = WHO[request.headers["x-who"]]
        decision = decide(request.scope["route"].path, request.method, actor)
        if not isinstance(decision, Allow):
            raise Problem(403, "Forbidden")
        request.state.actor, request.state.view = actor, decision.view
        request.state.csrf, request.state.display_name = "token", ""

    async def readiness() -> dict[str, bool]:
        return {}

    app = create_app(
        [
            policy_pages.router(parts, world.desk),
            alert_pages.router(parts, world.desk, LetterCounts(parts)),
            system_pages.router(parts, world.desk),
        ],
        enforce=enforce,
        pages=Pages([RECIPE.folder], clock=world.clock, default_locale="vi"),
        live=LiveUpdates(world.database.url, [], world.clock),
        readiness=readiness,
        static={},
        version="0",
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://notify.test") as client:
        yield Site(world, client)
