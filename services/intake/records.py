"""Writing the tables of intake: requests, reports, their history, and what comes back from the other services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import Enum, auto
from typing import Any
from uuid import UUID

from sqlalchemy import Interval, RowMapping, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.models import dead_letters, reports, requests, revisions
from services.intake.rules.republishing import FIRST_WAIT
from shared.contracts.events import AlertChanged, CaseAssessed

Row = Mapping[str, Any]
"""Columns and their values."""

NEW_REPORT_COLUMNS = (
    "report_id",
    "case_code",
    "revision",
    "document",
    "external_digest",
    "content_digest",
    "receipt_digest",
    "channel",
    "received_at",
    "arrived_at",
    "incident_unit_code",
    "residence_unit_code",
    "current_unit_code",
    "submitted_by",
    "written_by",
    "written_at",
    "correlation_id",
    "warnings",
)
"""What a handler gives for a report; states and times of the database come by themselves."""


class Claim(Enum):
    """How an attempt to answer a request for the first time ended."""

    STORED = auto()
    REPEATED = auto()
    """The same request was answered before, or at the same moment."""
    HELD_BACK = auto()
    """The request is new; its external id or one of its codes is taken."""


def _told_again_at() -> Any:
    return func.now() + bindparam("first_wait", FIRST_WAIT, type_=Interval, unique=True)


_claimed = (
    insert(requests)
    .values({column.name: bindparam(f"q_{column.name}", type_=column.type) for column in requests.c})
    .on_conflict_do_nothing()
    .returning(requests.c.report_id)
    .cte("claimed")
)
_stored = (
    insert(reports)
    .from_select(
        [*NEW_REPORT_COLUMNS, "republish_at"],
        select(
            *(bindparam(f"r_{name}", type_=reports.c[name].type) for name in NEW_REPORT_COLUMNS), _told_again_at()
        ).select_from(_claimed),
    )
    .on_conflict_do_nothing()
    .returning(reports.c.report_id)
    .cte("stored")
)
_CLAIM = select(
    select(func.count()).select_from(_claimed).scalar_subquery(),
    select(func.count()).select_from(_stored).scalar_subquery(),
)
_INSERT = (
    insert(reports)
    .values(
        {name: bindparam(f"r_{name}", type_=reports.c[name].type) for name in NEW_REPORT_COLUMNS}
        | {"republish_at": _told_again_at()}
    )
    .on_conflict_do_nothing()
)


async def claim_and_insert(connection: AsyncConnection, request: Row, report: Row) -> Claim:
    """Record a request and its report in one statement; waits for the same request on another connection."""
    values = {f"q_{name}": value for name, value in request.items()} | _report_values(report)
    claimed, stored = (await connection.execute(_CLAIM, values)).one()
    if not claimed:
        return Claim.REPEATED
    return Claim.STORED if stored else Claim.HELD_BACK


async def insert_report(connection: AsyncConnection, report: Row) -> bool:
    """Store a report; false when its external id or one of its codes is taken."""
    return _changed(await connection.execute(_INSERT, _report_values(report)))


async def claim_request(connection: AsyncConnection, request: Row) -> bool:
    """Record a request; false when it was answered before."""
    return _changed(await connection.execute(insert(requests).values(**request).on_conflict_do_nothing()))


async def answered_request(connection: AsyncConnection, request_digest: bytes) -> RowMapping:
    """Return the content digest of an answered request, with the id and code of its report."""
    statement = (
        select(requests.c.content_digest, requests.c.report_id, reports.c.case_code)
        .join(reports, reports.c.report_id == requests.c.report_id)
        .where(requests.c.request_digest == request_digest)
    )
    return (await connection.execute(statement)).mappings().one()


async def point_request(connection: AsyncConnection, request_digest: bytes, report_id: UUID) -> None:
    """Let a request be answered with a report that was there already."""
    await connection.execute(
        update(requests).where(requests.c.request_digest == request_digest).values(report_id=report_id)
    )


async def lock_report(
    connection: AsyncConnection, *, report_id: UUID | None = None, external_digest: bytes | None = None
) -> RowMapping | None:
    """Return a report that is not derived, by either name, and keep others from changing it until the commit."""
    name = reports.c.report_id == report_id if external_digest is None else reports.c.external_digest == external_digest
    # Rows that only refer to the report are let through, so that corrections of two alike never wait for each other.
    statement = select(reports).where(name, reports.c.derived_from.is_(None)).with_for_update(key_share=True)
    return (await connection.execute(statement)).mappings().one_or_none()


async def replace_document(connection: AsyncConnection, current: RowMapping, values: Row) -> int:
    """Move what a locked report said into its history, put `values` in its place, and return the new revision."""
    revision: int = current["revision"] + 1
    await connection.execute(insert(revisions).values({column.name: current[column.name] for column in revisions.c}))
    await connection.execute(
        update(reports)
        .where(reports.c.report_id == current["report_id"])
        .values(**values, revision=revision, republish_at=func.now() + FIRST_WAIT, publish_attempts=1)
    )
    return revision


async def put_derived(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Store the reports of children, or their newer revisions."""
    statement = insert(reports)
    replaced = {name: statement.excluded[name] for name in ("document", "revision", "written_by", "written_at")}
    places = {
        column.name: statement.excluded[column.name] for column in reports.c if column.name.endswith("_unit_code")
    }
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["report_id"], set_=replaced | places), rows
    )


