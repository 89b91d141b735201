"""How many SMS a person gets, and how fast a sender sends: what has to wait, and until when.

Nothing at IMMEDIATE ever waits. A verdict depends on the moments of what was sent, never on their order.

Rates are message segments a second. Twilio queues what comes faster, first in first out, so that a grave message would
stand behind lesser ones there: a US long code sends 1 and a short code over 100 a second
(twilio.com/docs/errors/21611), a toll-free number 3 and a sender name 10 by default (support.twilio.com articles
4411046744987 and 360057082693).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

LONG_CODE = 1.0
TOLL_FREE = 3.0
SENDER_NAME = 10.0
SHORT_CODE = 100.0

TOLL_FREE_CODES = ("800", "833", "844", "855", "866", "877", "888")
SHORT_CODE_DIGITS = 6

BURST = 3
"""SMS that one person gets at once; more cases then come together in one."""
BURST_SPAN = timedelta(seconds=30)
SPAN = timedelta(minutes=10)


@dataclass(frozen=True)
class Allowance:
    """At most `most` SMS within any `span`."""

    most: int
    span: timedelta

    def free_at(self, sent: Collection[datetime], now: datetime) -> datetime:
        """Return when one more is allowed: `now`, or the moment when the one that fills the span has left it."""
        within = sorted(moment for moment in sent if moment > now - self.span)
        return now if len(within) < self.most else within[-self.most] + self.span


@dataclass(frozen=True)
class Limits:
    """What one person may get, and how many segments a second the sender may send (null: as many as there are)."""

    person: tuple[Allowance, ...] = ()
    sender: str = ""
    per_second: float | None = None

    @property
    def any(self) -> bool:
        """Whether anything is limited."""
        return bool(self.person) or self.per_second is not None

    @property
    def longest(self) -> timedelta:
        """How far back what a person got has to be known."""
        return max((one.span for one in self.person), default=timedelta())

    def free_at(self, sent: Collection[datetime], now: datetime) -> datetime:
        """Return when a person may get one more."""
        return max((one.free_at(sent, now) for one in self.person), default=now)

    def step(self) -> timedelta:
        """Return how long one segment keeps the sender busy."""
        return timedelta(seconds=1 / self.per_second) if self.per_second else timedelta()


NO_LIMITS = Limits()


def person_allowances(in_ten_minutes: int) -> tuple[Allowance, ...]:
    """Return what a person may get when it is so many in ten minutes; none is no limit."""
    if in_ten_minutes <= 0:
        return ()
    return Allowance(min(BURST, in_ten_minutes), BURST_SPAN), Allowance(in_ten_minutes, SPAN)


def rate_of(sender: str) -> float:
    """Return Twilio's segments a second for a sender: `+1…`, a short code, a sender name or a messaging service."""
    if sender.startswith("+1") and sender[2:5] in TOLL_FREE_CODES:
        return TOLL_FREE
    if sender.startswith("+"):
        return LONG_CODE
    if sender.isdecimal() and len(sender) <= SHORT_CODE_DIGITS:
        return SHORT_CODE
    return SENDER_NAME
