"""The migrated tables are those of the models, down to partial indexes and checks."""

from __future__ import annotations

from sqlalchemy import Connection, text

from services.triage.models import SCHEMA, metadata
from shared.database import Database
from tests.support.postgres import Postgres

CATALOG = (
    """
    SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'triage' AND table_name <> 'schema_version'
    """,
    """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.connamespace = 'triage'::regnamespace AND c.relname <> 'schema_version'
    """,
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'triage' AND tablename <> 'schema_version'",
)


async def catalog(database: Database) -> set[tuple[object, ...]]:
    async with database.engine.connect() as connection:
        return {tuple(row) for query in CATALOG for row in await connection.execute(text(query))}


def create_from_models(connection: Connection) -> None:
    connection.execute(text("CREATE SCHEMA triage"))
    metadata.create_all(connection)


async def test_migrated_tables_are_those_of_the_models(postgres: Postgres) -> None:
    async with postgres.database([SCHEMA]) as migrated, postgres.database([]) as fresh:
        async with fresh.engine.begin() as connection:
            await connection.run_sync(create_from_models)
        modelled = await catalog(fresh)
        assert await catalog(migrated) == modelled
    assert any("WHERE (republish_at IS NOT NULL)" in str(row[-1]) for row in modelled)
    assert any("CHECK" in str(row[-1]) for row in modelled)
