"""A supervisor says whether a colleague is the alleged person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.intake import conflicts, records
from services.intake.handlers.find_conflicts import known_exclusions, tell_exclusions
from services.intake.handlers.seal_report import open_report
from shared.identity.actor import Actor
from shared.observability import logger
from shared.service import Parts

log = logger(__name__)


class UnknownConflictError(Exception):
    """Nothing was found of this subject in this report, or the report is not for whoever asks."""


@dataclass(frozen=True)
class Decision:
    """What a supervisor decides: `subject_id` is the person's or the team's, `same` keeps the exclusion."""

    report_id: UUID
    subject_id: UUID
    same: bool
    actor: Actor


async def decide_conflict(parts: Parts, decision: Decision) -> None:
    """Keep or lift an exclusion and tell the report again if that changes who is excluded.

    Raises `UnknownConflictError`; nobody decides about themselves, since nobody sees a report that excludes them.
    """
    report_id, actor = decision.report_id, decision.actor
    async with parts.database.transaction() as connection:
        row = await records.lock_report(connection, report_id=report_id)
        found = await conflicts.kept(connection, report_id)
        if row is None or actor.id is None or decision.subject_id not in found:
            raise UnknownConflictError
        if not await conflicts.may_see(connection, report_id, actor):
            raise UnknownConflictError
        before = await known_exclusions(connection, report_id)
        now = parts.clock.now()
        if not await conflicts.decide(
            connection, report_id, decision.subject_id, same=decision.same, by=actor.id, now=now
        ):
            return
        log.info("conflict_decided", report_id=str(report_id), same=decision.same, by=str(actor.id))
        after = await known_exclusions(connection, report_id)
        if after != before:
            report = open_report(parts.keys, report_id, row["document"])
            await tell_exclusions(connection, parts, row, report, after)
