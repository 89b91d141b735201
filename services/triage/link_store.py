"""What triage reads and writes of cases whose reports are linked; every statement is built once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.models import cases
from services.triage.rules.case import Decision
from shared.contracts.events import FiredRule, ReportReceived, Route
from shared.contracts.vocabulary import Level


@dataclass(frozen=True)
class LinkedCase:
    """A case as it stands, locked, with what the rules had read; `closed`: by Mẫu 06, or its alert was."""

    row: Row[Any]
    report: ReportReceived
    decision: Decision
    closed: bool


_ids = func.unnest(bindparam("names", type_=ARRAY(Text))).column_valued("name")
_TAKE_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(_ids, 0)))

_LINKED = (
    select(cases)
    .where(cases.c.report_id.in_(bindparam("report_ids", expanding=True)))
    .order_by(cases.c.report_id)
    .with_for_update()
)

_OF_CODE = select(cases).where(cases.c.case_code == bindparam("code"), cases.c.derived_from.is_(None))


async def take_turn(connection: AsyncConnection, report_ids: Collection[UUID]) -> None:
    """Wait until nobody else assesses linked reports of these; taken in one order, also before a case is there."""
    names = [f"triage case {report_id}" for report_id in sorted(report_ids)]
    await connection.execute(_TAKE_TURN, {"names": names})


async def linked_cases(connection: AsyncConnection, report_ids: Collection[UUID]) -> tuple[LinkedCase, ...]:
    """Return the cases of these reports that are assessed, in the order of their ids; nobody changes them until the commit."""
    rows = await connection.execute(_LINKED, {"report_ids": list(report_ids)})
    return tuple(_linked(row) for row in rows)


async def report_of_code(connection: AsyncConnection, case_code: str) -> ReportReceived | None:
    """Return the report of a case as it stands, without holding it; null when there is no such case."""
    row = (await connection.execute(_OF_CODE, {"code": case_code})).first()
    return None if row is None else store.report_of(row)


def _linked(row: Row[Any]) -> LinkedCase:
    before = store.before_of(row)
    decision = Decision(
        level=Level[row.level],
        rule_level=Level[row.rule_level],
        rules=tuple(FiredRule.model_validate(rule) for rule in row.rules),
        table_version=row.table_version,
        clocks=before.clocks,
        route=Route.model_validate(row.route),
        lowered_from=before.lowered_from,
        answers=before.answers,
    )
    closed = row.alert_state == "closed" or before.work.closed_at is not None
    return LinkedCase(row, store.report_of(row), decision, closed=closed)
