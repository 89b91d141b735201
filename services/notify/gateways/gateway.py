"""What every gateway is: it takes a message, may know whether it has one, and says how much its receipts mean."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable
from uuid import UUID

from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import Outcome

GATEWAY_SECONDS = 10.0
"""A gateway that has not answered by now is given up for this attempt; the queue's lease is longer."""
LOOK_UP_SECONDS = 2.5
"""A look-up and the sending after it fit together in the time that the queue gives a worker."""


class LookUpFailedError(Exception):
    """The gateway could not say whether it has a message, or never can."""


@dataclass(frozen=True)
class Outgoing:
    """A message to hand over: our id, the address (E.164 for phones) and the text.

    `fields` has `code`, `level` and `time` for gateways that fill a registered template instead of taking a text.
    """

    id: UUID
    to: str
    body: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """What a gateway reports of a message, by its own id: a status of `rules.delivery` and an error code, if any."""

    gateway: str
    sid: str
    reported: str
    error_code: int | None = None


@dataclass(frozen=True)
class Reply:
    """A text that came from a phone (E.164) to a gateway."""

    gateway: str
    phone: str
    body: str


@dataclass(frozen=True)
class Inbound:
    """What a gateway with a line of its own does with what comes in.

    `receipt` returns false when the message is not known (yet); `reply` returns the text to answer with, if any.
    """

    receipt: Callable[[Receipt], Awaitable[bool]]
    reply: Callable[[Reply], Awaitable[str | None]]


class Gateway(Protocol):
    """Hands messages to one provider."""

    @property
    def name(self) -> str:
        """What it is called on messages, in settings and in addresses of callbacks."""
        ...

    @property
    def channel(self) -> ContactChannel:
        """What it reaches people by."""
        ...

    @property
    def receipts_from_phone(self) -> bool:
        """Whether `delivered` comes from the phone itself, so that its absence means something."""
        ...

    async def start(self) -> None:
        """Open lines that have to stay open; returns at once."""
        ...

    async def send(self, message: Outgoing) -> Outcome:
        """Hand over a message, within `GATEWAY_SECONDS`; never raises."""
        ...

    async def find(self, message: Outgoing) -> str | None:
        """Return the provider's id of a message that it may have, or None; raises `LookUpFailedError`."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


@runtime_checkable
class EndsCalls(Protocol):
    """A gateway whose calls can be ended from here."""

    async def end(self, sid: str) -> None:
        """End a call that still rings; never raises, and one that is answered goes on."""
        ...
