"""Tell whoever comes on duty, by SMS, from when until when and how many cases their team holds; once each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import RowMapping, func, insert, select, true
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.contacts import first_reachable
from services.notify.handlers.desk import SEND_TASK, Desk
from services.notify.models import PLANS, alerts, duty, messages, people
from services.notify.rules import sms_text
from services.notify.rules.schedule import Source
from services.notify.templates_in_force import wording_in_force
from shared.clock import vietnam_time
from shared.contracts.vocabulary import ServiceName
from shared.database import Database

BEFORE: Final = timedelta(minutes=30)
"""How long before duty begins its person is told."""
AFTER: Final = timedelta(hours=1)
"""How late it is still worth telling."""

_first = first_reachable(people.c.id)
_earlier = duty.alias("earlier")
_goes_on = (
    select(_earlier.c.id)
    .where(
        _earlier.c.team_code == duty.c.team_code,
        _earlier.c.position == duty.c.position,
        _earlier.c.person_id == duty.c.person_id,
        _earlier.c.starts_at < duty.c.starts_at,
        _earlier.c.ends_at >= duty.c.starts_at,
    )
    .exists()
)
_told = (
    select(PLANS.handovers.c.told_at)
    .where(*(PLANS.handovers.c[name] == duty.c[name] for name in ("team_code", "position", "person_id", "starts_at")))
    .exists()
)


async def tell_handover(database: Database, desk: Desk) -> int:
    """Queue one notice for each turn that begins soon and does not just go on; return how many. Instances share."""
    now = desk.clock.now()
    coming = (
        select(duty, _first.c.address, people.c.language)
        .join(people, people.c.id == duty.c.person_id)
        .join(_first, true())
        .where(
            duty.c.starts_at.between(now - AFTER, now + BEFORE),
            duty.c.ends_at.is_(None) | (duty.c.ends_at > now),
            duty.c.source != Source.STANDING.value,
            ~people.c.disabled,
            ~_goes_on,
            ~_told,
        )
        .order_by(duty.c.id)
    )
    told = 0
    async with database.transaction() as connection:
        for row in (await connection.execute(coming)).mappings().all():
            told += await _tell(connection, desk, row, now)
    return told


async def _tell(connection: AsyncConnection, desk: Desk, row: RowMapping, now: datetime) -> int:
    key = {name: row[name] for name in ("team_code", "position", "person_id", "starts_at")}
    mine = upsert(PLANS.handovers).values(**key, told_at=now).on_conflict_do_nothing()
    if (await connection.execute(mine.returning(PLANS.handovers.c.told_at))).first() is None:
        return 0
    text = sms_text.duty_handover(
        begins=vietnam_time(row["starts_at"]),
        ends=vietnam_time(row["ends_at"]) if row["ends_at"] else None,
        open_cases=await _open_cases(connection, row),
        duty=await store.duty_number(connection),
        words=(await wording_in_force(connection)).of(row["language"]),
    )
    message = {
        "id": uuid4(),
        "person_id": row["person_id"],
        "kind": "duty_handover",
        "phone": row["address"],
        "body": text,
        **dict.fromkeys(("plan", "step", "round"), 0),
        "created_at": now,
        "changed_at": now,
    }
    await connection.execute(insert(messages).values(**message))
    await desk.bus.enqueue(connection, ServiceName.NOTIFY, SEND_TASK, {"message_id": str(message["id"])})
    return 1


async def _open_cases(connection: AsyncConnection, row: RowMapping) -> int:
    """Count the team's alerts that are not closed and that the person may have."""
    theirs = (alerts.c.lead == row["team_code"]) & (alerts.c.state != "closed")
    counted = (
        select(func.count())
        .select_from(alerts.join(people, people.c.id == row["person_id"]))
        .where(theirs, exclusion.may_have(people.c.id))
    )
    return int(await connection.scalar(counted) or 0)
