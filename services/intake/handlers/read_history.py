"""Read how a report came to say what it says: each revision, by whom and when; the reading is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import insert, select

from services.intake.models import IDENTITY, reads, reports, revisions
from services.intake.rules.history import Change, changes
from services.intake.store import sealing_context
from shared.contracts.vocabulary import Role
from shared.crypto import Keys, UndecryptableError
from shared.identity.actor import Actor
from shared.service import Parts


@dataclass(frozen=True)
class Writer:
    """Who wrote a revision: a person with roles, a key (known, no role), or somebody nobody knows (no id)."""

    person_id: UUID | None
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Revision:
    """A revision and what it changed; `changes` is null where no configured key opens it or the one before."""

    number: int
    written_at: datetime
    writer: Writer
    changes: tuple[Change, ...] | None


async def read_history(parts: Parts, report_id: UUID, actor: Actor) -> list[Revision]:
    """Return the revisions of a report that the actor may see, oldest first; of the first, what it said."""
    names = ("revision", "document", "written_by", "written_at")
    async with parts.database.transaction() as connection:
        read = {"report_id": report_id, "person_id": actor.id, "read_at": parts.clock.now(), "allowed": True}
        await connection.execute(insert(reads), read)
        before = select(*(revisions.c[name] for name in names)).where(revisions.c.report_id == report_id)
        now = select(*(reports.c[name] for name in names)).where(reports.c.report_id == report_id)
        rows = (await connection.execute(before.union_all(now).order_by("revision"))).all()
        writers = {row.written_by for row in rows if row.written_by is not None}
        people = select(IDENTITY.people.c.person_id, IDENTITY.people.c.roles)
        found = await connection.execute(people.where(IDENTITY.people.c.person_id.in_(writers)))
        roles = {row.person_id: tuple(Role(role) for role in row.roles) for row in found}
    told: list[Revision] = []
    previous: Mapping[str, Any] | None = {}
    for row in rows:
        document = _opened(parts.keys, report_id, row.document)
        changed = None if previous is None or document is None else tuple(changes(previous, document))
        writer = Writer(row.written_by, roles.get(row.written_by, ()))
        told.append(Revision(row.revision, row.written_at, writer, changed))
        previous = document
    return told


def _opened(keys: Keys, report_id: UUID, sealed: bytes) -> Mapping[str, Any] | None:
    try:
        document: Mapping[str, Any] = from_json(keys.open(sealed, sealing_context(report_id)))
    except UndecryptableError:
        return None
    return document
