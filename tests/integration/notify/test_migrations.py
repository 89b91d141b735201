"""The migrated tables are those of the models, down to partial indexes and checks."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from services.notify.models import SCHEMA, metadata, teams
from shared.database import Database
from tests.support.postgres import Postgres

CATALOG = (
    """
    SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'notify' AND table_name <> 'schema_version'
    """,
    """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.connamespace = 'notify'::regnamespace AND c.relname <> 'schema_version'
    """,
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'notify' AND tablename <> 'schema_version'",
)


async def catalog(database: Database) -> set[tuple[object, ...]]:
    async with database.engine.connect() as connection:
        return {tuple(row) for query in CATALOG for row in await connection.execute(text(query))}


def create_from_models(connection: Connection) -> None:
    connection.execute(text("CREATE SCHEMA notify"))
    metadata.create_all(connection)


async def test_migrated_tables_are_those_of_the_models(postgres: Postgres) -> None:
    async with postgres.database([SCHEMA]) as migrated, postgres.database([]) as fresh:
        async with fresh.engine.begin() as connection:
            await connection.run_sync(create_from_models)
        modelled = await catalog(fresh)
        assert await catalog(migrated) == modelled
    assert any("WHERE (state = 'open'::text)" in str(row[-1]) for row in modelled)


@pytest.mark.parametrize("table", ["alerts", "pages", "messages"])
async def test_a_change_wakes_the_pages(postgres: Postgres, table: str) -> None:
    async with postgres.database([SCHEMA]) as database, database.engine.connect() as connection:
        query = "SELECT tgtype FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) AND tgname = 'tell_change'"
        kind = (await connection.execute(text(query), {"name": f"notify.{table}"})).scalar_one()
    insert, update, row = 4, 16, 1
    assert kind & insert
    assert kind & update
    assert not kind & row


@pytest.mark.parametrize("number", ["022238000001", "{02223800}", "gọi 111", "11"])
async def test_a_duty_number_that_no_message_holds_is_refused(postgres: Postgres, number: str) -> None:
    values = {"code": "x", "name_vi": "x", "name_en": "x", "duty_phone": number}
    async with postgres.database([SCHEMA]) as database, database.engine.connect() as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(teams.insert().values(**values))
