"""The API key of BOOTSTRAP_API_KEY, which demonstrations and checks are given before anybody can make one."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID, uuid5

from shared.settings import BOOTSTRAP_KEY_MINIMUM, PREFIX, SettingError, Settings

_NAMESPACE: Final = UUID("c0f4a8d2-5f0e-4c55-9d0e-3b7b1f2f6f11")


def key_hash(raw_key: str) -> str:
    """Return the SHA-256 of an API key in hex, the only form in which keys are kept.

    A plain hash is enough for a random key, and lets every service check it without a shared secret.
    """
    return hashlib.sha256(raw_key.encode()).hexdigest()


def bootstrap_key(settings: Settings) -> str | None:
    """Return the key, None when the setting is absent; raise `SettingError` when it could be guessed or mistyped."""
    raw_key = settings.bootstrap_api_key
    if raw_key is None:
        return None
    if len(raw_key) < BOOTSTRAP_KEY_MINIMUM or not all("!" <= character <= "~" for character in raw_key):
        raise SettingError(
            f"{PREFIX}BOOTSTRAP_API_KEY is wrong: write at least {BOOTSTRAP_KEY_MINIMUM} printable characters, "
            "without spaces or accents."
        )
    return raw_key


def bootstrap_id(raw_key: str) -> UUID:
    """Return the key's id, the same in every service without asking one another."""
    return uuid5(_NAMESPACE, key_hash(raw_key))
