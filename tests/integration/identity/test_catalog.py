"""The migrated tables are those of the code, down to defaults, checks and indexes."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, MetaData, text

from services.intake.models import SCHEMA as INTAKE
from services.intake.models import metadata as intake_metadata
from services.notify.account_tables import account_tables
from services.notify.models import SCHEMA as NOTIFY
from services.notify.models import metadata as notify_metadata
from services.triage.models import SCHEMA as TRIAGE
from services.triage.models import metadata as triage_metadata
from shared.database import Database, schema_metadata
from shared.identity.tables import identity_tables
from shared.migrations import Schema
from tests.support.postgres import Postgres

OURS = (
    "accounts",
    "api_keys",
    "api_key_secrets",
    "api_key_changes",
    "sign_in_tries",
    "identity_people",
    "identity_keys",
    "identity_key_use",
)

COLUMNS = """
SELECT table_name, column_name, data_type, udt_name, character_maximum_length, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = :schema AND table_name = ANY(:tables)
"""
CONSTRAINTS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = CAST(:schema AS regnamespace) AND c.relname = ANY(:tables)
"""
INDEXES = (
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = :schema AND tablename = ANY(:tables)"
)


async def catalog(database: Database, schema: str) -> set[tuple[object, ...]]:
    async with database.engine.connect() as connection:
        found: set[tuple[object, ...]] = set()
        for query in (COLUMNS, CONSTRAINTS, INDEXES):
            rows = await connection.execute(text(query), {"schema": schema, "tables": list(OURS)})
            found |= {tuple(row) for row in rows}
    return found


def create(connection: Connection, metadata: MetaData) -> None:
    connection.execute(text(f'CREATE SCHEMA "{metadata.schema}"'))
    metadata.create_all(connection)


@pytest.mark.parametrize("schema", [INTAKE, TRIAGE, NOTIFY], ids=lambda schema: schema.name)
async def test_migrated_tables_are_those_of_the_code(postgres: Postgres, schema: Schema) -> None:
    metadata = schema_metadata(schema.name)
    identity_tables(metadata)
    if schema is NOTIFY:
        account_tables(metadata)
    async with postgres.database([schema]) as migrated, postgres.database([]) as fresh:
        async with fresh.engine.begin() as connection:
            await connection.run_sync(create, metadata)
        assert await catalog(migrated, schema.name) == await catalog(fresh, schema.name)


@pytest.mark.parametrize("metadata", [intake_metadata, triage_metadata, notify_metadata], ids=lambda m: m.schema)
def test_each_service_knows_its_read_copy(metadata: MetaData) -> None:
    assert {f"{metadata.schema}.identity_people", f"{metadata.schema}.identity_keys"} <= set(metadata.tables)
