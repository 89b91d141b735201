"""The pages of people and teams over HTTP, each request as somebody of a role."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx

from services.notify import invite_pages, new_person_pages, people_pages, proposal_pages, signin_pages, teams_pages
from services.notify.app import RECIPE
from shared.contracts.vocabulary import Role
from shared.crypto import Keys
from shared.identity.actor import NOBODY, Actor
from shared.service import Parts
from shared.settings import Settings
from tests.integration.notify.world import ID, World
from tests.support.page_client import page_client

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
SUPERVISOR, ADMINISTRATOR = UUID(int=61), UUID(int=62)
WHO = {
    "nobody": NOBODY,
    "worker": Actor(ID["worker"], frozenset({Role.WORKER})),
    "supervisor": Actor(SUPERVISOR, frozenset({Role.SUPERVISOR})),
    "administrator": Actor(ADMINISTRATOR, frozenset({Role.ADMINISTRATOR})),
    "auditor": Actor(UUID(int=63), frozenset({Role.AUDITOR})),
    "operator": Actor(UUID(int=64), frozenset({Role.OPERATOR})),
}


class PeopleSite:
    """A browser without scripts."""

    def __init__(self, client: httpx.AsyncClient, world: World, parts: Parts) -> None:
        self.client, self.world, self.parts = client, world, parts

    async def get(self, path: str, who: str = "administrator", **query: str) -> httpx.Response:
        return await self.client.get(path, params=query, headers={"X-Who": who, "Accept": "text/html"})

    async def post(self, path: str, who: str = "administrator", **fields: Any) -> httpx.Response:
        headers = {"X-Who": who, "Accept": "text/html"}
        return await self.client.post(path, data=fields, headers=headers, follow_redirects=True)

    async def new_id(self) -> str:
        """Return the id that the form for a colleague has drawn."""
        found = re.search(r'name="id" value="([^"]+)"', (await self.get("/people/new")).text)
        assert found is not None
        return found.group(1)

    async def take_in(self, **fields: Any) -> httpx.Response:
        """Send the form for a colleague of the worker's team."""
        usual = {"name": "Trần Thị Mới", "team": "social-9190", "position": "worker", "language": "vi"}
        return await self.post("/people/new", **{"id": await self.new_id(), **usual, **fields})


def link_of(html: str) -> str:
    """Return the path of the invitation link that a page shows."""
    found = re.search(r'value="https?://[^"/]+(/invite/[^"]+)"', html)
    assert found is not None, html
    return found.group(1)


@asynccontextmanager
async def people_site(world: World) -> AsyncIterator[PeopleSite]:
    """Serve the pages of people and teams on the world's database."""
    parts = Parts(settings=Settings(), database=world.database, bus=world.bus, clock=world.clock, keys=KEYS)
    routers = [
        signin_pages.router(parts),
        invite_pages.router(parts),
        teams_pages.router(parts),
        proposal_pages.router(parts),
        new_person_pages.router(parts),
        people_pages.router(parts, world.desk),
    ]
    async with page_client(world.database, world.clock, RECIPE.folder, routers, WHO) as client:
        yield PeopleSite(client, world, parts)
