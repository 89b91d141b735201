"""Intake behind a real port, for programs that know nothing but its address and a key."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import uvicorn
from sqlalchemy import func, select

from services.intake.app import RECIPE
from services.intake.models import reports
from shared.crypto import generate_key
from shared.database import Database
from shared.events.tables import EVENTS_SCHEMA
from shared.places.tables import PLACES_SCHEMA
from shared.runner import running
from shared.settings import Settings
from tests.support.postgres import Postgres

KEY = "partner-key-of-the-tests-0123456789abcdef"


@dataclass(frozen=True)
class Site:
    """A running intake and where it is; `count` asks its database."""

    url: str
    database: Database
    loop: asyncio.AbstractEventLoop

    def count(self) -> int:
        """Return how many reports are stored."""
        return asyncio.run_coroutine_threadsafe(self._count(), self.loop).result()

    def revisions(self) -> int:
        """Return the sum of the reports' revisions; each correction adds one."""
        return asyncio.run_coroutine_threadsafe(self._revisions(), self.loop).result()

    async def _count(self) -> int:
        async with self.database.reading() as connection:
            return int(await connection.scalar(select(func.count()).select_from(reports)) or 0)

    async def _revisions(self) -> int:
        async with self.database.reading() as connection:
            return int(await connection.scalar(select(func.coalesce(func.sum(reports.c.revision), 0))) or 0)


@contextlib.contextmanager
def running_site(postgres: Postgres) -> Iterator[Site]:
    """Run intake in a thread of its own until the end of the block."""
    started: Future[tuple[Site, uvicorn.Server]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(postgres, started)), name="intake")
    thread.start()
    site, server = started.result()
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join()


async def _serve(postgres: Postgres, started: Future[tuple[Site, uvicorn.Server]]) -> None:
    try:
        async with (
            postgres.database([EVENTS_SCHEMA, PLACES_SCHEMA, RECIPE.schema]) as database,
            running([RECIPE], _settings(database)) as process,
        ):
            listening = socket.create_server(("127.0.0.1", 0))
            config = uvicorn.Config(process.app, log_config=None, access_log=False, lifespan="off")
            server = uvicorn.Server(config)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            started.set_result((Site(url, database, asyncio.get_running_loop()), server))
            await server.serve(sockets=[listening])
    except BaseException as error:
        if not started.done():
            started.set_exception(error)
        raise


def _settings(database: Database) -> Settings:
    return Settings(
        database_url=database.url,
        encryption_keys=(generate_key(),),
        index_key=generate_key(),
        session_key=generate_key(),
        bootstrap_api_key=KEY,
    )
