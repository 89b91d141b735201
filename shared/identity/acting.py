"""A sibling service's word that it acts for a person, good for 60 seconds.

The header names the person only; the receiver looks up what that person may do in its own directory, so a
service can never lend a right that the person does not have.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from shared.crypto import Keys
from shared.settings import Settings

HEADER: Final = "X-Heedline-Acting"
LIFETIME: Final = timedelta(seconds=60)
CLOCK_SKEW: Final = timedelta(seconds=5)
"""How far ahead a sibling's clock may be."""


class Acting:
    """Signs and checks with SERVICE_KEY; without one, with a key derived from the session key all services share."""

    def __init__(self, keys: Keys, settings: Settings) -> None:
        key = settings.service_key.encode() if settings.service_key else keys.session
        self._signer = URLSafeSerializer(
            hmac.digest(key, b"heedline acting", "sha256"), signer_kwargs={"digest_method": hashlib.sha256}
        )

    def header(self, person_id: UUID, now: datetime) -> dict[str, str]:
        """Return the header to send with a request made for a person; `now` is real time."""
        return {HEADER: self._signer.dumps([person_id.hex, now.timestamp()])}

    def person(self, value: str, now: datetime) -> UUID | None:
        """Return whom the sender acts for; None when the header is forged, altered or over 60 seconds old."""
        try:
            person_id, signed_at = self._signer.loads(value)
            age = now - datetime.fromtimestamp(signed_at, UTC)
            return UUID(person_id) if -CLOCK_SKEW <= age < LIFETIME else None
        except (BadData, ValueError, TypeError, AttributeError, OverflowError):
            return None
