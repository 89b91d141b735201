"""Signed cookie sessions and the tokens that tell a person's own form from a forged one.

A session is a signed cookie and no row: it names the person, itself and when it began. What the person may do
is looked up at every request, so a disabled account or a changed role counts at once. A session ends 12 hours
after it began, or when the person's `sessions_valid_from` passes its beginning: signing out moves that moment
and so ends every session of the person, on every device and in every service that has heard of it.

Sessions live in real time; the fast clock of a demonstration does not shorten them.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from starlette.responses import Response

from shared.crypto import Keys, random_token
from shared.settings import Settings

COOKIE: Final = "heedline_session"
LIFETIME: Final = timedelta(hours=12)
"""A turn of duty; after it the person signs in again, however busy the session was."""
SESSION_ID_BYTES: Final = 16


def real_now() -> datetime:
    """Return the moment in real time and UTC, which sign-in uses whatever the service's clock says."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Session:
    """What a cookie claims and its signature confirms; `began_at` in UTC, to the microsecond.

    `name` is the person's own, for the top bar of their own pages; it travels in their cookie so that no other
    service has to keep it.
    """

    person_id: UUID
    id: str
    began_at: datetime
    name: str = ""


class Sessions:
    """Begins and reads sessions with the installation's session key."""

    def __init__(self, keys: Keys, settings: Settings) -> None:
        self._signer = URLSafeSerializer(
            keys.session, salt="heedline session", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._csrf_key = hmac.digest(keys.session, b"heedline csrf", "sha256")
        self._https = (settings.public_url or "").startswith("https://")

    def begin(self, person_id: UUID, now: datetime, name: str = "") -> tuple[Session, str]:
        """Return a new session of a person and its cookie's value; `now` is real time."""
        session = Session(person_id, random_token(SESSION_ID_BYTES), now, name)
        return session, self._signer.dumps([person_id.hex, session.id, now.isoformat(), name])

    def read(self, cookie: str, now: datetime) -> Session | None:
        """Return the session of a cookie; None when it is altered, another installation's, or too old."""
        try:
            person_id, session_id, began_at, name = self._signer.loads(cookie)
            session = Session(UUID(person_id), session_id, datetime.fromisoformat(began_at), name)
        except (BadData, ValueError, TypeError, AttributeError):
            return None
        return session if timedelta() <= now - session.began_at < LIFETIME else None

    def csrf_token(self, session_id: str) -> str:
        """Return the token that forms of this session carry; a new session has a new one."""
        return hmac.new(self._csrf_key, session_id.encode(), hashlib.sha256).hexdigest()

    def csrf_matches(self, session_id: str, token: str) -> bool:
        """Tell whether `token` is this session's."""
        return hmac.compare_digest(self.csrf_token(session_id).encode(), token.encode())

    def set_cookie(self, response: Response, value: str) -> None:
        """Give the browser a session."""
        response.set_cookie(
            COOKIE,
            value,
            max_age=int(LIFETIME.total_seconds()),
            path="/",
            httponly=True,
            samesite="lax",
            secure=self._https,
        )

    def clear_cookie(self, response: Response) -> None:
        """Take the session from the browser."""
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=self._https)
