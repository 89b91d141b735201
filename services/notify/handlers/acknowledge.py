"""A human takes a case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.handlers.change_alert import Act
from services.notify.handlers.desk import Desk
from services.notify.handlers.end_calls import queue_ends
from services.notify.models import alerts, messages, pages
from services.notify.records import Alert, AlertClosedError, PersonExcludedError
from services.notify.rules import sms_text
from services.notify.rules.delivery import DeliveryState
from services.notify.store import Draft
from services.notify.templates_in_force import wording_in_force
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
            ~alerts.c.must_all,
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
    return Acknowledged(await _taken(connection, desk, act, Alert.of(row)), first=True)


async def _taken(connection: AsyncConnection, desk: Desk, act: Act, alert: Alert) -> Alert:
    """Record that the alert has been taken, cancel what waits, and tell everybody."""
    now = desk.clock.now()
    ACKNOWLEDGED.labels(alert.level.name).inc()
    log.info("alert_acknowledged", case_code=act.case_code, how=act.how, correlation_id=alert.correlation_id)
    await store.note(connection, alert.report_id, now, act.entry("acknowledged"))
    await store.cancel_pages(connection, alert.report_id, now)
    await queue_ends(connection, desk, alert)
    await _tell_others(connection, desk, alert, act.person_id)
    await desk.tell(connection, alert)
    return alert


async def _second(connection: AsyncConnection, desk: Desk, act: Act) -> Acknowledged:
    """Record who came later; an alert that was opened again at this very moment is acknowledged after all."""
    alert = await store.alert_by_code(connection, act.case_code, lock=True)
    if act.person_id in await exclusion.excluded_from(connection, alert):
        raise PersonExcludedError(str(act.person_id))
    match alert.state:
        case "open" if alert.must_all:
            return await _one_of_all(connection, desk, act, alert)
        case "open":
            return await acknowledge(connection, desk, act)
        case "closed":
            await store.note(connection, alert.report_id, desk.clock.now(), act.entry("tried_when_closed"))
            raise AlertClosedError(act.case_code)
        case _:
            await store.note(connection, alert.report_id, desk.clock.now(), act.entry("acknowledged_again"))
            return Acknowledged(alert, first=False)


async def _one_of_all(connection: AsyncConnection, desk: Desk, act: Act, alert: Alert) -> Acknowledged:
    """Record one acknowledgement of a step that wants everybody's; the last of them takes the alert.

    Whoever acknowledged first holds the case. Until all have, the next step comes at its time. Somebody who was not
    asked in this step is recorded and does not stand for those who were.
    """
    now = desk.clock.now()
    step = (pages.c.plan == alert.plan) & (pages.c.step == alert.step) & (pages.c.round == alert.round)
    mine = (pages.c.report_id == alert.report_id) & (pages.c.person_id == act.person_id) & step
    marked = update(pages).where(mine, pages.c.acknowledged_at.is_(None)).values(acknowledged_at=now)
    new = (await connection.execute(marked.returning(pages.c.id))).first() is not None
    missing = (
        select(func.count())
        .select_from(pages)
        .where(
            pages.c.report_id == alert.report_id,
            step,
            pages.c.acknowledged_at.is_(None),
            pages.c.declined_at.is_(None),
            pages.c.unreachable_at.is_(None),
        )
    )
    left = int(await connection.scalar(missing) or 0)
    holder = {
        "acknowledged_by": alert.acknowledged_by or act.person_id,
        "acknowledged_at": alert.acknowledged_at or now,
    }
    if left or not new:
        what = "acknowledged_one_of_all" if new else "acknowledged_again"
        await store.note(connection, alert.report_id, now, (what, act.person_id, {"how": act.how, "missing": left}))
        values = holder if new else {}
        changed = await store.change_alert(connection, alert.report_id, **values) if values else alert
        await desk.tell(connection, changed)
        return Acknowledged(changed, first=new)
    done = {"state": "acknowledged", "next_step_at": None, "alarm_at": None, "must_all": False}
    changed = await store.change_alert(connection, alert.report_id, **holder, **done)
    return Acknowledged(await _taken(connection, desk, act, changed), first=True)


async def _tell_others(connection: AsyncConnection, desk: Desk, alert: Alert, person_id: UUID) -> None:
    """Tell everybody else whom a page has left for, and who has not answered, that nothing is left to do."""
    left = select(messages.c.person_id).where(
        messages.c.report_id == alert.report_id,
        messages.c.kind == "page",
        messages.c.state.in_([state.value for state in HAVE_LEFT]),
    )
    reached = set((await connection.execute(left)).scalars())
    rows = await store.paged_people(connection, alert.report_id)
    excluded = await exclusion.excluded_from(connection, alert)
    answered = {row["person_id"] for row in rows if row["declined_at"] or row["acknowledged_at"]}
    time, wording = vietnam_time(alert.acknowledged_at or desk.clock.now()), await wording_in_force(connection)

    def text(language: str) -> str:
        return sms_text.taken_by_other(code=alert.case_code, time=time, words=wording.of(language))

    drafts = {
        row["person_id"]: Draft(row["person_id"], row["address"], "taken_by_other", text(row["language"]))
        for row in rows
        if row["address"] is not None and row["person_id"] in reached - answered - excluded - {person_id}
    }
    ids = await store.write_messages(connection, alert, list(drafts.values()), desk.clock.now())
    await desk.queue_notices(connection, alert, ids)
