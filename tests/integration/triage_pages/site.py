"""Triage's pages on a real database; who asks is named by a header, and the real policy decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx
from fastapi import Request

from services.triage import case_pages
from services.triage.app import RECIPE
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.identity.policy import Allow, decide
from shared.service import Parts
from shared.settings import Settings
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem
from tests.integration.triage.office import KEYS, OTHER_SUPERVISOR, POLICE, SUPERVISOR, WORKER
from tests.integration.triage.world import World

NAMES = {person.id: person.name for person in (SUPERVISOR, OTHER_SUPERVISOR, WORKER, POLICE)}
WHO = {
    "supervisor": Actor(SUPERVISOR.id, frozenset({Role.SUPERVISOR})),
    "other supervisor": Actor(OTHER_SUPERVISOR.id, frozenset({Role.SUPERVISOR})),
    "worker": Actor(WORKER.id, frozenset({Role.WORKER}), WORKER.teams),
    "police": Actor(POLICE.id, frozenset({Role.WORKER}), POLICE.teams),
    "stranger": Actor(UUID(int=60), frozenset({Role.WORKER}), frozenset({"social-9193"})),
    "operator": Actor(UUID(int=61), frozenset({Role.OPERATOR})),
    "administrator": Actor(UUID(int=62), frozenset({Role.ADMINISTRATOR})),
    "auditor": Actor(UUID(int=63), frozenset({Role.AUDITOR})),
}


@dataclass
class Site:
    client: httpx.AsyncClient

    async def get(self, path: str, who: str = "supervisor", **query: str) -> httpx.Response:
        return await self.client.get(path, params=query, headers={"X-Who": who, "Accept": "text/html"})

    async def post(self, path: str, fields: Mapping[str, str], who: str = "supervisor") -> httpx.Response:
        return await self.client.post(path, data=fields, headers={"X-Who": who, "Accept": "text/html"})


@asynccontextmanager
async def open_site(world: World) -> AsyncIterator[Site]:
    parts = SimpleNamespace(database=world.database, bus=world.bus, clock=world.clock, keys=KEYS, settings=Settings())

    async def enforce(request: Request) -> None:
        actor = WHO[request.headers["x-who"]]
        decision = decide(request.scope["route"].path, request.method, actor)
        if not isinstance(decision, Allow):
            raise Problem(403, "Forbidden")
        request.state.actor, request.state.view = actor, decision.view
        request.state.csrf, request.state.display_name = "token", NAMES.get(cast("UUID", actor.id), "")

    async def readiness() -> dict[str, bool]:
        return {}

    app = create_app(
        [case_pages.router(cast("Parts", cast("Any", parts)))],
        enforce=enforce,
        pages=Pages([RECIPE.folder], clock=world.clock, default_locale="vi"),
        live=LiveUpdates(world.database.url, [], world.clock),
        readiness=readiness,
        static={},
        version="0",
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://triage.test") as client:
        yield Site(client)
