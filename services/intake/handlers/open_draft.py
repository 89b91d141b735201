"""Show a person's own drafts, and nobody else's: a supervisor has none of others either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.intake import draft_records
from services.intake.handlers.draft_keys import request_digest, sealing_context
from services.intake.handlers.save_draft import Sent
from services.intake.rules import draft as rules
from services.intake.rules.draft import Fields
from shared.contracts.vocabulary import Channel
from shared.service import Parts

MOST_SHOWN: Final = 50


@dataclass(frozen=True)
class DraftSummary:
    """What the list says of a draft, nothing personal: `filled` fields hold something; times in UTC."""

    key: UUID
    revision: int
    channel: Channel | None
    filled: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Opened:
    """A draft with what was typed."""

    key: UUID
    fields: Fields


@dataclass(frozen=True)
class Missing:
    """The person has no such draft."""


async def own_drafts(parts: Parts, owner_id: UUID) -> tuple[DraftSummary, ...]:
    """Return a person's drafts, the one saved last first."""
    async with parts.database.reading() as connection:
        rows = await draft_records.of_owner(connection, owner_id, MOST_SHOWN)
    return tuple(
        DraftSummary(**{**row, "channel": None if row["channel"] is None else Channel(row["channel"])}) for row in rows
    )


async def open_draft(parts: Parts, owner_id: UUID, key: UUID) -> Opened | Sent | Missing:
    """Return a draft of the person; raises `UndecryptableError` when no configured key opens it."""
    async with parts.database.reading() as connection:
        row = await draft_records.one(connection, owner_id, key)
        if row is not None:
            return Opened(key, rules.read(parts.keys.open(row["document"], sealing_context(owner_id, key))))
        report_id = await draft_records.sent_as(connection, request_digest(parts.keys, str(owner_id), key.hex))
    return Missing() if report_id is None else Sent(report_id)
