"""Reading the tables of intake for programs and pages. Nothing here is personal but `open_document`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import reports, revisions
from services.intake.rules.republishing import ACCOUNTED_WITHIN
from services.intake.rules.status import Status, status_of
from shared import places
from shared.contracts.vocabulary import Level
from shared.crypto import Keys

_OF_THE_REPORT = (
    "report_id",
    "case_code",
    "revision",
    "channel",
    "received_at",
    "arrived_at",
    "incident_unit_code",
    "submitted_by",
    "derived_from",
    "warnings",
)
_OF_THE_CASE = (
    "level",
    "assessment",
    "alert_state",
    "alert_step",
    "alert_paged",
    "acknowledged_by",
    "acknowledged_at",
)

RECEIPT_PURPOSE = "intake.receipt"
"""Separates the keyed hashes of receipts from others."""


def sealing_context(report_id: UUID) -> str:
    """Return what a sealed document is bound to, so that it opens in the place of its own report only."""
    return f"intake.reports:{report_id}"


@dataclass(frozen=True)
class AlertStatus:
    """The alert of a report as it last came back; `step` from 1, `acknowledged_by` a person's id, times in UTC."""

    state: str
    step: int
    acknowledged_by: UUID | None
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class ReportStatus:
    """Where a report is. `commune` is the name of the commune of the incident, null while unresolved; times in UTC.

    `assessment` holds `rules`, `clocks` and `route` as `CaseAssessed` has them, null until assessed. The report of a
    child at home (`derived_from`) shows level, assessment and alert of the adult's.
    """

    report_id: UUID
    case_code: str
    revision: int
    channel: str
    received_at: datetime
    arrived_at: datetime
    commune: str | None
    unit_code: int | None
    submitted_by: UUID | None
    derived_from: UUID | None
    warnings: tuple[str, ...]
    status: Status
    level: Level | None
    assessment: dict[str, Any] | None
    alert: AlertStatus | None


async def report_status(connection: AsyncConnection, report_id: UUID) -> ReportStatus | None:
    """Return the state of a report, null when there is none of this id."""
    return _status((await connection.execute(_states().where(reports.c.report_id == report_id))).one_or_none())


async def report_status_by_receipt(connection: AsyncConnection, keys: Keys, receipt: str) -> ReportStatus | None:
    """Return the state of the report that a receipt of 16 digits (spaces allowed) was given for, null when none was."""
    digest = keys.digest("".join(receipt.split()), RECEIPT_PURPOSE)
    return _status((await connection.execute(_states().where(reports.c.receipt_digest == digest))).one_or_none())


async def report_statuses(connection: AsyncConnection, report_ids: Collection[UUID]) -> dict[UUID, ReportStatus]:
    """Return the states of reports by their ids; those that are not there, or of children at home, are left out."""
    statement = _states().where(reports.c.report_id.in_(report_ids), reports.c.derived_from.is_(None))
    rows = await connection.execute(statement)
    return {row.report_id: status for row in rows if (status := _status(row)) is not None}


async def recent_reports(
    connection: AsyncConnection,
    *,
    submitted_by: UUID | None = None,
    limit: int = 50,
    which: ColumnElement[bool] | None = None,
) -> tuple[ReportStatus, ...]:
    """Return the newest reports, of one account or of all, newest first; those of children at home are left out.

    `which` is a further condition on rows of reports.
    """
    statement = _states().where(reports.c.derived_from.is_(None)).order_by(reports.c.arrived_at.desc()).limit(limit)
    if submitted_by is not None:
        statement = statement.where(reports.c.submitted_by == submitted_by)
    if which is not None:
        statement = statement.where(which)
    return tuple(status for row in await connection.execute(statement) if (status := _status(row)) is not None)


async def page_of_reports(
    connection: AsyncConnection, which: ColumnElement[bool], *, limit: int, offset: int
) -> tuple[int, tuple[ReportStatus, ...]]:
    """Return how many reports fulfil a condition on their rows, and a page of them, newest first by their receipt.

    Those of children at home are left out.
    """
    wanted = reports.c.derived_from.is_(None) & which
    found = int(await connection.scalar(select(func.count()).select_from(reports).where(wanted)) or 0)
    newest = (reports.c.received_at.desc(), reports.c.arrived_at.desc(), reports.c.report_id)
    rows = await connection.execute(_states().where(wanted).order_by(*newest).limit(limit).offset(offset))
    return found, tuple(status for row in rows if (status := _status(row)) is not None)


