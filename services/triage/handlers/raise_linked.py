"""Reports that a person linked: each case takes the highest level of them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import link_store
from services.triage.link_store import LinkedCase
from services.triage.rules.case import Decision
from services.triage.rules.linked import may_rise, risen
from services.triage.rules.routing import Surroundings
from shared.clock import Clock
from shared.contracts.events import ReportReceived
from shared.contracts.vocabulary import Level
from shared.events import EventBus
from shared.observability import logger

Around = Callable[[ReportReceived], Awaitable[Surroundings]]
"""Says what routing knows besides a report."""

log = logger(__name__)


class LinkedCaseMovedError(Exception):
    """A linked case moved at the same moment; handle this report again."""


async def hold_linked(connection: AsyncConnection, report: ReportReceived) -> tuple[LinkedCase, ...]:
    """Return the cases that a report is linked to; until the commit nobody assesses another report of the group.

    One that is not assessed yet is not among them: its own assessment comes later, and finds this one.
    """
    linked: set[UUID] = set(report.linked_report_ids) - {report.report_id}
    if not linked:
        return ()
    await link_store.take_turn(connection, {report.report_id, *linked})
    return await link_store.linked_cases(connection, linked)


def with_highest(
    decision: Decision, report: ReportReceived, around: Surroundings, linked: Sequence[LinkedCase]
) -> Decision:
    """Return a decision at the highest level of the cases linked to it, closed ones included."""
    return risen(decision, report, max((case.decision.level for case in linked), default=decision.level), around)


async def raise_linked(
    connection: AsyncConnection,
    linked: Sequence[LinkedCase],
    level: Level,
    around: Around,
    *,
    bus: EventBus,
    clock: Clock,
) -> None:
    """Raise every linked case that is open and below `level` or below another of them, and tell of it.

    Nothing is raised in turn: the group is whole. Raises `LinkedCaseMovedError` when one of them moves at the same moment.
    """
    highest = max([level, *(case.decision.level for case in linked)])
    for case in linked:
        if case.closed or not may_rise(case.decision, highest):
            continue
        decision = risen(case.decision, case.report, highest, await around(case.report))
        event = await link_store.save_risen(connection, case, decision, clock.now())
        if event is None:
            raise LinkedCaseMovedError
        await bus.publish(connection, event)
        log.info("linked_case_raised", case_code=event.case_code, sequence=event.sequence, level=event.level.name)
