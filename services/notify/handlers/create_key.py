"""Let a partner's program in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.accounts import ApiKey, disable_bootstrap_keys, put_key
from shared.crypto import random_token
from shared.events import EventBus
from shared.identity.actor import Scope
from shared.identity.bootstrap import bootstrap_id, key_hash
from shared.observability import logger

KEY_PREFIX = "hlk_"
"""Lets a person, and a scanner for leaked secrets, see what it is."""

log = logger(__name__)


async def create_key(
    connection: AsyncConnection,
    bus: EventBus,
    *,
    name: str,
    scopes: Collection[Scope],
    raw: str | None = None,
    now: datetime,
) -> str:
    """Create an API key and tell the other services; return the key, which is shown once and never kept."""
    raw_key = raw or KEY_PREFIX + random_token()
    key = ApiKey(id=uuid4(), name=name, hashed=key_hash(raw_key), scopes=frozenset(scopes))
    await put_key(connection, bus, key, now=now)
    log.info("api_key_created", key_id=str(key.id))
    return raw_key


async def keep_bootstrap_key(connection: AsyncConnection, bus: EventBus, *, raw: str | None, now: datetime) -> None:
    """Put the key of BOOTSTRAP_API_KEY into force with every scope, and any earlier one out of force; at start.

    `raw` is what `shared.identity.bootstrap.bootstrap_key` returns: checked, or None when the setting is absent.
    """
    current: set[UUID] = {bootstrap_id(raw)} if raw else set()
    await disable_bootstrap_keys(connection, bus, but=current, now=now)
    if raw:
        key = ApiKey(bootstrap_id(raw), "BOOTSTRAP_API_KEY", key_hash(raw), frozenset(Scope), bootstrap=True)
        await put_key(connection, bus, key, now=now)
