"""What the carrier remembers, in memory only: messages by number, and how numbers behave."""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from uuid import uuid4

from deploy.demo.carrier.behaviour import BEHAVIOURS, EVERYBODY, Behaviour

TO_PHONE, FROM_PHONE = "to_phone", "from_phone"
MOST_MESSAGES = 400_000
API_PAGE = 1000


@dataclass
class Message:
    """A message to or from a phone; `arrived` in UNIX seconds."""

    index: int
    sid: str
    number: str
    other: str
    direction: str
    body: str
    status: str
    arrived: float
    callback: str | None = None
    error: int | None = None

    def line(self) -> dict[str, Any]:
        """Return the message as the phones page shows it."""
        at = datetime.fromtimestamp(self.arrived, UTC).isoformat()
        return {"sid": self.sid, "direction": self.direction, "body": self.body, "status": self.status, "at": at}

    def arrival(self) -> dict[str, Any]:
        """Return the message as a measurement reads it."""
        return {
            "index": self.index,
            "sid": self.sid,
            "to": self.number,
            "from": self.other,
            "body": self.body,
            "arrived": self.arrived,
        }

    def resource(self, account_sid: str) -> dict[str, Any]:
        """Return the message as Twilio's API describes it."""
        date = format_datetime(datetime.fromtimestamp(self.arrived, UTC))
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "to": self.number,
            "from": self.other,
            "body": self.body,
            "status": self.status,
            "direction": "outbound-api",
            "num_segments": "1",
            "num_media": "0",
            "price": None,
            "price_unit": "USD",
            "error_code": self.error,
            "error_message": None,
            "api_version": "2010-04-01",
            "messaging_service_sid": None,
            "date_created": date,
            "date_sent": date,
            "date_updated": date,
            "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}.json",
            "subresource_uris": {},
        }


@dataclass
class Store:
    """Messages in the order of their arrival."""

    messages: list[Message] = field(default_factory=list)
    by_number: dict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    by_sid: dict[str, Message] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def add(
        self, number: str, other: str, direction: str, body: str, status: str, callback: str | None = None
    ) -> Message:
        """Take a message."""
        if len(self.messages) >= MOST_MESSAGES:
            raise MemoryError("the carrier of a demonstration holds no more messages; start it again")
        message = Message(
            next(self._numbers), f"SM{uuid4().hex}", number, other, direction, body, status, time.time(), callback
        )
        self.messages.append(message)
        self.by_number[number].append(message)
        self.by_sid[message.sid] = message
        return message

    def behaviour(self, number: str) -> Behaviour:
        """Return how a number behaves."""
        return BEHAVIOURS[self.modes.get(number) or self.modes.get(EVERYBODY, "deliver")]

    def sent_to(self, number: str | None) -> list[Message]:
        """Return messages that went to a number, or to any, newest first."""
        found = self.by_number.get(number, []) if number else self.messages
        return [message for message in reversed(found) if message.direction == TO_PHONE]
