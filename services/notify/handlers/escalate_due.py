"""The sweep: fire the steps that are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update

from services.notify import store
from services.notify.handlers.desk import Desk
from services.notify.handlers.fire_step import fire_next_steps
from services.notify.models import alerts
from services.notify.records import Alert
from shared.database import Database
from shared.events.errors import is_outage
from shared.observability import SWEEP_LATENESS, logger

BATCH = 500
"""Alerts a transaction, about a fifth of a second: whoever acknowledges one of them waits no longer than that."""
SET_BACK = timedelta(minutes=1)
"""When a step that failed by a fault of ours is tried again; meanwhile the alarm calls a human."""

log = logger(__name__)

locked_due = (
    select(alerts)
    .where(alerts.c.state == "open", alerts.c.next_step_at <= bindparam("limit"))
    .order_by(alerts.c.level.desc(), alerts.c.next_step_at)
    .with_for_update(skip_locked=True)
)


async def escalate_due(database: Database, desk: Desk) -> int:
    """Fire one step of every alert that is due; return how many. Instances share the work and none does it twice.

    An alert whose step fails is set back by itself, so that it keeps no other from its step.
    """
    fired = 0
    limit = desk.clock.now()
    while True:
        try:
            batch = await _fire(database, desk, limit, BATCH)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("step_batch_failed")
            return fired + await _fire_each(database, desk, limit)
        fired += batch
        if batch < BATCH:
            return fired


async def _fire(database: Database, desk: Desk, limit: datetime, most: int, *which: ColumnElement[bool]) -> int:
    async with database.transaction() as connection:
        statement = locked_due.where(*which).limit(most)
        rows = (await connection.execute(statement, {"limit": limit})).mappings().all()
        await fire_next_steps(connection, [Alert.of(row) for row in rows], desk, "no_answer")
    for row in rows:
        SWEEP_LATENESS.observe(max(0.0, (limit - row["next_step_at"]).total_seconds()))
    return len(rows)


async def _fire_each(database: Database, desk: Desk, limit: datetime) -> int:
    """Fire what is due one by one; set back what fails, with the alarm on."""
    fired = 0
    async with database.transaction() as connection:
        due = select(alerts.c.report_id).where(alerts.c.state == "open", alerts.c.next_step_at <= limit)
        report_ids = (await connection.execute(due)).scalars().all()
    for report_id in report_ids:
        try:
            fired += await _fire(database, desk, limit, 1, alerts.c.report_id == report_id)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("step_failed", report_id=str(report_id))
            await _set_back(database, desk, report_id)
    return fired


async def _set_back(database: Database, desk: Desk, report_id: UUID) -> None:
    now = desk.clock.now()
    still_open = (alerts.c.report_id == report_id) & (alerts.c.state == "open")
    async with database.transaction() as connection:
        await connection.execute(update(alerts).where(still_open).values(next_step_at=now + SET_BACK, alarm_at=now))
        await store.note(connection, report_id, now, ("step_failed", None, {}))
