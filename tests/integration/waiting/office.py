"""Notify's pages of keys and letters, with the real policy; intake as a process of its own that knows the people."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import uvicorn
from fastapi import APIRouter, FastAPI, Request

from services.intake import letters as intake_letters
from services.intake.models import IDENTITY as INTAKE_IDENTITY
from services.notify import key_pages, letter_pages, pages
from services.notify.handlers.desk import Desk
from services.notify.letter_counts import LetterCounts
from shared.clock import SystemClock
from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import Role, ServiceName
from shared.crypto import Keys
from shared.database import Database
from shared.events import EventBus
from shared.identity.actor import Actor
from shared.identity.directory import Directory
from shared.identity.enforce import enforcer, route_template
from shared.identity.policy import Allow, decide
from shared.identity.sessions import real_now
from shared.service import Parts
from shared.settings import Settings
from shared.web import key_use_api
from shared.web import letter_pages as event_letters
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages
from shared.web.problems import Problem

NOTIFY = Path(key_pages.__file__).parent
NOBODY_THERE = "http://127.0.0.1:9"
KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
WHO = {
    role.value: Actor(UUID(int=100 + number), frozenset({role}), session="one") for number, role in enumerate(Role, 1)
}


@dataclass
class Office:
    """Notify's pages, asked by role."""

    parts: Parts
    client: httpx.AsyncClient

    async def get(self, path: str, who: str = "administrator", lang: str = "vi") -> httpx.Response:
        return await self.client.get(path, params={"lang": lang}, headers=_as(who))

    async def post(
        self, path: str, fields: Mapping[str, str | list[str]] | None = None, who: str = "administrator"
    ) -> httpx.Response:
        return await self.client.post(path, data=dict(fields or {}), headers=_as(who))


def _as(who: str) -> dict[str, str]:
    return {"X-Who": who, "Accept": "text/html"}


def parts_on(database: Database, settings: Settings) -> Parts:
    return Parts(settings, database, EventBus(database, keys=KEYS), SystemClock(), KEYS)


@asynccontextmanager
async def open_office(database: Database, settings: Settings) -> AsyncIterator[Office]:
    """Give notify's pages; `settings` say where its siblings are."""
    parts = parts_on(database, settings)
    counts = LetterCounts(parts)
    routers = [
        key_pages.router(parts),
        letter_pages.router(counts),
        event_letters.router(parts, ServiceName.NOTIFY),
        pages.router(parts, Desk.of(parts), counts),
    ]

    async def enforce(request: Request) -> None:
        actor = WHO[request.headers["x-who"]]
        decision = decide(route_template(request.scope), request.method, actor)
        if not isinstance(decision, Allow):
            raise Problem(403, "Forbidden")
        request.state.actor, request.state.view = actor, decision.view
        request.state.csrf, request.state.display_name = "token", ""

    transport = httpx.ASGITransport(app=_app(parts, routers, enforce))
    async with httpx.AsyncClient(transport=transport, base_url="http://notify.test") as client:
        yield Office(parts, client)


@asynccontextmanager
async def intake_process(database: Database) -> AsyncIterator[str]:
    """Serve what siblings may ask of intake, decided by its own directory; give its address."""
    parts = parts_on(database, Settings())
    directory = Directory(database, "intake")
    async with database.transaction() as connection:
        for actor in WHO.values():
            await directory.record_person(connection, _told(actor))
    routers = [
        event_letters.router(parts, ServiceName.INTAKE, intake_letters.count_waiting),
        key_use_api.router(parts, ServiceName.INTAKE, INTAKE_IDENTITY.key_use),
    ]
    app = _app(parts, routers, enforcer(directory, KEYS, parts.settings))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign] # signals are the test run's
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


def _told(actor: Actor) -> PersonChanged:
    assert actor.id is not None
    return PersonChanged(
        occurred_at=real_now(),
        correlation_id="told",
        person_id=actor.id,
        sequence=1,
        roles=tuple(actor.roles),
        sessions_valid_from=real_now(),
    )


def _app(parts: Parts, routers: Sequence[APIRouter], enforce: object) -> FastAPI:
    async def readiness() -> dict[str, bool]:
        return {}

    return create_app(
        routers,
        enforce=enforce,  # type: ignore[arg-type] # either of two of the right shape
        pages=Pages([NOTIFY], clock=parts.clock, default_locale="vi"),
        live=LiveUpdates(parts.database.url, [], parts.clock),
        readiness=readiness,
        static={},
        version="0",
    )
