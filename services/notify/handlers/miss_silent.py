"""The sweep: a page that no phone has confirmed in time is taken as missed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update

from services.notify.handlers.desk import Desk
from services.notify.handlers.miss_person import Place, could_not_reach
from services.notify.models import alerts, messages
from services.notify.rules.silence import DELIVERED_WITHIN, GRAVE
from shared.database import Database

BATCH = 20
NO_RECEIPT = "no_receipt"

_SILENT = (
    select(messages)
    .join(alerts, alerts.c.report_id == messages.c.report_id)
    .where(
        messages.c.kind == "page",
        messages.c.state.in_(["accepted", "sent"]),
        messages.c.missed_at.is_(None),
        alerts.c.state == "open",
        alerts.c.plan == messages.c.plan,
        alerts.c.level.in_([int(level) for level in GRAVE]),
    )
    .order_by(messages.c.accepted_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True, of=messages)
)


async def miss_silent(database: Database, desk: Desk, gateways: Collection[str]) -> int:
    """Go on to the next channel or the next people for pages without a receipt; return how many.

    `gateways` are those whose receipts come from the phone. A late receipt still counts as delivered.
    """
    if not gateways:
        return 0
    now = desk.clock.now()
    overdue = (messages.c.accepted_at <= now - DELIVERED_WITHIN) & messages.c.gateway.in_(sorted(gateways))
    async with database.transaction() as connection:
        rows = (await connection.execute(_SILENT.where(overdue))).mappings().all()
        for row in rows:
            missed = update(messages).where(messages.c.id == row["id"]).values(missed_at=now, result=NO_RECEIPT)
            await connection.execute(missed)
            place = Place(**{name: row[name] for name in Place.__dataclass_fields__})
            await could_not_reach(connection, desk, place, None, NO_RECEIPT)
    return len(rows)
