"""How a person can be reached: channels, addresses, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class ContactChannel(StrEnum):
    """What carries a message to a person."""

    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    ZALO = "zalo"


@dataclass(frozen=True)
class Contact:
    """An address of a person; `address` is E.164 for phones. `usable`: a message can be sent to it now."""

    channel: ContactChannel
    address: str
    usable: bool = True


def next_contact(contacts: Sequence[Contact], tried: Collection[ContactChannel]) -> Contact | None:
    """Return the first usable contact, in the person's order, by a channel that was not tried for this page."""
    return next((one for one in contacts if one.usable and one.channel not in tried), None)


SENDABLE: Final = (ContactChannel.SMS,)
"""Channels that every installation has a gateway for; what else it has is told when it starts."""


class ContactState(StrEnum):
    """Whether a contact reaches its person, and if not, why; the first that holds counts."""

    UNVERIFIED = "unverified"
    OPTED_OUT = "opted_out"
    FAILING = "failing"
    NOT_SENDABLE = "not_sendable"
    REACHABLE = "reachable"


def contact_state(
    channel: str,
    verified_at: datetime | None,
    opted_out_at: datetime | None,
    failing_since: datetime | None,
    sendable: Collection[str] = SENDABLE,
) -> ContactState:
    """Return a contact's state; `sendable` are the channels that there is a gateway for."""
    if verified_at is None:
        return ContactState.UNVERIFIED
    if opted_out_at is not None:
        return ContactState.OPTED_OUT
    if failing_since is not None:
        return ContactState.FAILING
    return ContactState.REACHABLE if channel in sendable else ContactState.NOT_SENDABLE
