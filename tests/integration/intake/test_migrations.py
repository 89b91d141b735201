"""The migrated tables are those of the models, down to partial indexes and checks."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from services.intake.models import LIVE_CHANNEL, SCHEMA, metadata
from tests.integration.intake.world import World, alert, assessed
from tests.support.catalog import migrated_and_modelled
from tests.support.postgres import Postgres
from tests.unit.intake.documents import a_report


async def test_migrated_tables_are_those_of_the_models(postgres: Postgres) -> None:
    migrated, modelled = await migrated_and_modelled(postgres, SCHEMA, metadata)
    assert migrated == modelled
    assert any("WHERE (republish_at IS NOT NULL)" in str(row[-1]) for row in modelled)
    assert any("CHECK" in str(row[-1]) for row in modelled)


@pytest.mark.parametrize(
    "change",
    [
        "channel = 'fax'",
        "level = 'WARM', assessed_sequence = 1",
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
        async with world.database.transaction() as connection:
            await connection.execute(text(f"UPDATE intake.reports SET {change}"))  # noqa: S608 - written above


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
