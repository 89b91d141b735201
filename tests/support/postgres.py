"""A real PostgreSQL for tests: one embedded server a test process, one fresh database a test."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from shared.database import Database, EmbeddedPostgres
from shared.migrations import Schema, upgrade

_numbers = itertools.count(1)


class Postgres:
    """The server, and a migrated template from which each test's database is copied."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._templates: set[str] = set()

    def url(self, name: str) -> str:
        """Return the address of the database called `name` on this server."""
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    @asynccontextmanager
    async def database(self, schemas: Sequence[Schema]) -> AsyncIterator[Database]:
        """Give a fresh database with `schemas` at their newest version."""
        template = "template_" + "_".join(sorted(schema.name for schema in schemas))
        if template not in self._templates:
            await self._run(f'CREATE DATABASE "{template}"')
            made = Database(self.url(template), pool_size=2)
            await upgrade(made, *schemas)
            await made.close()
            self._templates.add(template)
        name = f"test_{next(_numbers)}"
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        database = Database(self.url(name))
        try:
            yield database
        finally:
            await database.close()
            await self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def _run(self, statement: str) -> None:
        host = make_url(self._url).query["host"]
        connection = await asyncpg.connect(host=str(host), user="postgres", database="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server in a temporary directory and stop it at the end."""
    directory = Path(tempfile.mkdtemp(prefix="hlpg"))
    server = EmbeddedPostgres(directory)
    try:
        yield Postgres(server.url)
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
