"""Lower the level of a case: a named person with a written reason, and a second person where it is grave.

Nothing here raises a level; new facts do that at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage import store
from services.triage.handlers.case_state import Office, Person, lock_case, lock_open_case, move
from services.triage.models import overrides
from services.triage.rules.casework import needs_second
from services.triage.rules.clocks import deadlines
from services.triage.rules.table import UNREADABLE
from services.triage.table_in_force import table_in_force
from shared.contracts.vocabulary import Level
from shared.crypto import Keys
from shared.observability import logger

CAUSE = "override"

log = logger(__name__)


class NotLowerError(Exception):
    """The level asked for is not below the case's own."""


class PendingError(Exception):
    """Another request for this case waits for an answer; answer that one first."""


class NothingPendingError(Exception):
    """There is nothing to answer: somebody has answered, or withdrawn it."""


class SecondPersonError(Exception):
    """Whoever asked may not confirm it; the second person is a supervisor."""


@dataclass(frozen=True)
class Request:
    """A level to lower to, and why."""

    level: Level
    reason: str


_PENDING = select(overrides).where(overrides.c.report_id == bindparam("of_case"), overrides.c.state == "pending")


async def ask(connection: AsyncConnection, office: Office, keys: Keys, code: str, who: Person, asked: Request) -> bool:
    """Lower the level, or put it before a second person; return whether it is in force at once.

    Raises `NoSuchCaseError`, `CaseEndedError`, `NotLowerError`, `PendingError`.
    """
    case = await lock_open_case(connection, code)
    level = Level[case.level]
    if asked.level >= level:
        raise NotLowerError
    if await _pending(connection, case.report_id) is not None:
        raise PendingError
    waits = needs_second(level, by_supervisor=who.supervisor)
    override_id = uuid4()
    await connection.execute(
        insert(overrides),
        {
            "id": override_id,
            "report_id": case.report_id,
            "from_level": level.name,
            "to_level": asked.level.name,
            "rules": [rule["id"] for rule in case.rules if rule["level"] == case.rule_level],
            "reason": keys.seal(asked.reason.encode(), sealed_as(override_id)),
            "state": "pending" if waits else "in_force",
            "asked_by": who.id,
            "asked_name": who.name,
            "asked_at": office.clock.now(),
        },
    )
    if not waits:
        await _lower(connection, office, case, asked.level)
    log.info("override_asked", case_code=code, level_before=level.name, level_asked=asked.level.name, waits=waits)
    return not waits


async def confirm(connection: AsyncConnection, office: Office, code: str, who: Person) -> None:
    """Put what another person asked for into force.

    Raises `NoSuchCaseError`, `CaseEndedError`, `NothingPendingError`, `SecondPersonError`, and `NotLowerError` when
    the case has been judged graver or milder since, so that the question was another one.
    """
    case = await lock_open_case(connection, code)
    pending = await _asked(connection, case.report_id)
    if pending.asked_by == who.id or not who.supervisor:
        raise SecondPersonError
    if pending.from_level != case.level:
        raise NotLowerError
    await _answer(connection, office, pending.id, "in_force", who)
    await _lower(connection, office, case, Level[pending.to_level])
    log.info("override_confirmed", case_code=code, level=pending.to_level)


async def refuse(connection: AsyncConnection, office: Office, code: str, who: Person) -> None:
    """Refuse what another person asked for, or withdraw what one asked for oneself; the level stays.

    Raises `NoSuchCaseError`, `NothingPendingError`, `SecondPersonError`.
    """
    case = await lock_case(connection, code)
    pending = await _asked(connection, case.report_id)
    if pending.asked_by != who.id and not who.supervisor:
        raise SecondPersonError
    state = "withdrawn" if pending.asked_by == who.id else "refused"
    await _answer(connection, office, pending.id, state, who)
    log.info("override_refused", case_code=code, state=state)


def sealed_as(override_id: UUID) -> str:
    """Return the context under which the reason of an override is sealed."""
    return f"triage:override:{override_id}"


async def _pending(connection: AsyncConnection, report_id: UUID) -> Row[Any] | None:
    return (await connection.execute(_PENDING, {"of_case": report_id})).first()


async def _asked(connection: AsyncConnection, report_id: UUID) -> Row[Any]:
    pending = await _pending(connection, report_id)
    if pending is None:
        raise NothingPendingError
    return pending


async def _answer(connection: AsyncConnection, office: Office, override_id: UUID, state: str, who: Person) -> None:
    values = {"state": state, "answered_by": who.id, "answered_name": who.name, "answered_at": office.clock.now()}
    await connection.execute(update(overrides).where(overrides.c.id == override_id).values(**values))


async def _lower(connection: AsyncConnection, office: Office, case: Row[Any], level: Level) -> None:
    unreadable = any(rule["id"] == UNREADABLE for rule in case.rules)
    known = await store.known(connection, case.report_id, None)
    table = await table_in_force(connection, known.table_digest)
    clocks = deadlines(level, case.received_at, unreadable=unreadable, table=table).model_dump()
    graver = max(Level[case.level], Level[case.rule_level])
    await move(connection, office, case, CAUSE, level=level.name, lowered_from=graver.name, **clocks)
