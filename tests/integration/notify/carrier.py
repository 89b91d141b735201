"""A carrier in memory that records what it was given and fails as it is told to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from services.notify.gateways.gateway import LookUpFailedError, Outgoing
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import Accepted, NeverRetry, OtherChannel, Outcome, RetryLater


class KilledError(BaseException):
    """The process dies at this very point; nothing catches it."""


@dataclass
class Sms:
    to: str
    body: str
    message_id: UUID | None
    sid: str


@dataclass
class Carrier:
    """`refused` by number; `away` takes nothing; `dies_after_taking` kills the sender when the message is taken."""

    sent: list[Sms] = field(default_factory=list)
    seen: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    away: bool = False
    busy: bool = False
    elsewhere: dict[str, int] = field(default_factory=dict)
    dies_before_taking: bool = False
    dies_after_taking: bool = False
    silent_after_taking: bool = False
    forgetful: bool = False
    looked_up: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    name: str = "twilio"
    channel: ContactChannel = ContactChannel.SMS
    receipts_from_phone: bool = False

    async def start(self) -> None:
        return

    async def send(self, message: Outgoing) -> Outcome:
        to, body = message.to, message.body
        if self.dies_before_taking:
            raise KilledError
        if self.away:
            return RetryLater("status 503", doubtful=True)
        if self.busy:
            return RetryLater("status 429", doubtful=False)
        if to in self.refused:
            return NeverRetry(self.refused[to])
        if to in self.elsewhere:
            return OtherChannel(self.elsewhere[to])
        self.sent.append(Sms(to, body, message.id, f"SM{uuid4().hex}"))
        if self.dies_after_taking:
            raise KilledError
        if self.silent_after_taking:
            return RetryLater("no answer in time", doubtful=True)
        return Accepted(self.sent[-1].sid)

    async def find(self, message: Outgoing) -> str | None:
        to, body = message.to, message.body
        self.looked_up[to] += 1
        if self.forgetful or self.away:
            raise LookUpFailedError("status 503")
        return next((sms.sid for sms in self.sent if (sms.to, sms.body) == (to, body)), None)

    async def close(self) -> None:
        self.sent.clear()

    def new(self) -> list[Sms]:
        """Return what has come since the last look."""
        fresh, self.seen = self.sent[self.seen :], len(self.sent)
        return fresh
