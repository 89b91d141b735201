"""Bring a case into its next state: one locked row, one more entry in its history, one event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.models import assessments, cases
from shared.clock import Clock
from shared.contracts.events import CaseWork
from shared.events import EventBus

_LOCK = select(cases).where(cases.c.case_code == bindparam("code"), cases.c.derived_from.is_(None))
_HISTORY = [column.name for column in assessments.columns]


class NoSuchCaseError(Exception):
    """No case has this code."""


class CaseEndedError(Exception):
    """The case is closed by Mẫu 06; nothing more is done on it."""


@dataclass(frozen=True)
class Person:
    """Who acts: the name under which it is kept for ever, the teams they are of, and whether they supervise."""

    id: UUID
    name: str
    teams: frozenset[str]
    supervisor: bool


@dataclass(frozen=True)
class Office:
    """What every change of a case is made with."""

    bus: EventBus
    clock: Clock


async def lock_case(connection: AsyncConnection, case_code: str) -> Row[Any]:
    """Return a case that nobody else changes until the commit, or raise `NoSuchCaseError`."""
    row = (await connection.execute(_LOCK.with_for_update(), {"code": case_code})).first()
    if row is None:
        raise NoSuchCaseError(case_code)
    return row


async def lock_open_case(connection: AsyncConnection, case_code: str) -> Row[Any]:
    """Return a locked case on which work goes on; raises `NoSuchCaseError`, `CaseEndedError`."""
    row = await lock_case(connection, case_code)
    if CaseWork.model_validate(row.work).closed_at is not None:
        raise CaseEndedError(case_code)
    return row


async def move(connection: AsyncConnection, office: Office, row: Row[Any], cause: str, **changes: Any) -> None:
    """Store the next state of a locked case, add it to the history, and tell the others.

    `changes` are columns; notify is expected to answer where the level changes.
    """
    now = office.clock.now()
    values = {**changes, "sequence": row.sequence + 1, "cause": cause, "assessed_at": now}
    if "level" in changes:
        values |= {"republish_at": store.ALERT_EXPECTED, "republished": 0}
    changed = (
        await connection.execute(
            update(cases).where(cases.c.report_id == row.report_id).values(**values).returning(cases)
        )
    ).one()
    history = {name: getattr(changed, name) for name in _HISTORY}
    await connection.execute(insert(assessments), history)
    await office.bus.publish(connection, store.state_of(changed, now))


async def change_work(connection: AsyncConnection, office: Office, row: Row[Any], cause: str, **done: Any) -> None:
    """Bring the case into a state in which people have done more: `done` are fields of `CaseWork`."""
    work = CaseWork.model_validate(row.work).model_copy(update=done)
    await move(connection, office, row, cause, work=work.model_dump(mode="json", exclude_none=True))
