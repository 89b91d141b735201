"""Many alerts at once: steps that fall due together, a long history, and people who do everything at the same moment."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, func, insert, literal, select, text
from sqlalchemy.dialects import postgresql

from services.notify.handlers import change_alert
from services.notify.handlers.acknowledge import acknowledge
from services.notify.handlers.change_alert import Act
from services.notify.handlers.escalate_due import escalate_due, locked_due
from services.notify.models import alerts, messages, pages
from services.notify.records import AlertClosedError
from services.notify.rules.escalation import REPEAT
from shared.contracts.vocabulary import Level
from shared.database import Database
from tests.integration.notify.world import ID, NOON, World, assessed

TIMES = 1000
AT_ONCE = 20
HISTORY = 20_000
WAITING = 2_000

Verb = Callable[..., Awaitable[Any]]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that are executed meanwhile; one for many rows is one."""
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", count)


async def statements_of_a_sweep(world: World, due: int) -> int:
    for _ in range(due):
        await world.hear(assessed(Level.URGENT, received_at=world.clock.now()))
    world.clock.advance(timedelta(minutes=30))
    with counted(world.database) as seen:
        assert await escalate_due(world.database, world.desk) == due
    async with world.database.transaction() as connection:
        await connection.execute(alerts.update().values(next_step_at=world.clock.now() + timedelta(days=1)))
    return len(seen)


async def test_steps_that_fall_due_together_cost_the_statements_of_one(world: World) -> None:
    assert await statements_of_a_sweep(world, 40) == await statements_of_a_sweep(world, 1)


async def test_each_of_many_due_alerts_pages_its_next_step_once_by_two_instances_at_once(world: World) -> None:
    amount = 600
    for number in range(amount):
        await world.hear(assessed((Level.URGENT, Level.IMMEDIATE)[number % 2]))
    world.clock.advance(timedelta(minutes=30))
    await asyncio.gather(*(escalate_due(world.database, world.desk) for _ in range(2)))
    async with world.database.reading() as connection:
        steps = (await connection.execute(select(alerts.c.step, func.count()).group_by(alerts.c.step))).all()
        asked = select(pages.c.report_id, pages.c.person_id).where(pages.c.step == 2)
        twos = (await connection.execute(asked)).all()
        sent = select(messages.c.report_id, messages.c.person_id).where(messages.c.step == 2)
        assert sorted(twos) == sorted((await connection.execute(sent)).all())
    assert [tuple(row) for row in steps] == [(2, amount)]
    assert len(twos) == len(set(twos))
    assert {report_id for report_id, _ in twos} == {row for (row,) in await _report_ids(world)}


async def _report_ids(world: World) -> Any:
    async with world.database.reading() as connection:
        return (await connection.execute(select(alerts.c.report_id))).all()


async def test_the_gravest_of_those_that_fall_due_together_are_sent_first(world: World) -> None:
    levels = (Level.ROUTINE, Level.IMMEDIATE, Level.PRIORITY, Level.URGENT)
    for level in levels:
        await world.hear(assessed(level))
    await world.take_work()
    async with world.database.transaction() as connection:
        await connection.execute(alerts.update().values(next_step_at=world.clock.now()))
    await escalate_due(world.database, world.desk)
    ids = [body["message_id"] for body in await world.take_work()]
    async with world.database.reading() as connection:
        joined = select(messages.c.id, alerts.c.level).join(alerts, alerts.c.report_id == messages.c.report_id)
        level_of = {str(row.id): row.level for row in await connection.execute(joined)}
    order = [level_of[message_id] for message_id in ids]
    assert set(order) == {int(level) for level in levels}
    assert order == sorted(order, reverse=True)


def _copies(first: str, amount: int, state: str, due: str) -> Any:
    """Return the statement that copies the one alert there is, with other keys."""
    special: dict[str, Any] = {
        "report_id": func.gen_random_uuid(),
        "case_code": literal(first) + text("number::text"),
        "state": literal(state),
        "next_step_at": text(due),
    }
    names = [column.name for column in alerts.columns]
    one = select(alerts).limit(1).subquery("a")
    chosen = select(*(special.get(name, one.c[name]) for name in names))
    return insert(alerts).from_select(names, chosen.select_from(one, text(f"generate_series(1, {amount}) AS number")))


async def test_looking_for_what_is_due_reads_no_history(world: World) -> None:
    await world.hear_urgent()
    async with world.database.transaction() as connection:
        await connection.execute(_copies("C", HISTORY, "closed", "NULL::timestamptz"))
        await connection.execute(_copies("O", WAITING, "open", "a.next_step_at + interval '1 day'"))
        await connection.execute(text("ANALYZE notify.alerts"))
        sweep = locked_due.limit(250).params(limit=NOON)
        words = sweep.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call] # the library has no type for it
        plan = "\n".join((await connection.execute(text(f"EXPLAIN {words}"))).scalars())
    assert "ix_alerts_due" in plan
    assert "Seq Scan" not in plan


async def _do(world: World, verb: Verb, code: str, who: str) -> None:
    async with world.database.transaction() as connection:
        try:
            await verb(connection, world.desk, Act(code, ID[who], "page"))
        except AlertClosedError:
            return


async def test_acknowledge_decline_escalate_close_and_the_sweep_at_once_always_end_closed(world: World) -> None:
    codes = []
    for _ in range(TIMES):
        heard = assessed(Level.IMMEDIATE)
        await world.hear(heard)
        codes.append(heard.case_code)
    world.clock.advance(REPEAT[Level.IMMEDIATE])
    verbs = [
        (acknowledge, "worker"),
        (change_alert.decline, "police"),
        (change_alert.escalate, "head"),
        (change_alert.close, "head"),
    ]
    for start in range(0, TIMES, AT_ONCE):
        acts = [_do(world, verb, code, who) for code in codes[start : start + AT_ONCE] for verb, who in verbs]
        random.Random(start).shuffle(acts)  # noqa: S311 - an order, not a secret
        await asyncio.gather(*acts, escalate_due(world.database, world.desk))
    async with world.database.reading() as connection:
        states = (await connection.execute(select(alerts.c.state, alerts.c.next_step_at).distinct())).all()
        sent = select(messages.c.state).where(messages.c.kind == "page").distinct()
        page_states = set((await connection.execute(sent)).scalars())
    assert [tuple(row) for row in states] == [("closed", None)]
    assert page_states == {"cancelled"}
    for code in codes[:: TIMES // 20]:
        story = await world.story(code)
        assert story.count("closed") == 1
        assert len([what for what in story if what in {"acknowledged", "tried_when_closed"}]) >= 1
    await world.work()
    world.expect()
