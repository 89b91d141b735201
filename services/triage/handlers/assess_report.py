"""Assess a report: level, rules, deadlines, route; store them and tell notify and intake."""

from __future__ import annotations

from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.handlers.case_state import Office
from services.triage.handlers.raise_linked import hold_linked, raise_linked, with_highest
from services.triage.rules.case import Decision, decide
from services.triage.rules.routing import Surroundings
from services.triage.surroundings import surroundings
from services.triage.table_in_force import table_in_force
from shared.clock import Clock
from shared.contracts.event import Moment
from shared.contracts.events import CaseAssessed, ReportReceived
from shared.events import EventBus
from shared.observability import logger

log = logger(__name__)


class CaseMovedError(Exception):
    """Another revision of this report was assessed at the same moment; handle this one again."""


async def assess_report(connection: AsyncConnection, report: ReportReceived, *, bus: EventBus, clock: Clock) -> None:
    """Handle `heedline.reports.received.v1`; a revision that is not newer than the stored one changes nothing.

    Raises `CaseMovedError` when the case moves at the same moment, so that the later transaction reads the earlier one's result.
    """
    linked = await hold_linked(connection, report)
    known = await store.known(connection, report.report_id, report.incident_unit_code)
    before = known.before
    if before and report.revision <= before.revision:
        log.info("revision_already_assessed", case_code=report.case_code, revision=report.revision)
        return
    around = surroundings(report, covered=known.covered)
    table = await table_in_force(connection, known.table_digest)
    decision = with_highest(decide(report, before, around, table), report, around, linked, table)
    event = _told(report, decision, before.sequence + 1 if before else 1, clock.now())
    if not await store.save(connection, event, decision, report):
        raise CaseMovedError
    await bus.publish(connection, event)
    await raise_linked(connection, Office(bus, clock), linked, decision.level, partial(around_of, connection), table)
    log.info("case_assessed", case_code=report.case_code, revision=report.revision, level=decision.level.name)


async def around_of(connection: AsyncConnection, report: ReportReceived) -> Surroundings:
    """Return what routing knows besides the report of a case that is there already."""
    known = await store.known(connection, report.report_id, report.incident_unit_code)
    return surroundings(report, covered=known.covered)


def _told(report: ReportReceived, decision: Decision, sequence: int, now: Moment) -> CaseAssessed:
    return CaseAssessed(
        occurred_at=now,
        correlation_id=report.correlation_id,
        report_id=report.report_id,
        case_code=report.case_code,
        sequence=sequence,
        revision=report.revision,
        channel=report.channel,
        received_at=report.received_at,
        level=decision.level,
        rules=decision.rules,
        table_version=decision.table_version,
        clocks=decision.clocks,
        route=decision.route,
        excluded_person_ids=report.excluded_person_ids,
        excluded_team_ids=report.excluded_team_ids,
        submitted_by=report.submitted_by,
        lowered=decision.lowered_from is not None,
        derived_from=report.derived_from,
        work=decision.work,
    )
