"""By what a person can be reached, and what is tried after one way has failed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ContactChannel(StrEnum):
    """Ways to reach a person."""

    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    ZALO = "zalo"


@dataclass(frozen=True)
class Contact:
    """An address of a person; `address` is E.164 for phones. `usable`: verified and not known to fail."""

    channel: ContactChannel
    address: str
    usable: bool = True


def next_contact(contacts: Sequence[Contact], tried: Collection[ContactChannel]) -> Contact | None:
    """Return the first usable contact, in the person's order, by a channel that was not tried for this page."""
    return next((one for one in contacts if one.usable and one.channel not in tried), None)
