"""The pages of escalation policies on a real database; who asks is named by a header, and the real policy decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx

from services.notify import pages as alert_pages
from services.notify import policy_pages, system_pages
from services.notify.app import RECIPE
from services.notify.letter_counts import LetterCounts
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.identity.actor import Actor
from shared.service import Parts
from shared.settings import Settings
from tests.integration.notify.world import World
from tests.support.page_client import page_client

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
    routers = [
        policy_pages.router(parts, world.desk),
        alert_pages.router(parts, world.desk, LetterCounts(parts)),
        system_pages.router(parts, world.desk),
    ]
    async with page_client(world.database, world.clock, RECIPE.folder, routers, WHO) as client:
        yield Site(world, client)
