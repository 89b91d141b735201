"""The sweep: fire the steps that are due, remind of contacts that are not recorded."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.handlers.desk import Desk
from services.notify.handlers.fire_step import fire_next_step
from services.notify.models import alerts, people
from services.notify.records import Alert
from services.notify.rules import sms_text
from services.notify.store import Draft
from shared.clock import vietnam_time
from shared.database import Database
from shared.observability import SWEEP_LATENESS

BATCH = 20
"""Alerts a transaction: others may go on between."""


async def escalate_due(database: Database, desk: Desk) -> int:
    """Fire one step of every alert that is due; return how many. Instances share the work and none does it twice."""
    fired = 0
    limit = desk.clock.now()
    while True:
        async with database.transaction() as session:
            statement = (
                select(alerts)
                .where(alerts.c.state == "open", alerts.c.next_step_at <= limit)
                .order_by(alerts.c.level.desc(), alerts.c.next_step_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            rows = (await session.execute(statement)).mappings().all()
            for row in rows:
                SWEEP_LATENESS.observe(max(0.0, (limit - row["next_step_at"]).total_seconds()))
                await fire_next_step(session, Alert.of(row), desk, "no_answer")
        fired += len(rows)
        if len(rows) < BATCH:
            return fired


async def remind_contacts(database: Database, desk: Desk) -> int:
    """Remind whoever took a case of a first contact that is overdue, once; the queue shows it as well."""
    now = desk.clock.now()
    async with database.transaction() as session:
        statement = (
            select(alerts)
            .where(
                alerts.c.state == "acknowledged",
                alerts.c.contact_at.is_(None),
                alerts.c.reminded_at.is_(None),
                alerts.c.contact_by <= now,
            )
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        rows = (await session.execute(statement)).mappings().all()
        for row in rows:
            await _remind(session, desk, Alert.of(row))
    return len(rows)


async def _remind(session: AsyncSession, desk: Desk, alert: Alert) -> None:
    now = desk.clock.now()
    phone = await session.scalar(select(people.c.phone).where(people.c.id == alert.acknowledged_by))
    await store.change_alert(session, alert.report_id, reminded_at=now)
    await store.note(session, alert.report_id, now, ("contact_overdue", alert.acknowledged_by, {}))
    if phone is None or alert.acknowledged_by is None or alert.contact_by is None:
        return
    text = sms_text.contact_reminder(
        level=alert.level,
        code=alert.case_code,
        contact=vietnam_time(alert.contact_by),
        duty=await store.duty_number(session),
    )
    draft = Draft(alert.acknowledged_by, phone, "contact_reminder", text)
    await desk.queue_sending(session, await store.write_messages(session, alert, [draft], now))
