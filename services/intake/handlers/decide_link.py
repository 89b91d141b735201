"""A person says that two reports tell of the same child, or that they do not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import link_records
from services.intake.handlers.find_repeats import find_repeats, suggestion
from services.intake.handlers.match_keys import sought
from services.intake.handlers.seal_report import open_report
from services.intake.handlers.tell_links import tell_again
from services.intake.link_records import Pair
from services.intake.rules.repeats import LinkState, Reason
from shared.identity.actor import Actor
from shared.observability import logger
from shared.service import Parts

NOTE_LIMIT = 500
"""Characters of what a person writes about a decision."""

log = logger(__name__)


class UnknownLinkError(Exception):
    """One of the reports is not there, or nothing suggests that they belong together."""


class AlreadyMergedError(Exception):
    """The reports are merged, and levels were raised for it: that is not undone by saying they differ."""


@dataclass(frozen=True)
class Verdict:
    """What a person decided, and who; `note` is free text and is kept sealed."""

    state: LinkState
    actor: Actor
    note: str = ""


async def decide_link(parts: Parts, report_id: UUID, other_id: UUID, verdict: Verdict) -> None:
    """Keep a decision; the same again, even at the same moment, changes nothing.

    A confirmed link gives both reports, and all that are linked to them, a new revision. Raises `UnknownLinkError`, and
    `AlreadyMergedError` for a rejection after a confirmation; a confirmation after a rejection counts.
    """
    async with parts.database.transaction() as connection:
        await link_records.take_turn(connection)
        both = await link_records.lock_reports(connection, {report_id, other_id})
        own = next((row for row in both if row["report_id"] == report_id), None)
        if own is None or len(both) == 1:
            raise UnknownLinkError
        pair = Pair.of(report_id, other_id)
        known = await link_records.link(connection, pair)
        row = dict(known) if known is not None else await _found(connection, parts, own, other_id)
        if row["state"] == verdict.state:
            return
        if row["state"] == LinkState.CONFIRMED:
            raise AlreadyMergedError
        await _keep(connection, parts, pair, row, verdict)
        if verdict.state is LinkState.CONFIRMED:
            await _join(connection, parts, report_id, verdict.actor, own_revision=True)


async def link_new_report(
    connection: AsyncConnection, parts: Parts, report_id: UUID, others: Collection[UUID], actor: Actor
) -> None:
    """Link a report that is being stored to those that whoever took it named, and tell of those again.

    What is not there, or is the report of a child at home, is passed over: a report is never refused for it.
    """
    await link_records.take_turn(connection)
    for other in await link_records.lock_reports(connection, set(others)):
        pair = Pair.of(report_id, other["report_id"])
        row = await link_records.link(connection, pair) or _named_by_a_person(parts, pair)
        await _keep(connection, parts, pair, dict(row), Verdict(LinkState.CONFIRMED, actor))
    await _join(connection, parts, report_id, actor, own_revision=False)


async def _found(connection: AsyncConnection, parts: Parts, own: RowMapping, other_id: UUID) -> dict[str, Any]:
    """Return the suggestion of a pair that nobody has kept: two reports that came at the same moment."""
    report_id = own["report_id"]
    wanted = sought(open_report(parts.keys, report_id, own["document"]), own["received_at"], parts.keys)
    for repeat in await find_repeats(connection, parts.keys, wanted, report_id):
        if repeat.report_id == other_id:
            return suggestion(report_id, repeat, parts.clock.now())
    raise UnknownLinkError


def _named_by_a_person(parts: Parts, pair: Pair) -> dict[str, Any]:
    return {
        "report_a": pair.a,
        "report_b": pair.b,
        "reasons": [Reason.PERSON.value],
        "score": 0,
        "suggested_at": parts.clock.now(),
    }


async def _keep(connection: AsyncConnection, parts: Parts, pair: Pair, row: dict[str, Any], verdict: Verdict) -> None:
    note = verdict.note.strip()[:NOTE_LIMIT]
    decided = {
        "state": verdict.state,
        "decided_by": verdict.actor.id,
        "decided_at": parts.clock.now(),
        "note": parts.keys.seal(note.encode(), pair.sealing_context) if note else None,
    }
    await link_records.decide(connection, {**row, **decided})
    log.info("repeat_reports_decided", report_id=str(pair.a), other_report_id=str(pair.b), state=verdict.state)


async def _join(
    connection: AsyncConnection, parts: Parts, report_id: UUID, actor: Actor, *, own_revision: bool
) -> None:
    group = {member.report_id for member in await link_records.group_of(connection, report_id)}
    await tell_again(connection, parts, group if own_revision else group - {report_id}, actor)
