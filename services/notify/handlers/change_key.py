"""Change a key of a partner's program: a new secret, other limits, or none at all any more. Each change is recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import api_keys
from services.notify.api_keys import ApiKey, KeyChange
from services.notify.handlers.create_key import new_secret
from shared.events import EventBus
from shared.identity.bootstrap import key_hash
from shared.identity.limits import Limits
from shared.observability import logger

OVERLAP: Final = timedelta(days=7)
"""For which an old secret stays valid beside the new one, so that the partner can change it without a gap."""
LONGEST_OVERLAP: Final = timedelta(days=90)

log = logger(__name__)


class KeyRefusedError(Exception):
    """There is no key in force of this id, or the settings own it; the sentence says what to do."""


async def rotate_key(
    connection: AsyncConnection, bus: EventBus, *, key_id: UUID, overlap: timedelta, by: UUID | None, now: datetime
) -> str:
    """Give a key a new secret and return it, shown once; the others end after `overlap` (real time)."""
    await _own_key(connection, key_id)
    raw_key, ends_at = new_secret(), now + overlap
    await api_keys.end_secrets(connection, key_id, ends_at)
    await api_keys.add_secret(connection, key_id, key_hash(raw_key), now=now)
    await api_keys.change_key(connection, bus, key_id, {}, now=now)
    await _record(connection, key_id, now, by, "rotated", old_ends_at=ends_at.isoformat())
    return raw_key


async def limit_key(
    connection: AsyncConnection,
    bus: EventBus,
    *,
    key_id: UUID,
    limits: Limits,
    expires_at: datetime | None,
    by: UUID | None,
    now: datetime,
) -> None:
    """Set how often a key may ask, and when it ends (real time, null for never)."""
    before = await _own_key(connection, key_id)
    values = {"per_minute": limits.per_minute, "per_day": limits.per_day, "expires_at": expires_at}
    await api_keys.change_key(connection, bus, key_id, values, now=now)
    await _record(
        connection,
        key_id,
        now,
        by,
        "limited",
        per_minute=[before.limits.per_minute, limits.per_minute],
        per_day=[before.limits.per_day, limits.per_day],
        expires_at=expires_at.isoformat() if expires_at else None,
    )


async def revoke_key(
    connection: AsyncConnection, bus: EventBus, *, key_id: UUID, by: UUID | None, now: datetime
) -> None:
    """Stop a key and every secret of it at once."""
    await _own_key(connection, key_id)
    await api_keys.end_secrets(connection, key_id, now)
    await api_keys.disable_key(connection, bus, key_id, now=now)
    await _record(connection, key_id, now, by, "revoked")


async def _own_key(connection: AsyncConnection, key_id: UUID) -> ApiKey:
    key = await api_keys.lock_key(connection, key_id)
    if key is None:
        raise KeyRefusedError("No API key in force has this id: look it up in the list of keys.")
    if key.bootstrap:
        raise KeyRefusedError("This key comes from the setting BOOTSTRAP_API_KEY: change it there and start again.")
    return key


async def _record(
    connection: AsyncConnection, key_id: UUID, now: datetime, by: UUID | None, what: str, **detail: Any
) -> None:
    await api_keys.record_change(connection, KeyChange(key_id, now, by, what, detail))
    log.info("api_key_changed", key_id=str(key_id), what=what)
