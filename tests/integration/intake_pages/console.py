"""The console in an app of its own, on a real database; who asks is named by a header instead of a session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI, Request

from services.intake import conflict_pages, letter_pages, pages
from services.intake.app import RECIPE
from services.intake.models import LIVE_CHANNEL
from shared.contracts.vocabulary import Role
from shared.identity.actor import Actor
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from tests.integration.intake.world import World
from tests.support.html import Page, parse

WHO = {
    "operator": Actor(id=UUID(int=31), roles=frozenset({Role.OPERATOR}), session="one"),
    "another operator": Actor(id=UUID(int=32), roles=frozenset({Role.OPERATOR}), session="two"),
    "supervisor": Actor(id=UUID(int=33), roles=frozenset({Role.SUPERVISOR}), session="three"),
    "administrator": Actor(id=UUID(int=34), roles=frozenset({Role.ADMINISTRATOR}), session="four"),
}
PATIENCE = 20.0
"""Seconds after which a test gives up waiting; nothing is measured."""

Fields = Sequence[tuple[str, str]]


@dataclass
class Console:
    world: World
    app: FastAPI
    live: LiveUpdates
    client: httpx.AsyncClient

    async def get(self, path: str, who: str = "operator", **more: Any) -> httpx.Response:
        return await self.client.get(path, headers={"X-Who": who, "Accept": "text/html"}, **more)

    async def page(self, path: str, who: str = "operator") -> Page:
        return parse((await self.get(path, who)).text)

    async def post(
        self, fields: Fields | Mapping[str, str], who: str = "operator", cookies: str = ""
    ) -> httpx.Response:
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
        data = {name: [value for other, value in pairs if other == name] for name, _ in pairs}
        headers = {"X-Who": who, "Accept": "text/html", "Cookie": cookies}
        return await self.client.post("/console/reports", data=data, headers=headers)

    @asynccontextmanager
    async def follow(self, path: str, who: str = "operator") -> AsyncIterator[Stream]:
        """Open a stream and read it while it runs."""
        stream = Stream()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"x-who", who.encode())],
            "client": ("test", 1),
            "server": ("test", 80),
        }
        running = asyncio.create_task(self.app(scope, stream.receive, stream.send))
        try:
            yield stream
        finally:
            stream.closed.set()
            await asyncio.wait_for(running, PATIENCE)


class Stream:
    """What a browser hears."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._asked = False

    async def receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.closed.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self._heard.put(dict(message))

    async def start(self) -> tuple[int, str]:
        """Return the status and the content type."""
        message = await asyncio.wait_for(self._heard.get(), PATIENCE)
        return message["status"], dict(message["headers"])[b"content-type"].decode()

    async def hear(self, name: str) -> None:
        """Wait for an event of this name; others before it are passed over."""
        async with asyncio.timeout(PATIENCE):
            while f"event: {name}\n" not in (await self._heard.get()).get("body", b"").decode():
                continue


@asynccontextmanager
async def open_console(world: World) -> AsyncIterator[Console]:
    live = LiveUpdates(world.database.url, [LIVE_CHANNEL], world.clock)

    async def enforce(request: Request) -> None:
        request.state.actor = WHO[request.headers["x-who"]]
        request.state.csrf = "token"

    async def readiness() -> dict[str, bool]:
        return {}

    app = create_app(
        [pages.router(world.parts), conflict_pages.router(world.parts), letter_pages.router(world.parts)],
        enforce=enforce,
        pages=Pages([RECIPE.folder], clock=world.clock, default_locale="vi"),
        live=live,
        readiness=readiness,
        static={},
        version="0",
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://console.test") as client:
        try:
            yield Console(world, app, live, client)
        finally:
            await live.stop()
