"""Passwords: hashed with argon2id, checked without blocking the event loop."""

from __future__ import annotations

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
"""Characters; length protects better than mixed signs (NIST SP 800-63B)."""
LONGEST: Final = 256
"""Characters; more is somebody's attempt to keep the hasher busy."""
AT_ONCE: Final = 2
"""Hashes computed at once, so that many tries cannot take the memory and cores that reports need."""

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's argon2id parameters: 19 MiB, two passes, one lane."""

_NOBODYS_HASH: Final = _HASHER.hash("the password of nobody at all")
"""Checked for an unknown name, so that it takes as long as a known one."""


class PasswordLengthError(ValueError):
    """A password is too short or too long; the message says which lengths are right."""


class Passwords:
    """Hashes and checks, at most `AT_ONCE` at a time."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return the hash to keep, or raise `PasswordLengthError`."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordLengthError(f"a password has {SHORTEST} to {LONGEST} characters")
        async with self._slots:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def matches(self, password: str, kept: str | None) -> bool:
        """Tell whether this is the password; as slow for nobody (`kept` None) as for somebody."""
        async with self._slots:
            matched = await asyncio.to_thread(_verify, kept or _NOBODYS_HASH, password[: LONGEST + 1])
        return matched and kept is not None


def _verify(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