async def record_assessment(connection: AsyncConnection, event: CaseAssessed) -> bool:
    """Keep an assessment unless a newer one is kept; false then, or when the report is not known."""
    newer = func.coalesce(reports.c.assessed_sequence, 0) < event.sequence
    answered = case((reports.c.revision <= event.revision, None), else_=reports.c.republish_at)
    return _changed(
        await connection.execute(
            update(reports)
            .where(reports.c.report_id == event.report_id, newer)
            .values(
                assessed_sequence=event.sequence,
                assessed_at=event.occurred_at,
                level=event.level.name,
                assessment=event.model_dump(
                    mode="json", include={"rules", "clocks", "route", "table_version", "work", "excluded_person_ids"}
                ),
                republish_at=answered,
            )
        )
    )


async def record_alert(connection: AsyncConnection, event: AlertChanged) -> bool:
    """Keep a state of the alert unless a newer one is kept; false then, or when the report is not known."""
    newer = func.coalesce(reports.c.alert_sequence, -1) < event.sequence
    return _changed(
        await connection.execute(
            update(reports)
            .where(reports.c.report_id == event.report_id, newer)
            .values(
                alert_sequence=event.sequence,
                alert_state=event.state,
                alert_step=event.step,
                alert_paged=event.paged,
                acknowledged_by=event.acknowledged_by,
                acknowledged_at=event.acknowledged_at,
            )
        )
    )


async def waiting_reports(connection: AsyncConnection, limit: int) -> Sequence[RowMapping]:
    """Claim reports whose assessment is overdue in real time; other instances pass over them until the commit."""
    statement = (
        select(reports)
        .where(reports.c.republish_at <= func.now())
        .order_by(reports.c.republish_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await connection.execute(statement)).mappings().all()


async def postpone(connection: AsyncConnection, report_id: UUID, attempts: int, wait: timedelta) -> None:
    """Note that a report was told `attempts` times; it is told again after `wait` of real time."""
    await connection.execute(
        update(reports)
        .where(reports.c.report_id == report_id)
        .values(republish_at=func.now() + wait, publish_attempts=attempts)
    )


async def keep_dead_letter(connection: AsyncConnection, row: Row) -> None:
    """Keep a submitted document that cannot be read; the same event again changes nothing."""
    await connection.execute(insert(dead_letters).values(**row).on_conflict_do_nothing())


def _report_values(report: Row) -> dict[str, Any]:
    return {f"r_{name}": report[name] for name in NEW_REPORT_COLUMNS}


def _changed(result: Any) -> bool:
    return bool(result.rowcount == 1)
