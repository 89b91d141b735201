"""How late steps fire when thousands fall due at once: from the due-time to the committed intent to send."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from shared.database import Database, EmbeddedPostgres

OPEN_ALERTS: Final = 100_000
DUE: Final = 2_000
WITHIN_SECONDS: Final = 1.0
LEAD_SECONDS: Final = 4.0
"""From the last row written to the first that is due."""
LOOK_EVERY: Final = 0.01
FIRED_WITHIN: Final = 60.0
HISTORY: Final = 1_000_000
SWEEPS: Final = 50

_ALERTS: Final = """
INSERT INTO notify.alerts (
    report_id, case_code, case_sequence, channel, level, unit_code, led_by, lead, support, told_at_once,
    received_at, acknowledge_by, excluded_people, state, step, next_step_at, opened_at, closed_at, correlation_id
)
SELECT gen_random_uuid(), 'L' || :series || '-' || number, 1, 'partner', 2, unit, 'commune', 'social-' || unit, '{}', '{}',
    now(), now() + interval '60 minutes', '{}', :state, 1, CAST(:first AS timestamptz) + number * CAST(:gap AS interval),
    now(), CASE WHEN :state = 'closed' THEN now() END, ''
FROM generate_series(0, :amount - 1) AS number,
    LATERAL (SELECT CAST((CAST(:units AS integer[]))[1 + number % :places] AS integer)) AS place (unit)
"""
_DUE: Final = "SELECT report_id, next_step_at FROM notify.alerts WHERE case_code LIKE :series"
_NEW_PAGES: Final = "SELECT id, report_id FROM notify.pages WHERE id > :last ORDER BY id"
_LAST_PAGE: Final = "SELECT coalesce(max(id), 0) FROM notify.pages"
_UNITS: Final = "SELECT DISTINCT substr(team_code, 8)::integer FROM notify.duty WHERE team_code LIKE 'social-%'"
_SWEEP: Final = """
SELECT report_id FROM notify.alerts WHERE state = 'open' AND next_step_at <= now()
ORDER BY level DESC, next_step_at LIMIT 250 FOR UPDATE SKIP LOCKED
"""


def escalation_lateness(data: Path) -> dict[str, Any]:
    """Measure on the running installation whose database is under `data`."""
    return asyncio.run(_with_database(data, _lateness))


def sweep_query(data: Path) -> dict[str, Any]:
    """Measure the sweep's query that finds nothing due, before and after a million alerts have closed."""
    return asyncio.run(_with_database(data, _sweep_query))


async def _with_database(data: Path, measure: Any) -> dict[str, Any]:
    server = await asyncio.to_thread(EmbeddedPostgres, data)
    database = Database(server.url, pool_size=1)
    try:
        found: dict[str, Any] = await measure(database)
    finally:
        await database.close()
        await asyncio.to_thread(server.stop)
    return found


async def _lateness(database: Database) -> dict[str, Any]:
    later = datetime.now(UTC) + timedelta(hours=2)
    await _write(database, "open", OPEN_ALERTS, "open", later, timedelta(milliseconds=10))
    async with database.transaction() as connection:
        last = int(await connection.scalar(text(_LAST_PAGE)) or 0)
    first = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS)
    await _write(database, "due", DUE, "open", first, timedelta(seconds=WITHIN_SECONDS / DUE))
    async with database.transaction() as connection:
        rows = await connection.execute(text(_DUE), {"series": "Ldue-%"})
        due: dict[UUID, datetime] = {row.report_id: row.next_step_at for row in rows}
    seen = await _watch(database, due, last)
    late = sorted((seen[report_id] - due[report_id].timestamp()) * 1000 for report_id in seen)
    return {
        "bench": "escalation_lateness",
        "open_alerts": OPEN_ALERTS,
        "due": DUE,
        "p50_ms": round(statistics.median(late), 1),
        "p99_ms": round(statistics.quantiles(late, n=100)[98], 1),
        "lost": len(due) - len(seen),
    }


async def _watch(database: Database, due: Mapping[UUID, datetime], last: int) -> dict[UUID, float]:
    """Return when another connection first saw each page, in UNIX seconds."""
    seen: dict[UUID, float] = {}
    end = time.monotonic() + LEAD_SECONDS + FIRED_WITHIN
    while len(seen) < len(due) and time.monotonic() < end:
        async with database.transaction() as connection:
            rows = (await connection.execute(text(_NEW_PAGES), {"last": last})).all()
        now = time.time()
        for page_id, report_id in rows:
            last = page_id
            if report_id in due:
                seen.setdefault(report_id, now)
        await asyncio.sleep(LOOK_EVERY)
    return seen


async def _sweep_query(database: Database) -> dict[str, Any]:
    before = await _sweeps(database)
    await _write(database, "closed", HISTORY, "closed", None, timedelta())
    async with database.transaction() as connection:
        await connection.execute(text("ANALYZE notify.alerts"))
    after = await _sweeps(database)
    return {
        "bench": "sweep_query",
        "closed_alerts": HISTORY,
        "before_ms": round(before, 3),
        "after_ms": round(after, 3),
    }


async def _sweeps(database: Database) -> float:
    """Return the median milliseconds of one look for what is due."""
    took: list[float] = []
    for _ in range(SWEEPS):
        async with database.transaction() as connection:
            began = time.perf_counter()
            await connection.execute(text(_SWEEP))
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


async def _write(
    database: Database, series: str, amount: int, state: str, first: datetime | None, gap: timedelta
) -> None:
    async with database.transaction() as connection:
        units: Sequence[int] = (await connection.execute(text(_UNITS))).scalars().all()
        values = {"series": series, "amount": amount, "state": state, "first": first, "gap": gap}
        await connection.execute(text(_ALERTS), {**values, "units": list(units), "places": len(units)})
