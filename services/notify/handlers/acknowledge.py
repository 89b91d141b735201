"""A human takes a case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.handlers.change_alert import Act
from services.notify.handlers.desk import Desk
from services.notify.handlers.end_calls import queue_ends
from services.notify.models import alerts, messages
from services.notify.records import Alert, AlertClosedError, PersonExcludedError
from services.notify.rules import sms_text
from services.notify.rules.delivery import DeliveryState
from services.notify.store import Draft
from shared.clock import vietnam_time
from shared.observability import ACKNOWLEDGED, logger

HAVE_LEFT = frozenset({DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.SENT, DeliveryState.DELIVERED})
"""A page in one of these states is, or may be, on its person's phone."""

log = logger(__name__)


@dataclass(frozen=True)
class Acknowledged:
    """The alert is acknowledged; `first` tells whether by this call."""

    alert: Alert
    first: bool


async def acknowledge(connection: AsyncConnection, desk: Desk, act: Act) -> Acknowledged:
    """Acknowledge for a person; a second one changes nothing and gets the first.

    Raises `NoSuchAlertError`, `NoSuchPersonError`, `PersonExcludedError`, and `AlertClosedError` after recording
    the try, so the caller commits before passing that on.
    """
    await store.person_exists(connection, act.person_id)
    now = desk.clock.now()
    statement = (
        update(alerts)
        .where(
            alerts.c.case_code == act.case_code,
            alerts.c.state == "open",
            exclusion.may_have(literal(act.person_id)),
        )
        .values(
            state="acknowledged",
            acknowledged_by=act.person_id,
            acknowledged_at=now,
            next_step_at=None,
            alarm_at=None,
            sequence=alerts.c.sequence + 1,
        )
        .returning(alerts)
    )
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        return await _second(connection, desk, act)
    alert = Alert.of(row)
    ACKNOWLEDGED.labels(alert.level.name).inc()
    log.info("alert_acknowledged", case_code=act.case_code, how=act.how, correlation_id=alert.correlation_id)
    await store.note(connection, alert.report_id, now, act.entry("acknowledged"))
    await store.cancel_pages(connection, alert.report_id, now)
    await queue_ends(connection, desk, alert)
    await _tell_others(connection, desk, alert, act.person_id)
    await desk.tell(connection, alert)
    return Acknowledged(alert, first=True)


async def _second(connection: AsyncConnection, desk: Desk, act: Act) -> Acknowledged:
    """Record who came later; an alert that was opened again at this very moment is acknowledged after all."""
    alert = await store.alert_by_code(connection, act.case_code, lock=True)
    if act.person_id in await exclusion.excluded_from(connection, alert):
        raise PersonExcludedError(str(act.person_id))
    match alert.state:
        case "open":
            return await acknowledge(connection, desk, act)
        case "closed":
            await store.note(connection, alert.report_id, desk.clock.now(), act.entry("tried_when_closed"))
            raise AlertClosedError(act.case_code)
        case _:
            await store.note(connection, alert.report_id, desk.clock.now(), act.entry("acknowledged_again"))
            return Acknowledged(alert, first=False)


async def _tell_others(connection: AsyncConnection, desk: Desk, alert: Alert, person_id: UUID) -> None:
    """Tell everybody else whom a page has left for, and who has not declined, that nothing is left to do."""
    left = select(messages.c.person_id).where(
        messages.c.report_id == alert.report_id,
        messages.c.kind == "page",
        messages.c.state.in_([state.value for state in HAVE_LEFT]),
    )
    reached = set((await connection.execute(left)).scalars())
    rows = await store.paged_people(connection, alert.report_id)
    excluded = await exclusion.excluded_from(connection, alert)
    declined = {row["person_id"] for row in rows if row["declined_at"] is not None}
    text = sms_text.taken_by_other(code=alert.case_code, time=vietnam_time(alert.acknowledged_at or desk.clock.now()))
    drafts = {
        row["person_id"]: Draft(row["person_id"], row["phone"], "taken_by_other", text)
        for row in rows
        if row["person_id"] in reached - declined - excluded - {person_id}
    }
    ids = await store.write_messages(connection, alert, list(drafts.values()), desk.clock.now())
    await desk.queue_notices(connection, alert, ids)
