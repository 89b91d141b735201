"""The gateway reports what became of a message."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from services.notify.handlers.desk import Desk
from services.notify.handlers.miss_person import Place, could_not_reach, share_outcome
from services.notify.models import messages
from services.notify.rules.delivery import LOST, DeliveryState, advance
from shared.database import Database

CODE = "contact_code"
OVER = LOST | {DeliveryState.DELIVERED}
"""After these the text of a code is not kept."""
UNKNOWN_ERROR = 30008
"""Twilio's code where the carrier gives no reason."""


async def record_delivery(
    database: Database,
    desk: Desk,
    *,
    message_id: UUID | None,
    sid: str,
    reported: str,
    error_code: int | None,
    gateway: str | None = None,
    result: str | None = None,
) -> bool:
    """Advance a message's state; late and repeated reports change nothing. Return whether the message is known.

    Where our own id is not known, the provider's counts, which is unique within its `gateway` only. `result` says
    how a call ended.
    """
    ours = messages.c.id == message_id if message_id is not None else messages.c.sid == sid
    if message_id is None and gateway is not None:
        ours &= messages.c.gateway == gateway
    async with database.transaction() as connection:
        row = (await connection.execute(select(messages).where(ours).with_for_update())).mappings().first()
        if row is None:
            return False
        before = DeliveryState(row["state"])
        after = advance(before, reported)
        if after is before:
            return True
        values = {"state": after.value, "sid": sid, "error_code": error_code, "changed_at": desk.clock.now()}
        values |= {"result": result} if result else {}
        if row["kind"] == CODE and after in OVER:
            values |= {"body": ""}
        await connection.execute(update(messages).where(messages.c.id == row["id"]).values(**values))
        shared = {"state": after.value, "error_code": error_code, "changed_at": desk.clock.now()}
        carried = await share_outcome(connection, row["id"], shared) if row["bundle_id"] else ()
        if after in LOST:
            code = error_code or (None if result else UNKNOWN_ERROR)
            place = Place(**{name: row[name] for name in Place.__dataclass_fields__})
            for missed in (place, *carried):
                await could_not_reach(connection, desk, missed, code, result)
    return True
