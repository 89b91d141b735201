"""Keep what is typed before it is sent; nothing is checked but its size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import draft_records
from services.intake.handlers.draft_keys import request_digest, sealing_context
from services.intake.rules import draft as rules
from services.intake.rules.draft import Fields
from shared.contracts.vocabulary import Channel
from shared.service import Parts


@dataclass(frozen=True)
class Draft:
    """A form as it stands. `filled`: fields that hold something; `revision` grows, at most `LATEST_REVISION`."""

    owner_id: UUID
    key: UUID
    revision: int
    fields: Fields
    channel: str
    filled: int


@dataclass(frozen=True)
class Saved:
    """The draft is kept; in UTC."""

    at: datetime


@dataclass(frozen=True)
class Outdated:
    """A newer revision, or this one, was kept before; nothing changed."""

    revision: int


@dataclass(frozen=True)
class Sent:
    """The form was sent already, and this is its report; nothing changed."""

    report_id: UUID


SaveOutcome = Saved | Outdated | Sent


async def save_draft(parts: Parts, draft: Draft) -> SaveOutcome:
    """Keep a draft, or raise `DraftTooLargeError`; saves may arrive in any order and any number of times."""
    row = _row(parts, draft)
    async with parts.database.transaction() as connection:
        if await draft_records.replace(connection, row):
            return Saved(row["updated_at"])
        return await _begin(connection, parts, draft, row)


async def _begin(connection: AsyncConnection, parts: Parts, draft: Draft, row: dict[str, Any]) -> SaveOutcome:
    digest = request_digest(parts.keys, str(draft.owner_id), draft.key.hex)
    await draft_records.lock(connection, draft.owner_id, draft.key)
    if await draft_records.begin(connection, row, digest):
        return Saved(row["updated_at"])
    report_id = await draft_records.sent_as(connection, digest)
    if report_id is not None:
        return Sent(report_id)
    kept = await draft_records.one(connection, draft.owner_id, draft.key)
    return Outdated(draft.revision if kept is None else kept["revision"])


def _row(parts: Parts, draft: Draft) -> dict[str, Any]:
    document = rules.write(draft.fields)
    return {
        "owner_id": draft.owner_id,
        "key": draft.key,
        "revision": draft.revision,
        "document": parts.keys.seal(document, sealing_context(draft.owner_id, draft.key)),
        "channel": draft.channel if draft.channel in set(Channel) else None,
        "filled": draft.filled,
        "updated_at": parts.clock.now(),
    }
