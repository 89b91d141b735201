"""What triage reads and writes; every statement is built once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CursorResult,
    Executable,
    Row,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.models import LAB, assessments, cases, covered_units
from services.triage.rules.case import Before, Decision
from shared.contracts.events import AlertChanged, CaseAssessed, CaseWork, Clocks, ReportReceived
from shared.contracts.vocabulary import Level
from shared.places import TEST_UNIT

ALERT_EXPECTED_WITHIN = timedelta(seconds=30)
"""Real time that notify has to tell of an alert before its case is published again."""

ALERT_EXPECTED = func.now() + ALERT_EXPECTED_WITHIN

REPUBLISHED_AT_MOST_EVERY = timedelta(minutes=10)
"""Real time between two tries, once doubling has reached it."""

CLOCKS = tuple(Clocks.model_fields)
"""The columns of a case's deadlines."""

REVISION = "revision"
"""The cause of a state that a revision of the report brought."""

READ_BY_RULES = {
    "subject_kind",
    "age_min",
    "age_max",
    "age_basis",
    "disabled",
    "children_in_home",
    "concerns",
    "facts",
    "earlier_reports_12_months",
    "alleged_roles",
    "incident_unit_code",
    "residence_unit_code",
    "current_unit_code",
    "linked_report_ids",
}
"""The fields of a report that are kept with its assessment."""


@dataclass(frozen=True)
class Known:
    """What triage knew when a report came: the case so far, whether the commune has teams here, and the rule table.

    `table_digest` is that of the rule table in force; null until one is kept, when the built-in one is.
    """

    before: Before | None
    covered: bool
    table_digest: str | None


def _given(name: str) -> BindParameter[Any]:
    return bindparam(f"new_{name}", type_=assessments.c[name].type)


_COPIED = [column.name for column in assessments.columns]

_one = select(literal(1)).subquery()

# The watch's test unit is always covered: its reports must not become the province's.
_KNOWN = select(
    or_(
        bindparam("unit_code") == literal(TEST_UNIT.code),
        ~exists(select(covered_units.c.unit_code)),
        exists(select(covered_units.c.unit_code).where(covered_units.c.unit_code == bindparam("unit_code"))),
    ).label("covered"),
    select(LAB.rule_tables.c.digest).where(LAB.rule_tables.c.state == "active").scalar_subquery().label("table_digest"),
    cases.c.sequence,
    cases.c.revision,
    cases.c.level,
    cases.c.lowered_from,
    cases.c.work,
    cases.c.answers,
    *(cases.c[name] for name in CLOCKS),
).select_from(_one.outerjoin(cases, cases.c.report_id == bindparam("report_id")))

_new = upsert(cases).values(
    {
        **{name: _given(name) for name in _COPIED},
        "republish_at": case((_given("derived_from").is_(None), ALERT_EXPECTED)),
    }
)
_alert_outdated = or_(cases.c.alert_sequence.is_(None), cases.c.alert_level != _new.excluded.level)
_stored = (
    _new.on_conflict_do_update(
        index_elements=[cases.c.report_id],
        set_={
            **{name: _new.excluded[name] for name in _COPIED if name != "report_id"},
            "republish_at": case((_alert_outdated, _new.excluded.republish_at)),
            "republished": 0,
        },
        where=cases.c.sequence == bindparam("seen_sequence", type_=cases.c.sequence.type),
    )
    .returning(*(cases.c[name] for name in _COPIED))
    .cte("stored")
)
_STORE = insert(assessments).from_select(_COPIED, select(*(_stored.c[name] for name in _COPIED)))

_ALERT = (
    "alert_sequence",
    "alert_state",
    "alert_level",
    "alert_step",
    "alert_paged",
    "acknowledged_by",
    "acknowledged_at",
    "contacted_at",
)

_told = {name: bindparam(f"new_{name}", type_=cases.c[name].type) for name in _ALERT}
_RECORD_ALERT = (
    update(cases)
    .where(
        cases.c.report_id == bindparam("of_report"),
        or_(cases.c.alert_sequence.is_(None), cases.c.alert_sequence < _told["alert_sequence"]),
    )
    .values(
        **_told,
        republish_at=case(
            (or_(cases.c.level == _told["alert_level"], _told["alert_state"] == "closed"), None),
            else_=cases.c.republish_at,
        ),
    )
)
"""An alert that came back at the case's level, or is closed, ends the wait for it."""

_HAS_CASE = select(exists().where(cases.c.report_id == bindparam("report_id")))

