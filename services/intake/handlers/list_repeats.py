"""The repeats of a report as a page shows them: what may be one, and what a person has linked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import conflicts, link_records, store
from services.intake.handlers.find_repeats import find_repeats
from services.intake.handlers.match_keys import sought
from services.intake.handlers.read_report import Document, read_report
from services.intake.link_records import Pair
from services.intake.rules.repeats import Likeness, LinkState, Reason
from services.intake.rules.report import Report
from services.intake.store import ReportStatus
from shared.crypto import Keys, UndecryptableError
from shared.identity.actor import Actor
from shared.observability import logger
from shared.service import Parts

MOST_SHOWN = 5
"""Suggestions on a page, the likeliest first."""

log = logger(__name__)


@dataclass(frozen=True)
class Suggested:
    """A report that may be a repeat; `marked`: whoever takes the report has said that it is."""

    report: ReportStatus
    reasons: tuple[Reason, ...] = ()
    marked: bool = False


@dataclass(frozen=True)
class Merged:
    """A report of the same child; `note` is what the person who linked it wrote."""

    report: ReportStatus
    note: str = ""


@dataclass(frozen=True)
class Repeats:
    """What a page shows."""

    suggested: tuple[Suggested, ...] = ()
    merged: tuple[Merged, ...] = ()


NONE = Repeats()


async def repeats_of(connection: AsyncConnection, keys: Keys, report: ReportStatus, actor: Actor) -> Repeats:
    """Return the repeats of a stored report that are not kept from the actor. It looks again, for what came at the same moment found neither then."""
    if report.derived_from is not None:
        return NONE
    known = await link_records.links_of(connection, report.report_id)
    group = {member.report_id for member in await link_records.group_of(connection, report.report_id)}
    decided = {_other(row, report.report_id) for row in known if row["state"] != LinkState.SUGGESTED}
    kept = {_other(row, report.report_id): _likeness(row) for row in known}
    found = await _found(connection, keys, report)
    alike = {**kept, **found}
    shown = await conflicts.visible(connection, {*alike, *group}, actor)
    wanted = _likeliest({other: alike[other] for other in alike if other in shown}, without=decided | group)
    merged = (group & shown) - {report.report_id}
    statuses = await store.report_statuses(connection, {*wanted, *merged})
    notes = {_other(row, report.report_id): _note(keys, row) for row in known if row["note"] is not None}
    return Repeats(
        suggested=tuple(Suggested(statuses[other], wanted[other].reasons) for other in _ordered(wanted, statuses)),
        merged=tuple(Merged(status, notes.get(status.report_id, "")) for status in _newest(statuses, merged)),
    )


async def repeats_of_typed(
    parts: Parts, document: Document, marked: Collection[UUID], actor: Actor
) -> tuple[Suggested, ...]:
    """Return what a report that is being typed may repeat, with what was `marked`, or raise `InvalidReportError`."""
    read = read_report(document, parts.clock.now())
    wanted = sought(read.report, read.received_at, parts.keys)
    async with parts.database.reading() as connection:
        alike = {repeat.report_id: repeat.likeness for repeat in await find_repeats(connection, parts.keys, wanted)}
        seen = await conflicts.visible(connection, {*alike, *marked}, actor)
        found = {other: likeness for other, likeness in alike.items() if other in seen}
        shown = _likeliest(found, without=()) | {other: found[other] for other in marked if other in found}
        statuses = await store.report_statuses(connection, {*shown, *(seen & set(marked))})
    order = [*_ordered(shown, statuses), *(other for other in marked if other not in shown)]
    return tuple(
        Suggested(statuses[other], shown[other].reasons if other in shown else (), marked=other in marked)
        for other in order
        if other in statuses
    )


async def _found(connection: AsyncConnection, keys: Keys, report: ReportStatus) -> Mapping[UUID, Likeness]:
    try:
        document = await store.open_document(connection, keys, report.report_id)
    except UndecryptableError:
        log.exception("report_does_not_open", report_id=str(report.report_id))
        return {}
    wanted = sought(Report.model_validate(document), report.received_at, keys)
    return {
        repeat.report_id: repeat.likeness for repeat in await find_repeats(connection, keys, wanted, report.report_id)
    }


def _likeliest(found: Mapping[UUID, Likeness], *, without: Collection[UUID]) -> dict[UUID, Likeness]:
    left = [(other, alike) for other, alike in found.items() if other not in without]
    return dict(sorted(left, key=lambda pair: pair[1].score, reverse=True)[:MOST_SHOWN])


def _ordered(wanted: Mapping[UUID, Likeness], statuses: Mapping[UUID, ReportStatus]) -> list[UUID]:
    """Return the likeliest first, of equally likely ones the newest."""
    return sorted(wanted, key=lambda other: (wanted[other].score, statuses[other].received_at), reverse=True)


def _newest(statuses: Mapping[UUID, ReportStatus], wanted: Iterable[UUID]) -> list[ReportStatus]:
    return sorted((statuses[other] for other in wanted), key=lambda status: status.received_at, reverse=True)


def _other(row: RowMapping, own: UUID) -> UUID:
    other: UUID = row["report_b"] if row["report_a"] == own else row["report_a"]
    return other


def _likeness(row: RowMapping) -> Likeness:
    return Likeness(tuple(Reason(reason) for reason in row["reasons"]), row["score"])


def _note(keys: Keys, row: RowMapping) -> str:
    try:
        return keys.open(row["note"], Pair(row["report_a"], row["report_b"]).sealing_context).decode()
    except UndecryptableError:
        log.exception("note_of_link_does_not_open", report_id=str(row["report_a"]))
        return ""
