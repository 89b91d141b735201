"""What became of a message: states that only move forward, and errors that say whether trying again helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class DeliveryState(StrEnum):
    """The states of a message. None of them is an acknowledgement."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELIVERED = "delivered"


LOST = frozenset({DeliveryState.UNDELIVERED, DeliveryState.FAILED})
"""A message in one of these states has not reached its person."""

_RANK: Mapping[DeliveryState, int] = {
    DeliveryState.QUEUED: 0,
    DeliveryState.SENDING: 1,
    DeliveryState.ACCEPTED: 2,
    DeliveryState.SENT: 3,
    DeliveryState.UNDELIVERED: 4,
    DeliveryState.FAILED: 4,
    DeliveryState.CANCELLED: 5,
    DeliveryState.DELIVERED: 6,
}
"""Callbacks carry no order, so a report counts by its rank, whenever it comes.

`undelivered` and `failed` are one rank: the second of them would only report the same failure again. Nothing but
`delivered` follows them, or our own cancelling: a phone that has a message has it, whatever else was reported.
A failure after we cancelled is none.
"""

_REPORTED: Mapping[str, DeliveryState] = {
    "queued": DeliveryState.ACCEPTED,
    "scheduled": DeliveryState.ACCEPTED,
    "accepted": DeliveryState.ACCEPTED,
    "sending": DeliveryState.ACCEPTED,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.UNDELIVERED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
"""Twilio's statuses. One cancelled at Twilio, and not by us, is a page that its person never got."""


def advance(current: DeliveryState, reported: str) -> DeliveryState:
    """Return the state after a provider's report; a late, repeated or unknown one changes nothing."""
    state = _REPORTED.get(reported.strip().lower(), current)
    return state if _RANK[state] > _RANK[current] else current


@dataclass(frozen=True)
class Accepted:
    """The gateway took the message under this id."""

    sid: str


@dataclass(frozen=True)
class RetryLater:
    """The gateway cannot take it now. `doubtful`: it may have taken it all the same."""

    reason: str
    doubtful: bool


@dataclass(frozen=True)
class NeverRetry:
    """The message can never reach this number; `code` is Twilio's error."""

    code: int


@dataclass(frozen=True)
class OtherChannel:
    """The gateway can never bring this message to the person; another gateway or channel may. `code` as theirs."""

    code: int


Outcome = Accepted | RetryLater | NeverRetry | OtherChannel
"""The classes of an error are: never again, later, by another way."""

NOT_A_NUMBER = 21211
"""Twilio: not a number. Other gateways' codes are told in Twilio's where one means the same."""
CALLBACK_REFUSED = 21609
"""Twilio: the callback's address is not valid."""

OTHER_WAY = frozenset({21408, 21612, 21617})
"""Twilio: region not permitted, not reachable from this sender, text too long."""

PERMANENT = frozenset({NOT_A_NUMBER, 21214, 21217, 21610, 21614, 21635, 30004, 30005, 30006})
"""Errors of the number itself: not a number, opted out, not a mobile, landline; reported later: blocked, unknown,
landline. Not 30003 (switched off, out of reach), 30007 (filtered) nor 30008 (no reason given), which pass."""

NO_CALLS = frozenset({20003, 20008, 20404, 13227, 21203, 21210, 21212, 21213, 21215, 21216, 21219})
"""Twilio: the account is not let in, has no calls, may not call there, or not from this number."""

TOO_MANY = 429
SERVER_ERRORS = 500
NOT_FOR_US = frozenset({401, 403, 404})
"""HTTP: what answers here takes no calls from this account."""


def classify_error(status: int, code: int | None) -> RetryLater | NeverRetry | OtherChannel:
    """Say what a refusal means, by HTTP status and Twilio's code.

    An unknown one is tried again, since only a human ends an alert, never an error. So is whatever comes with
    too many requests or a fault of the server, which says nothing about the number.
    """
    if status >= SERVER_ERRORS or status == TOO_MANY:
        return RetryLater(f"status {status}", doubtful=status >= SERVER_ERRORS)
    if code is not None and code in PERMANENT:
        return NeverRetry(code)
    if code is not None and code in OTHER_WAY:
        return OtherChannel(code)
    return RetryLater(f"status {status}", doubtful=False)


def classify_call_error(status: int, code: int | None) -> RetryLater | NeverRetry | OtherChannel:
    """Say what a refusal of a call means: where the account cannot call, asking again helps nobody.

    The SMS of the same page went out on its own, so nothing waits for a call.
    """
    if code in NO_CALLS or status in NOT_FOR_US:
        return OtherChannel(code or status)
    return classify_error(status, code)


def marks_contact(error_code: int | None) -> bool:
    """Tell whether an error says that the number itself cannot be reached until a person has changed it.

    For one page every `undelivered` and `failed` counts as not reached, whatever its error.
    """
    return error_code in PERMANENT
