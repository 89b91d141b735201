"""Let a partner's program in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.api_keys import ApiKey, KeyChange, disable_bootstrap_keys, put_key, record_change
from shared.crypto import random_token
from shared.events import EventBus
from shared.identity.actor import Scope
from shared.identity.bootstrap import bootstrap_id, key_hash
from shared.identity.limits import DEFAULT, Limits
from shared.observability import logger

KEY_PREFIX = "hlk_"
"""Lets a person, and a scanner for leaked secrets, see what it is."""

log = logger(__name__)


def new_secret() -> str:
    """Return a secret that nobody can guess."""
    return KEY_PREFIX + random_token()


async def create_key(
    connection: AsyncConnection,
    bus: EventBus,
    *,
    name: str,
    scopes: Collection[Scope],
    limits: Limits = DEFAULT,
    expires_at: datetime | None = None,
    raw: str | None = None,
    by: UUID | None = None,
    now: datetime,
) -> str:
    """Create an API key and tell the other services; return the key, which is shown once and never kept.

    `now` and `expires_at` are real time; `by` is who creates it, null at the command line.
    """
    raw_key = raw or new_secret()
    key = ApiKey(uuid4(), name, frozenset(scopes), limits, expires_at)
    await put_key(connection, bus, key, key_hash(raw_key), now=now)
    detail = {
        "scopes": sorted(key.scopes),
        "per_minute": limits.per_minute,
        "per_day": limits.per_day,
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
    await record_change(connection, KeyChange(key.id, now, by, "created", detail))
    log.info("api_key_created", key_id=str(key.id))
    return raw_key


async def keep_bootstrap_key(connection: AsyncConnection, bus: EventBus, *, raw: str | None, now: datetime) -> None:
    """Put the key of BOOTSTRAP_API_KEY into force with every scope, and any earlier one out of force; at start.

    `raw` is what `shared.identity.bootstrap.bootstrap_key` returns: checked, or None when the setting is absent.
    """
    current: set[UUID] = {bootstrap_id(raw)} if raw else set()
    await disable_bootstrap_keys(connection, bus, but=current, now=now)
    if raw:
        key = ApiKey(
            bootstrap_id(raw),
            "BOOTSTRAP_API_KEY",
            frozenset(Scope),
            Limits(None, None),
            expires_at=None,
            bootstrap=True,
        )
        await put_key(connection, bus, key, key_hash(raw), now=now)
