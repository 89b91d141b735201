"""Remind whoever took a case of what is overdue: first contact, the child seen, Mẫu 02; once each, and in the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import contacts, exclusion, store
from services.notify.handlers.desk import Desk
from services.notify.models import alerts, people
from services.notify.records import Alert
from services.notify.rules import sms_text
from services.notify.rules.sms_text import Words
from services.notify.store import Draft
from services.notify.templates_in_force import wording_in_force
from shared.clock import vietnam_time
from shared.database import Database

BATCH = 20
"""Alerts a transaction: others may go on between."""
TIME_TO_ACT = timedelta(minutes=10)
"""Whoever took a case late is not reminded sooner than this."""


@dataclass(frozen=True)
class Overdue:
    """Something that is due: its columns, and the entry in the timeline."""

    due: Column[Any]
    done: Column[Any]
    reminded: Column[Any]
    entry: str


CONTACT = Overdue(alerts.c.contact_by, alerts.c.contact_at, alerts.c.reminded_at, "contact_overdue")
SEEN = Overdue(alerts.c.visit_by, alerts.c.seen_at, alerts.c.seen_reminded_at, "seen_overdue")
FORM02 = Overdue(alerts.c.form02_by, alerts.c.form02_at, alerts.c.form02_reminded_at, "form02_overdue")


def _due(overdue: Overdue) -> Any:
    return (
        select(alerts)
        .where(
            alerts.c.state == "acknowledged",
            overdue.done.is_(None),
            overdue.reminded.is_(None),
            overdue.due <= bindparam("now"),
            alerts.c.acknowledged_at <= bindparam("acknowledged_before"),
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


_HOLDER = select(people.c.language).where(people.c.id == bindparam("person_id"))
_DUE = {overdue: _due(overdue) for overdue in (CONTACT, SEEN, FORM02)}


async def remind_overdue(database: Database, desk: Desk) -> int:
    """Send one reminder for each thing that is overdue; return how many. Instances share the work."""
    now = desk.clock.now()
    reminded = 0
    for overdue, statement in _DUE.items():
        async with database.transaction() as connection:
            found = await connection.execute(statement, {"now": now, "acknowledged_before": now - TIME_TO_ACT})
            rows = found.mappings().all()
            for row in rows:
                await _remind(connection, desk, Alert.of(row), overdue, row[overdue.due.name])
            reminded += len(rows)
    return reminded


async def _remind(connection: AsyncConnection, desk: Desk, alert: Alert, overdue: Overdue, due: datetime) -> None:
    now = desk.clock.now()
    holder = (await connection.execute(_HOLDER, {"person_id": alert.acknowledged_by})).first()
    await store.change_alert(connection, alert.report_id, **{overdue.reminded.name: now})
    await store.note(connection, alert.report_id, now, (overdue.entry, alert.acknowledged_by, {}))
    if holder is None or alert.acknowledged_by is None:
        return
    if alert.acknowledged_by in await exclusion.excluded_from(connection, alert):
        return
    phone = await contacts.reachable_address(connection, alert.acknowledged_by)
    if phone is None:
        return
    words = (await wording_in_force(connection)).of(holder.language)
    text = _text(alert, overdue, vietnam_time(due), await store.duty_number(connection), words)
    draft = Draft(alert.acknowledged_by, phone, overdue.entry.replace("overdue", "reminder"), text)
    await desk.queue_sending(connection, alert, await store.write_messages(connection, alert, [draft], now))


def _text(alert: Alert, overdue: Overdue, due: str, number: str, words: Words) -> str:
    level, code = alert.level, alert.case_code
    if overdue is CONTACT:
        return sms_text.contact_reminder(level=level, code=code, contact=due, duty=number, words=words)
    remind = sms_text.seen_reminder if overdue is SEEN else sms_text.form02_reminder
    return remind(level=level, code=code, due=due, duty=number, words=words)
