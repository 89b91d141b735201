"""The migrated tables are those of the models, down to partial indexes and checks."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from services.intake.models import LIVE_CHANNEL, SCHEMA, metadata
from shared.database import Database
from tests.integration.intake.world import World, alert, assessed
from tests.support.postgres import Postgres
from tests.unit.intake.documents import a_report

CATALOG = (
    """
    SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'intake' AND table_name <> 'schema_version'
    """,
    """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.connamespace = 'intake'::regnamespace AND c.relname <> 'schema_version'
    """,
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'intake' AND tablename <> 'schema_version'",
)


async def catalog(database: Database) -> set[tuple[object, ...]]:
    async with database.engine.connect() as connection:
        return {tuple(row) for query in CATALOG for row in await connection.execute(text(query))}


def create_from_models(connection: Connection) -> None:
    connection.execute(text("CREATE SCHEMA intake"))
    metadata.create_all(connection)


async def test_migrated_tables_are_those_of_the_models(postgres: Postgres) -> None:
    async with postgres.database([SCHEMA]) as migrated, postgres.database([]) as fresh:
        async with fresh.engine.begin() as connection:
            await connection.run_sync(create_from_models)
        modelled = await catalog(fresh)
        assert await catalog(migrated) == modelled
    assert any("WHERE (republish_at IS NOT NULL)" in str(row[-1]) for row in modelled)
    assert any("CHECK" in str(row[-1]) for row in modelled)


@pytest.mark.parametrize(
    "change",
    [
        "channel = 'fax'",
        "level = 'WARM', assessed_revision = 1",
        "level = 'URGENT'",
        "alert_state = 'open'",
        "alert_state = 'asleep', alert_sequence = 1",
        "revision = 0",
        "derived_from = report_id",
    ],
)
async def test_tables_refuse_what_cannot_be(world: World, change: str) -> None:
    await world.create(a_report())
    with pytest.raises(IntegrityError):
        async with world.database.transaction() as session:
            await session.execute(text(f"UPDATE intake.reports SET {change}"))  # noqa: S608 - written above


async def test_listeners_hear_of_each_change_of_state(world: World) -> None:
    created = await world.create(a_report())
    heard: asyncio.Queue[str] = asyncio.Queue()
    url = make_url(world.database.url)
    connection = await asyncpg.connect(host=str(url.query["host"]), user=url.username, database=url.database)
    try:
        await connection.add_listener(LIVE_CHANNEL, lambda *told: heard.put_nowait(str(told[3])))
        async with asyncio.timeout(10):
            await world.assess(assessed(created))
            assert not await heard.get()
            await world.change_alert(alert(created, 1))
            assert not await heard.get()
    finally:
        await connection.close()