_doubled = func.now() + ALERT_EXPECTED_WITHIN * func.power(2, func.least(cases.c.republished + 1, 16))
_due = (
    select(cases.c.report_id)
    .where(cases.c.republish_at <= func.now())
    .order_by(cases.c.republish_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")  # read exactly once, so that no more than `most` rows are locked
)
_CLAIM_UNPAGED = (
    update(cases)
    .where(cases.c.report_id == _due.c.report_id)
    .values(
        republished=cases.c.republished + 1,
        republish_at=func.least(_doubled, func.now() + REPUBLISHED_AT_MOST_EVERY),
    )
    .returning(cases)
)


async def known(connection: AsyncConnection, report_id: UUID, unit_code: int | None) -> Known:
    """Return the case of a report so far, whether `unit_code` is covered, and the rule table in force."""
    row = (await connection.execute(_KNOWN, {"report_id": report_id, "unit_code": unit_code})).one()
    before = before_of(row) if row.revision is not None else None
    return Known(before=before, covered=row.covered, table_digest=row.table_digest)


async def save(connection: AsyncConnection, event: CaseAssessed, decision: Decision, read: ReportReceived) -> bool:
    """Store a revision's state and add it to the history; false when the case has moved on meanwhile."""
    values = {
        "report_id": event.report_id,
        "sequence": event.sequence,
        "cause": REVISION,
        "revision": event.revision,
        "derived_from": event.derived_from,
        "case_code": event.case_code,
        "channel": event.channel.value,
        "received_at": event.received_at,
        "level": event.level.name,
        "rule_level": decision.rule_level.name,
        "lowered_from": decision.lowered_from.name if decision.lowered_from else None,
        "table_version": event.table_version,
        "rules": [rule.model_dump(mode="json") for rule in event.rules],
        "facts": read.model_dump(mode="json", include=READ_BY_RULES, exclude_defaults=True),
        **{name: getattr(event.clocks, name) for name in CLOCKS},
        "route": event.route.model_dump(mode="json"),
        "excluded_person_ids": list(event.excluded_person_ids),
        "excluded_team_ids": list(event.excluded_team_ids),
        "submitted_by": event.submitted_by,
        "answers": dict(decision.answers),
        "work": event.work.model_dump(mode="json", exclude_none=True),
        "correlation_id": event.correlation_id,
        "assessed_at": event.occurred_at,
    }
    given = {f"new_{name}": value for name, value in values.items()}
    return await _rows(connection, _STORE, {**given, "seen_sequence": event.sequence - 1}) == 1


def report_of(row: Row[Any]) -> ReportReceived:
    """Return the report of a case as rules read it, its newest revision."""
    return ReportReceived.model_validate(
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
            "derived_from": row.derived_from,
        }
    )


def before_of(row: Row[Any]) -> Before:
    """Return what a stored case had, for its next state."""
    return Before(
        sequence=row.sequence,
        revision=row.revision,
        level=Level[row.level],
        clocks=_clocks(row),
        lowered_from=Level[row.lowered_from] if row.lowered_from else None,
        work=CaseWork.model_validate(row.work),
        answers=row.answers,
    )


async def record_alert(connection: AsyncConnection, change: AlertChanged) -> bool:
    """Keep a change of an alert; false when a newer one is kept already, or there is no such case."""
    values = {
        "alert_sequence": change.sequence,
        "alert_state": change.state,
        "alert_level": change.level.name,
        "alert_step": change.step,
        "alert_paged": change.paged,
        "acknowledged_by": change.acknowledged_by,
        "acknowledged_at": change.acknowledged_at,
        "contacted_at": change.contact_at,
    }
    given = {f"new_{name}": value for name, value in values.items()}
    return await _rows(connection, _RECORD_ALERT, {**given, "of_report": change.report_id}) == 1


async def has_case(connection: AsyncConnection, report_id: UUID) -> bool:
    """Tell whether a report was assessed."""
    return bool(await connection.scalar(_HAS_CASE, {"report_id": report_id}))


async def claim_unpaged(connection: AsyncConnection, most: int, occurred_at: datetime) -> list[CaseAssessed]:
    """Claim at most `most` cases whose alert is overdue, put off their next try, and return them as new events.

    Cases that another instance is claiming are passed over. The wait doubles with each try.
    """
    rows = (await connection.execute(_CLAIM_UNPAGED, {"most": most})).all()
    return [state_of(row, occurred_at) for row in rows]


async def _rows(connection: AsyncConnection, statement: Executable, values: dict[str, Any]) -> int:
    return cast("CursorResult[Any]", await connection.execute(statement, values)).rowcount


def _clocks(row: Row[Any]) -> Clocks:
    return Clocks(**{name: getattr(row, name) for name in CLOCKS})


def state_of(row: Row[Any], occurred_at: datetime) -> CaseAssessed:
    """Return the event that tells of a case as it stands."""
    return CaseAssessed(
        occurred_at=occurred_at,
        correlation_id=row.correlation_id,
        report_id=row.report_id,
        case_code=row.case_code,
        sequence=row.sequence,
        revision=row.revision,
        channel=row.channel,
        received_at=row.received_at,
        level=row.level,
        rules=row.rules,
        table_version=row.table_version,
        clocks=_clocks(row),
        route=row.route,
        excluded_person_ids=row.excluded_person_ids,
        excluded_team_ids=row.excluded_team_ids,
        submitted_by=row.submitted_by,
        lowered=row.lowered_from is not None,
        derived_from=row.derived_from,
        work=row.work,
    )
