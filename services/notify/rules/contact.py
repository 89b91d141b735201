"""How a person can be reached: channels, addresses, and what stands in the way."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final


class ContactChannel(StrEnum):
    """What carries a message to a person."""

    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"


SENDABLE: Final = (ContactChannel.SMS,)
"""Channels that there is a gateway for; a contact of another channel reaches nobody."""


class ContactState(StrEnum):
    """Whether a contact reaches its person, and if not, why; the first that holds counts."""

    UNVERIFIED = "unverified"
    OPTED_OUT = "opted_out"
    FAILING = "failing"
    NOT_SENDABLE = "not_sendable"
    REACHABLE = "reachable"


def contact_state(
    channel: str, verified_at: datetime | None, opted_out_at: datetime | None, failing_since: datetime | None
) -> ContactState:
    """Return a contact's state."""
    if verified_at is None:
        return ContactState.UNVERIFIED
    if opted_out_at is not None:
        return ContactState.OPTED_OUT
    if failing_since is not None:
        return ContactState.FAILING
    return ContactState.REACHABLE if channel in SENDABLE else ContactState.NOT_SENDABLE
