"""Duty's pages over a world, with the real policy; `X-Who` says who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx

from services.notify import duty_pages
from services.notify.app import RECIPE
from shared.contracts.vocabulary import Role
from shared.identity.actor import NOBODY, Actor
from shared.service import Parts
from shared.settings import Settings
from tests.integration.notify.world import ID, World
from tests.support.page_client import page_client

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
    routers = [duty_pages.router(cast("Parts", cast("Any", parts)))]
    async with page_client(world.database, world.clock, RECIPE.folder, routers, ACTORS) as client:
        yield DutySite(client)
