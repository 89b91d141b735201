"""Reports that a person linked: each case takes the highest level of them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import link_store
from services.triage.handlers.case_state import Office, move
from services.triage.link_store import LinkedCase
from services.triage.rules.case import Decision
from services.triage.rules.linked import may_rise, risen
from services.triage.rules.routing import Surroundings
from services.triage.rules.rule_table import RuleTable
from shared.contracts.events import ReportReceived
from shared.contracts.vocabulary import Level
from shared.observability import logger

CAUSE = "linked"
"""Of a state that another case of the same child brought."""

Around = Callable[[ReportReceived], Awaitable[Surroundings]]
"""Says what routing knows besides a report."""

log = logger(__name__)


async def hold_linked(connection: AsyncConnection, report: ReportReceived) -> tuple[LinkedCase, ...]:
    """Return the cases that a report is linked to; until the commit nobody assesses another report of the group.

    One that is not assessed yet is not among them: its own assessment comes later, and finds this one.
    """
    linked: set[UUID] = set(report.linked_report_ids) - {report.report_id}
    if not linked:
        return ()
    await link_store.take_turn(connection, {report.report_id, *linked})
    return await link_store.linked_cases(connection, linked)


async def hold_linked_of(connection: AsyncConnection, case_code: str) -> tuple[LinkedCase, ...]:
    """Return the cases linked to a case on which a person acts; called before that case is locked, as assessing does."""
    report = await link_store.report_of_code(connection, case_code)
    return () if report is None else await hold_linked(connection, report)


def with_highest(
    decision: Decision, report: ReportReceived, around: Surroundings, linked: Sequence[LinkedCase], table: RuleTable
) -> Decision:
    """Return a decision at the highest level of the cases linked to it, closed ones included."""
    return risen(decision, report, max((case.decision.level for case in linked), default=decision.level), around, table)


async def raise_linked(
    connection: AsyncConnection,
    office: Office,
    linked: Sequence[LinkedCase],
    level: Level,
    around: Around,
    table: RuleTable,
) -> None:
    """Raise every linked case that is open and below `level` or below another of them, and tell of it.

    Nothing is raised in turn: the group is whole.
    """
    highest = max([level, *(case.decision.level for case in linked)])
    for case in linked:
        if case.closed or not may_rise(case.decision, highest):
            continue
        decision = risen(case.decision, case.report, highest, await around(case.report), table)
        await move(
            connection,
            office,
            case.row,
            CAUSE,
            level=decision.level.name,
            lowered_from=decision.lowered_from.name if decision.lowered_from else None,
            route=decision.route.model_dump(mode="json"),
            **decision.clocks.model_dump(),
        )
        log.info("linked_case_raised", case_code=case.row.case_code, level=decision.level.name)
