"""Record what was done on a case: a note or a milestone. Nothing of it is ever changed or removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.triage.handlers.case_state import Office, Person, change_work, lock_case, lock_open_case
from services.triage.models import case_notes
from services.triage.rules.casework import Degree, Milestone
from shared.contracts.events import CaseWork
from shared.crypto import Keys
from shared.observability import logger

NOTE = "note"
ANSWERS = "answers"
CAUSE = "milestone"

log = logger(__name__)


@dataclass(frozen=True)
class Done:
    """A milestone that was reached at `at` (aware), and what to say about it."""

    milestone: Milestone
    at: datetime
    text: str


@dataclass(frozen=True)
class Closing:
    """The answers of Mẫu 06 by question, and the outcome in words."""

    answers: Mapping[str, Degree]
    text: str


class TooEarlyError(Exception):
    """It is said to have happened before the report was received."""


class TooLateError(Exception):
    """It is said to happen in the future."""


async def write_note(
    connection: AsyncConnection, office: Office, keys: Keys, code: str, who: Person, text: str
) -> None:
    """Add a note; also to a closed case. Raises `NoSuchCaseError`."""
    case = await lock_case(connection, code)
    await _write(connection, office, keys, case.report_id, who, _Note(NOTE, text, office.clock.now()))
    log.info("case_note_written", case_code=code)


async def reach(connection: AsyncConnection, office: Office, keys: Keys, code: str, who: Person, done: Done) -> None:
    """Record that a milestone was reached; the first time counts, a later one is only noted.

    Raises `NoSuchCaseError`, `CaseEndedError`, `TooEarlyError`, `TooLateError`.
    """
    case = await lock_open_case(connection, code)
    if done.at > office.clock.now():
        raise TooLateError
    if done.at < case.received_at:
        raise TooEarlyError
    await _write(connection, office, keys, case.report_id, who, _Note(done.milestone.value, done.text, done.at))
    field = f"{done.milestone.value}_at"
    if getattr(CaseWork.model_validate(case.work), field) is None:
        await change_work(connection, office, case, CAUSE, **{field: done.at})
    log.info("milestone_reached", case_code=code, milestone=done.milestone.value)


async def close(
    connection: AsyncConnection, office: Office, keys: Keys, code: str, who: Person, closing: Closing
) -> None:
    """Close a case; nobody is paged for it any more. Raises `NoSuchCaseError`, `CaseEndedError`."""
    case = await lock_open_case(connection, code)
    now = office.clock.now()
    body = json.dumps({"answers": closing.answers, "note": closing.text}, ensure_ascii=False)
    await _write(connection, office, keys, case.report_id, who, _Note(Milestone.CLOSED.value, body, now))
    await change_work(connection, office, case, CAUSE, closed_at=now, closed_by=who.id, offered_to=None)
    log.info("case_closed", case_code=code)


async def write_answers(
    connection: AsyncConnection,
    office: Office,
    keys: Keys,
    report_id: UUID,
    who: Person,
    answers: Mapping[str, str],
) -> None:
    """Keep who answered which facts, by name of the fact."""
    note = _Note(ANSWERS, json.dumps(answers), office.clock.now())
    await _write(connection, office, keys, report_id, who, note)


def sealed_as(note_id: UUID) -> str:
    """Return the context under which a note is sealed."""
    return f"triage:note:{note_id}"


@dataclass(frozen=True)
class _Note:
    kind: str
    text: str
    happened_at: datetime


async def _write(
    connection: AsyncConnection, office: Office, keys: Keys, report_id: UUID, who: Person, note: _Note
) -> None:
    note_id = uuid4()
    await connection.execute(
        insert(case_notes),
        {
            "id": note_id,
            "report_id": report_id,
            "kind": note.kind,
            "body": keys.seal(note.text.encode(), sealed_as(note_id)),
            "happened_at": note.happened_at,
            "written_by": who.id,
            "written_name": who.name,
            "written_at": office.clock.now(),
        },
    )
