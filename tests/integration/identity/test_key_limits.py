"""Limits of API keys, counted by the database for every process of a service."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notify.models import SCHEMA
from shared.database import Database
from shared.identity.actor import Actor, Scope
from shared.identity.directory import Directory
from shared.identity.key_use import uses
from shared.identity.limits import Granted, Limits, Use, ask, minute_of
from shared.identity.sessions import real_now
from tests.support.postgres import Postgres
from tests.unit.identity.test_limits import START

ASKED = st.lists(st.integers(0, 200), min_size=1, max_size=25)


def key(limits: Limits | None) -> Actor:
    return Actor(id=uuid4(), scopes=frozenset({Scope.REPORTS_WRITE}), limits=limits)


async def test_all_processes_together_let_no_more_through_than_the_limit(database: Database) -> None:
    actor = key(Limits(7, None))
    processes = [Directory(database, "notify").counter for _ in range(4)]
    asked = [process.take(actor, carries_report=True, now=START) for process in processes for _ in range(5)]
    refusals = await asyncio.gather(*asked)
    assert sum(refusal is None for refusal in refusals) == 7
    assert {refusal.retry_after for refusal in refusals if refusal} == {30}
    async with database.reading() as connection:
        use = (await uses(connection, Directory(database, "notify")._tables.key_use))[actor.id or uuid4()]
    assert (use.used, use.refused, use.refused_reports) == (7, 13, 13)
    assert (use.used_at, use.refused_at) == (minute_of(START), START)


async def test_the_next_minute_lets_requests_through_again(database: Database) -> None:
    actor, counter = key(Limits(1, 2)), Directory(database, "notify").counter
    verdicts = [
        await counter.take(actor, carries_report=False, now=START + timedelta(seconds=second))
        for second in (0, 1, 30, 60, 90)
    ]
    assert [verdict.over.window if verdict else None for verdict in verdicts] == [None, "minute", None, "day", None]


def test_the_database_judges_by_the_rule_in_any_order(postgres: Postgres) -> None:
    @given(ASKED, st.none() | st.integers(1, 4), st.none() | st.integers(1, 9))
    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def judged(seconds: list[int], per_minute: int | None, per_day: int | None) -> None:
        runner.run(_compared(databases[0], seconds, Limits(per_minute, per_day)))

    databases: list[Database] = []
    with asyncio.Runner() as runner:
        opened = postgres.database([SCHEMA])
        databases.append(runner.run(opened.__aenter__()))
        try:
            judged()
        finally:
            runner.run(opened.__aexit__(None, None, None))


async def _compared(database: Database, seconds: list[int], limits: Limits) -> None:
    actor, counter = key(limits), Directory(database, "notify").counter
    use: Use | None = None
    for moment in (START + timedelta(seconds=second) for second in seconds):
        use, verdict = ask(use, limits, moment)
        refusal = await counter.take(actor, carries_report=False, now=moment)
        assert (refusal is None) == isinstance(verdict, Granted)
        assert refusal is None or refusal.over == verdict
    await counter.written()


async def test_a_key_without_limits_is_counted_and_never_refused(database: Database) -> None:
    actor, directory = key(None), Directory(database, "notify")
    for _ in range(3):
        assert await directory.counter.take(actor, carries_report=True) is None
        await directory.counter.written()
    later = real_now() + timedelta(minutes=1)
    await directory.counter.take(actor, carries_report=True, now=later)
    await directory.counter.written()
    async with database.reading() as connection:
        use = (await uses(connection, directory._tables.key_use))[actor.id or uuid4()]
    assert (use.used, use.refused, use.used_at) == (4, 0, minute_of(later))
