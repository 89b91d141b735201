"""Triage's pages on a real database; who asks is named by a header, and the real policy decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx

from services.triage import case_pages
from services.triage.app import RECIPE
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.service import Parts
from shared.settings import Settings
from tests.integration.triage.office import KEYS, OTHER_SUPERVISOR, POLICE, SUPERVISOR, WORKER
from tests.integration.triage.world import World
from tests.support.page_client import page_client

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
    routers = [case_pages.router(cast("Parts", cast("Any", parts)))]
    async with page_client(world.database, world.clock, RECIPE.folder, routers, WHO, NAMES) as client:
        yield Site(client)