async def open_document(connection: AsyncConnection, keys: Keys, report_id: UUID) -> dict[str, Any] | None:
    """Return the report itself, which is personal: for those who may see it, after the read is recorded.

    Null when there is none of this id; raises `UndecryptableError` when no configured key opens it.
    """
    sealed = await connection.scalar(select(reports.c.document).where(reports.c.report_id == report_id))
    if sealed is None:
        return None
    document: dict[str, Any] = from_json(keys.open(sealed, sealing_context(report_id)))
    return document


async def open_earlier(
    connection: AsyncConnection, keys: Keys, report_id: UUID, revision: int
) -> dict[str, Any] | None:
    """Return what a report said in an earlier revision, as personal as `open_document`; null when it had no such."""
    of_then = (revisions.c.report_id == report_id) & (revisions.c.revision == revision)
    sealed = await connection.scalar(select(revisions.c.document).where(of_then))
    if sealed is None:
        return None
    document: dict[str, Any] = from_json(keys.open(sealed, sealing_context(report_id)))
    return document


@dataclass(frozen=True)
class Ledger:
    """Counts of reports: received = waiting + assessed; assessed = open + acknowledged + closed + derived."""

    received: int
    waiting: int
    assessed: int
    open: int
    acknowledged: int
    closed: int
    derived: int
    gap: int


async def count_ledger(connection: AsyncConnection) -> Ledger:
    """Count what became of every report.

    *Waiting* are reports whose alert has not come back, reports of children (*derived*) apart, which have none of
    their own; every other report is *assessed*. *Gap* counts those that have waited for more than two minutes of real
    time: somewhere between the services they were held up, which the supervisors must hear of.
    """
    own = reports.c.derived_from.is_(None)
    waiting = own & reports.c.alert_state.is_(None)
    overdue = waiting & (reports.c.stored_at < func.now() - ACCOUNTED_WITHIN)
    counts = [
        func.count(),
        *(
            func.count().filter(group)
            for group in (waiting, *_by_state(own), reports.c.derived_from.isnot(None), overdue)
        ),
    ]
    row = (await connection.execute(select(*counts).select_from(reports))).one()
    received, waiting_now, *states, derived, gap = (int(count) for count in row)
    opened, acknowledged, closed = states
    return Ledger(
        received=received,
        waiting=waiting_now,
        assessed=opened + acknowledged + closed + derived,
        open=opened,
        acknowledged=acknowledged,
        closed=closed,
        derived=derived,
        gap=gap,
    )


def _by_state(own: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    return [
        own & (reports.c.alert_state == literal_column(f"'{state}'")) for state in ("open", "acknowledged", "closed")
    ]


def _states() -> Select[Any]:
    own = reports.alias("own")
    return select(
        *(reports.c[name] for name in _OF_THE_REPORT),
        *(own.c[name] for name in _OF_THE_CASE),
    ).join(own, own.c.report_id == func.coalesce(reports.c.derived_from, reports.c.report_id))


def _status(row: Row[Any] | None) -> ReportStatus | None:
    if row is None:
        return None
    level = None if row.level is None else Level[row.level]
    alert = None
    if row.alert_state is not None:
        alert = AlertStatus(row.alert_state, row.alert_step, row.acknowledged_by, row.acknowledged_at)
    return ReportStatus(
        report_id=row.report_id,
        case_code=row.case_code,
        revision=row.revision,
        channel=row.channel,
        received_at=row.received_at,
        arrived_at=row.arrived_at,
        commune=None if row.incident_unit_code is None else places.last_name(row.incident_unit_code),
        unit_code=row.incident_unit_code,
        submitted_by=row.submitted_by,
        derived_from=row.derived_from,
        warnings=tuple(row.warnings),
        status=status_of(level, row.alert_state, row.alert_paged or 0),
        level=level,
        assessment=row.assessment,
        alert=alert,
    )
