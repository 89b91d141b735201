"""Fill form Mẫu số 01 (Decree 56/2017 Art. 25) from a stored report; every filling is kept as a read."""

from __future__ import annotations

from sqlalchemy import insert

from services.intake import store
from services.intake.models import reads
from services.intake.rules.form01 import Form01, fill
from services.intake.rules.report import Report
from services.intake.store import ReportStatus
from shared.identity.actor import Actor
from shared.service import Parts


async def form01(parts: Parts, status: ReportStatus, actor: Actor) -> Form01:
    """Return the filled form of a report that the actor may see; raises `UndecryptableError`."""
    async with parts.database.transaction() as connection:
        read = {
            "report_id": status.report_id,
            "person_id": actor.id,
            "read_at": parts.clock.now(),
            "allowed": True,
        }
        await connection.execute(insert(reads), read)
        document = await store.open_document(connection, parts.keys, status.report_id)
    return fill(Report.model_validate(document or {}))
