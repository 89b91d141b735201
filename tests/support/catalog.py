"""Compares what migrations made with what the models say, down to partial indexes and checks."""

from __future__ import annotations

from sqlalchemy import Connection, MetaData, text

from shared.database import Database
from shared.migrations import Schema
from tests.support.postgres import Postgres

Catalog = set[tuple[object, ...]]

QUERIES = (
    """
    SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = :schema AND table_name <> 'schema_version'
    """,
    """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.connamespace = CAST(:schema AS regnamespace) AND c.relname <> 'schema_version'
    """,
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = :schema AND tablename <> 'schema_version'",
)


async def catalog(database: Database, schema: str) -> Catalog:
    async with database.engine.connect() as connection:
        return {tuple(row) for query in QUERIES for row in await connection.execute(text(query), {"schema": schema})}


async def migrated_and_modelled(postgres: Postgres, schema: Schema, metadata: MetaData) -> tuple[Catalog, Catalog]:
    """Return the catalog after the migrations, and the catalog that the models make."""

    def create(connection: Connection) -> None:
        connection.execute(text(f'CREATE SCHEMA "{schema.name}"'))
        metadata.create_all(connection)

    async with postgres.database([schema]) as migrated, postgres.database([]) as fresh:
        async with fresh.engine.begin() as connection:
            await connection.run_sync(create)
        return await catalog(migrated, schema.name), await catalog(fresh, schema.name)
