"""The test's phone: where its SMS appears, and how it answers, each in a strong and a weak form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from deploy.watch.round import Product
from shared.settings import TWILIO

NEWEST: Final = 50
REQUEST_LIMIT: Final = 10.0
TAKEN: Final = frozenset({"accepted", "sent", "delivered"})
"""Delivery states of the API that mean a gateway took the message."""


class _AtBase(TwilioHttpClient):  # type: ignore[misc] # the library has no types
    """Twilio's client, for its own address or a stand-in's."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=REQUEST_LIMIT)
        self._base = base.rstrip("/")

    def request(self, method: str, url: str, **options: Any) -> Response:
        """Make a request at the base's address."""
        if self._base != TWILIO:
            parts = urlsplit(url)
            url = f"{self._base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, url, **options)


@dataclass(frozen=True)
class Account:
    """A Twilio account, at Twilio's address or a stand-in's."""

    sid: str
    token: str
    base: str


@contextmanager
def twilio_client(account: Account) -> Iterator[Client]:
    """Give a client of an account, bounded in time, and close its connections."""
    http = _AtBase(account.base)
    try:
        yield Client(account.sid, account.token, http_client=http)
    finally:
        http.session.close()


@dataclass(frozen=True)
class CarrierInbox:
    """The messages that a Twilio account has for the phone: those that it sent there, or received for it."""

    client: Client
    phone: str

    def has(self, case_code: str) -> bool:
        """Look among the newest."""
        found = self.client.messages.list(to=self.phone, limit=NEWEST)
        return any(
            case_code in (message.body or "") and message.status not in {"failed", "queued"} for message in found
        )


@dataclass(frozen=True)
class ReportedInbox:
    """What the product itself says that a gateway took; it cannot show an SMS that never came."""

    product: Product

    def has(self, case_code: str) -> bool:
        """Ask the alert."""
        alert = self.product.alert(case_code)
        return alert is not None and any(page["delivery"] in TAKEN for page in alert["paged"])


@dataclass(frozen=True)
class AnswerBySms:
    """Answers as a person does, from the phone's own account: the way back is watched too."""

    client: Client
    phone: str
    to: str

    def acknowledge(self, case_code: str) -> None:
        """Send `OK CODE`."""
        self.client.messages.create(to=self.to, from_=self.phone, body=f"OK {case_code}")


@dataclass(frozen=True)
class AnswerByApi:
    """Acknowledges in the test person's name; the way back by SMS is not watched."""

    product: Product
    person: UUID

    def acknowledge(self, case_code: str) -> None:
        """Acknowledge over HTTP."""
        self.product.act(case_code, "acknowledge", self.person)
