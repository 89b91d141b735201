"""What triage reads and writes of cases whose reports are linked; every statement is built once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BindParameter, Row, Text, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.models import assessments, cases
from services.triage.rules.case import Decision
from services.triage.store import ALERT_EXPECTED, CLOCKS
from shared.contracts.events import CaseAssessed, Clocks, FiredRule, ReportReceived, Route
from shared.contracts.vocabulary import Level

LINKED = "linked"
"""The cause of a state that another case of the same child brought."""


@dataclass(frozen=True)
class LinkedCase:
    """A case as it stands, with what the rules had read; `closed`: its alert was closed."""

    sequence: int
    report: ReportReceived
    decision: Decision
    closed: bool


_ids = func.unnest(bindparam("names", type_=ARRAY(Text))).column_valued("name")
_TAKE_TURN = select(func.pg_advisory_xact_lock(func.hashtextextended(_ids, 0)))

_LINKED = (
    select(cases).where(cases.c.report_id.in_(bindparam("report_ids", expanding=True))).order_by(cases.c.report_id)
)

_CHANGED = ("level", "lowered_from", "route", "assessed_at", *CLOCKS)


def _given(name: str) -> BindParameter[Any]:
    return bindparam(f"new_{name}", type_=cases.c[name].type)


_RISE = (
    update(cases)
    .where(
        cases.c.report_id == bindparam("of_report", type_=cases.c.report_id.type),
        cases.c.sequence == bindparam("seen_sequence", type_=cases.c.sequence.type),
    )
    .values(
        **{name: _given(name) for name in _CHANGED},
        sequence=cases.c.sequence + 1,
        cause=LINKED,
        republish_at=ALERT_EXPECTED,
        republished=0,
    )
    .returning(cases)
)
_HISTORY = [column.name for column in assessments.columns]


async def take_turn(connection: AsyncConnection, report_ids: Collection[UUID]) -> None:
    """Wait until nobody else assesses linked reports of these; taken in one order, also before a case is there."""
    names = [f"triage case {report_id}" for report_id in sorted(report_ids)]
    await connection.execute(_TAKE_TURN, {"names": names})


async def linked_cases(connection: AsyncConnection, report_ids: Collection[UUID]) -> tuple[LinkedCase, ...]:
    """Return the cases of these reports that are assessed, in the order of their ids."""
    rows = await connection.execute(_LINKED, {"report_ids": list(report_ids)})
    return tuple(_linked(row) for row in rows)


async def save_risen(
    connection: AsyncConnection, case: LinkedCase, decision: Decision, now: datetime
) -> CaseAssessed | None:
    """Store a risen case, add it to the history and return what tells of it; null when it has moved on meanwhile."""
    values = {
        "level": decision.level.name,
        "lowered_from": decision.lowered_from.name if decision.lowered_from else None,
        "route": decision.route.model_dump(mode="json"),
        "assessed_at": now,
        **{name: getattr(decision.clocks, name) for name in CLOCKS},
    }
    given = {f"new_{name}": value for name, value in values.items()}
    found = {"of_report": case.report.report_id, "seen_sequence": case.sequence}
    row = (await connection.execute(_RISE, {**given, **found})).one_or_none()
    if row is None:
        return None
    await connection.execute(insert(assessments), {name: getattr(row, name) for name in _HISTORY})
    return store.state_of(row, now)


def _linked(row: Row[Any]) -> LinkedCase:
    report = ReportReceived.model_validate(
        {
            **row.facts,
            "occurred_at": row.assessed_at,
            "correlation_id": row.correlation_id,
            "report_id": row.report_id,
            "case_code": row.case_code,
            "revision": row.revision,
            "channel": row.channel,
            "received_at": row.received_at,
            "excluded_person_ids": row.excluded_person_ids,
            "excluded_team_ids": row.excluded_team_ids,
            "submitted_by": row.submitted_by,
        }
    )
    decision = Decision(
        level=Level[row.level],
        rule_level=Level[row.rule_level],
        rules=tuple(FiredRule.model_validate(rule) for rule in row.rules),
        table_version=row.table_version,
        clocks=Clocks(**{name: getattr(row, name) for name in CLOCKS}),
        route=Route.model_validate(row.route),
        lowered_from=Level[row.lowered_from] if row.lowered_from else None,
    )
    return LinkedCase(row.sequence, report, decision, closed=row.alert_state == "closed")
