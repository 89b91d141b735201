"""A case is assessed: page whoever is on duty."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import exclusion, store
from services.notify.handlers.desk import Desk
from services.notify.handlers.fire_step import Start, duty_of, start_paging
from services.notify.handlers.follow_work import follow_work
from services.notify.handlers.revise_alert import revise_alert
from services.notify.models import alerts
from services.notify.records import Alert
from shared.contracts.events import NOTHING_DONE, CaseAssessed
from shared.observability import logger

log = logger(__name__)

_OPEN = insert(alerts).on_conflict_do_nothing().returning(alerts)


async def open_alert(connection: AsyncConnection, desk: Desk, event: CaseAssessed) -> None:
    """Open the alert of a report, or bring it up to date with a newer state; repeats change nothing.

    The report of a child at an adult's home joins the adult's case and has no alert of its own.
    """
    if event.derived_from is not None:
        return
    proposed = Alert.proposed(event, await exclusion.codes_of(connection, event.excluded_team_ids))
    proposed = await desk.following(connection, proposed, event.route.lead)
    duty = await duty_of(connection, proposed, desk)
    now = desk.clock.now()
    start = Start.of(proposed, duty, now, since=event.received_at)
    values = {
        **store.assessed(event, proposed.excluded_teams),
        **start.columns(now),
        "policy": proposed.policy_document,
        "state": "open",
        "opened_at": now,
        "correlation_id": event.correlation_id,
    }
    opened = await connection.execute(_OPEN, values)
    row = opened.mappings().first()
    if row is None:
        await revise_alert(connection, desk, event)
        return
    alert = Alert.of(row)
    log.info("alert_opened", case_code=alert.case_code, case_level=alert.level.name, step=alert.step)
    await start_paging(connection, alert, desk, start, duty, (), ("opened", None, {"level": alert.level.name}))
    if event.work != NOTHING_DONE:
        await follow_work(connection, desk, event)
