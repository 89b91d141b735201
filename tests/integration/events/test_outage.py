"""What is below goes away for a while and comes back: nothing is lost and the process survives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from tests.integration.events.samples import Ping
from tests.integration.events.world import World, until
from tests.support.postgres import Postgres


@asynccontextmanager
async def database_away(world: World) -> AsyncIterator[None]:
    """Cut every connection to the test's database and let nobody in."""
    url = make_url(world.database.url)
    connection = await asyncpg.connect(host=str(url.query["host"]), user="postgres", database="postgres")
    try:
        await connection.execute(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false')
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", url.database
        )
        yield
        await connection.execute(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true')
    finally:
        await connection.close()


@asynccontextmanager
async def broker_away(world: World) -> AsyncIterator[None]:
    """Stop the broker."""
    assert world.kafka is not None
    node = world.kafka.node
    if node is None:
        pytest.skip("the broker of the environment is not ours to stop")
    await asyncio.to_thread(node.stop)
    try:
        yield
    finally:
        await asyncio.to_thread(node.start)


async def test_database_away_for_a_while_loses_nothing(world: World, postgres: Postgres) -> None:
    bus = await world.triage()
    await world.publish(bus, *(Ping(number=number) for number in range(20)))
    async with database_away(world):
        await until(lambda: _answers(world, "database", expected=False))
    await until(lambda: _answers(world, "database", expected=True))
    await until(world.database.answers)
    await world.publish(bus, *(Ping(number=number) for number in range(20, 40)))
    await world.has_effects(40)
    assert await world.effects() == list(range(40))
    assert await world.letters() == []


async def _answers(world: World, part: str, *, expected: bool) -> bool:
    return (await world._running[0].healthy())[part] is expected


@pytest.mark.parametrize("transport", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True)
async def test_broker_away_for_a_while_loses_nothing(world: World) -> None:
    bus = await world.triage()
    await world.publish(bus, *(Ping(number=number) for number in range(20)))
    await world.has_effects(20)
    async with broker_away(world):
        await world.publish(bus, *(Ping(number=number) for number in range(20, 60)))
        await until(lambda: _answers(world, "kafka", expected=False))
        assert (await bus.healthy())["database"]
    await until(lambda: _answers(world, "kafka", expected=True))
    await world.publish(bus, *(Ping(number=number) for number in range(60, 80)))
    await world.has_effects(80)
    assert await world.effects() == list(range(80))
    assert await world.letters() == []
