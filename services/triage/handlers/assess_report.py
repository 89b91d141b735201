"""Assess a report: level, rules, deadlines, route; store them and tell notify and intake."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.rules.case import Decision, decide
from services.triage.rules.routing import Surroundings
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

    Raises `CaseMovedError` when two revisions race, so that the later transaction reads the earlier one's result.
    """
    known = await store.known(connection, report.report_id, report.incident_unit_code)
    before = known.before
    if before and report.revision <= before.revision:
        log.info("revision_already_assessed", case_code=report.case_code, revision=report.revision)
        return
    around = await _surroundings(connection, report, covered=known.covered)
    table = await table_in_force(connection, known.table_digest)
    decision = decide(report, before, around, table)
    event = _told(report, decision, clock.now())
    seen = before.revision if before else None
    if not await store.save(connection, event, rule_level=decision.rule_level, read=report, seen=seen):
        raise CaseMovedError
    await bus.publish(connection, event)
    log.info("case_assessed", case_code=report.case_code, revision=report.revision, level=decision.level.name)


async def _surroundings(connection: AsyncConnection, report: ReportReceived, *, covered: bool) -> Surroundings:
    wanted = set(report.excluded_team_ids)
    if not wanted:
        return Surroundings(covered=covered)
    codes = await store.codes_of_teams(connection, list(wanted))
    return Surroundings(covered=covered, excluded=codes, excluded_unknown=len(codes) < len(wanted))


def _told(report: ReportReceived, decision: Decision, now: Moment) -> CaseAssessed:
    return CaseAssessed(
        occurred_at=now,
        correlation_id=report.correlation_id,
        report_id=report.report_id,
        case_code=report.case_code,
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
    )
