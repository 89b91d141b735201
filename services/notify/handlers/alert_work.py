"""What one transaction does to alerts, gathered first and then written in a few statements, however many they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, bindparam, case, null, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import store
from services.notify.handlers.desk import CALLS_AFTER, Desk
from services.notify.models import alerts
from services.notify.records import Alert
from services.notify.rules.escalation import OnDuty
from services.notify.store import Draft
from shared.contracts.vocabulary import Level

Entry = tuple[str, UUID | None, dict[str, Any]]
"""What happened, to or by whom, and its codes and numbers, for the timeline."""

_raised = bindparam("raised", type_=Boolean)
_MOVE = (
    update(alerts)
    .where(alerts.c.report_id == bindparam("moved"))
    .values(
        step=bindparam("new_step"),
        round=bindparam("new_round"),
        next_step_at=bindparam("due", type_=alerts.c.next_step_at.type),
        sequence=bindparam("new_sequence"),
        must_all=bindparam("all", type_=Boolean),
        alarm_at=case((_raised, bindparam("now", type_=alerts.c.alarm_at.type)), else_=alerts.c.alarm_at),
        alarm_silenced_by=case((_raised, null()), else_=alerts.c.alarm_silenced_by),
    )
)


@dataclass
class AlertWork:
    """Steps that fire at one moment, `now`; the alerts are locked by the caller until it is written."""

    now: datetime
    alerts: list[Alert] = field(default_factory=list)
    """As they are afterwards, in the order in which they were changed."""
    _moves: list[dict[str, Any]] = field(default_factory=list)
    _pages: list[dict[str, Any]] = field(default_factory=list)
    _messages: list[dict[str, Any]] = field(default_factory=list)
    _entries: list[dict[str, Any]] = field(default_factory=list)
    _sends: list[tuple[Alert, UUID]] = field(default_factory=list)
    _calls: list[tuple[Alert, UUID]] = field(default_factory=list)

    def move(self, alert: Alert, *, step: int, round_: int, due: datetime, alarm: bool = False) -> Alert:
        """Bring an alert to a step, and return it as it is then; `alarm` calls the supervisors, silenced or not."""
        moved = replace(
            alert,
            step=step,
            round=round_,
            sequence=alert.sequence + 1,
            alarm_at=self.now if alarm else alert.alarm_at,
            must_all=alert.steps[step - 1].all_must,
        )
        self._moves.append(
            {
                "moved": alert.report_id,
                "new_step": step,
                "new_round": round_,
                "due": due,
                "new_sequence": moved.sequence,
                "all": moved.must_all,
                "raised": alarm,
                "now": self.now,
            }
        )
        self.alerts.append(moved)
        return moved

    def note(self, alert: Alert, *entries: Entry) -> None:
        """Add to an alert's timeline."""
        self._entries += store.timeline_rows(alert.report_id, self.now, entries)

    def page(self, alert: Alert, people: Collection[OnDuty], drafts: Sequence[Draft]) -> None:
        """Ask people to take an alert, each by a message of `drafts`."""
        self._pages += store.page_rows(alert, people, self.now)
        rows = store.message_rows(alert, drafts, self.now)
        self._messages += rows
        self._sends += [(alert, row["id"]) for row in rows]

    def call(self, alert: Alert, drafts: Sequence[Draft]) -> None:
        """Call people whom `page` has asked, a moment after their message."""
        rows = store.message_rows(alert, drafts, self.now)
        self._messages += rows
        self._calls += [(alert, row["id"]) for row in rows]

    async def write(self, connection: AsyncConnection, desk: Desk) -> None:
        """Write all of it; messages leave and the other services are told once the transaction commits.

        The gravest alerts' messages are queued first.
        """
        if not self.alerts:
            return
        await connection.execute(_MOVE, self._moves)
        await store.insert_rows(connection, self._entries, self._pages, self._messages)
        gravest_first = sorted(self._sends, key=lambda send: -Level(send[0].level))
        await desk.queue_all(connection, gravest_first)
        await desk.queue_all(connection, self._calls, not_before=datetime.now(UTC) + CALLS_AFTER)
        await desk.tell_all(connection, self.alerts)
