"""A human takes a case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.handlers.desk import Desk
from services.notify.models import alerts, messages
from services.notify.records import Alert, AlertClosedError
from services.notify.rules import sms_text
from services.notify.rules.delivery import DeliveryState
from services.notify.store import Draft
from shared.clock import vietnam_time
from shared.observability import ACKNOWLEDGED, logger

log = logger(__name__)


@dataclass(frozen=True)
class Acknowledged:
    """The alert is acknowledged; `first` tells whether by this call."""

    alert: Alert
    first: bool


async def acknowledge(
    session: AsyncSession,
    desk: Desk,
    case_code: str,
    person_id: UUID,
    *,
    how: str,
    text: str = "",
    by: UUID | None = None,
) -> Acknowledged:
    """Acknowledge for a person; a second one changes nothing and gets the first.

    `by` is whoever did it for them. Raises `NoSuchAlertError`, `NoSuchPersonError`, `AlertClosedError`.
    """
    await store.person_exists(session, person_id)
    now = desk.clock.now()
    statement = (
        update(alerts)
        .where(alerts.c.case_code == case_code, alerts.c.state == "open")
        .values(
            state="acknowledged",
            acknowledged_by=person_id,
            acknowledged_at=now,
            next_step_at=None,
            alarm_at=None,
            sequence=alerts.c.sequence + 1,
        )
        .returning(alerts)
    )
    row = (await session.execute(statement)).mappings().first()
    if row is None:
        return await _second(session, desk, case_code, person_id, how)
    alert = Alert.of(row)
    ACKNOWLEDGED.labels(alert.level.name).inc()
    log.info("alert_acknowledged", case_code=case_code, how=how)
    detail = {"how": how, "note": text, "by": str(by) if by else None}
    await store.note(session, alert.report_id, now, ("acknowledged", person_id, detail))
    await cancel_waiting(session, alert.report_id, desk)
    await _tell_others(session, desk, alert, person_id)
    await desk.tell(session, alert)
    return Acknowledged(alert, first=True)


async def _second(session: AsyncSession, desk: Desk, case_code: str, person_id: UUID, how: str) -> Acknowledged:
    alert = await store.alert_by_code(session, case_code)
    now = desk.clock.now()
    await store.note(
        session, alert.report_id, now, ("acknowledged_again", person_id, {"how": how, "state": alert.state})
    )
    if alert.state == "closed":
        raise AlertClosedError(case_code)
    return Acknowledged(alert, first=False)


async def cancel_waiting(session: AsyncSession, report_id: UUID, desk: Desk) -> None:
    """Keep pages that have not left yet from leaving."""
    waiting = (
        (messages.c.report_id == report_id)
        & (messages.c.kind == "page")
        & (messages.c.state == DeliveryState.QUEUED.value)
    )
    values = {"state": DeliveryState.CANCELLED.value, "changed_at": desk.clock.now()}
    await session.execute(update(messages).where(waiting).values(**values))


async def _tell_others(session: AsyncSession, desk: Desk, alert: Alert, person_id: UUID) -> None:
    """Tell everybody else whom a page has reached, and who has not declined, that nothing is left to do."""
    left = select(messages.c.person_id).where(
        messages.c.report_id == alert.report_id,
        messages.c.kind == "page",
        messages.c.state.not_in([DeliveryState.CANCELLED.value, DeliveryState.FAILED.value]),
    )
    reached = set((await session.execute(left)).scalars())
    rows = await store.paged_people(session, alert.report_id)
    declined = {row["person_id"] for row in rows if row["declined_at"] is not None}
    text = sms_text.taken_by_other(code=alert.case_code, time=vietnam_time(alert.acknowledged_at or desk.clock.now()))
    drafts = {
        row["person_id"]: Draft(row["person_id"], row["phone"], "taken_by_other", text)
        for row in rows
        if row["person_id"] in reached - declined - {person_id}
    }
    ids = await store.write_messages(session, alert, list(drafts.values()), desk.clock.now())
    await desk.queue_sending(session, ids)
