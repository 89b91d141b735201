"""Delivery receipts of SMPP 3.4: optional parameters where they are sent, otherwise the text of appendix B."""

from __future__ import annotations

import re
from dataclasses import dataclass

ACCEPTED, ENROUTE, DELIVERED, EXPIRED, DELETED, UNDELIVERABLE, UNKNOWN, REJECTED = 6, 1, 2, 3, 4, 5, 7, 8
"""Values of the parameter message_state (SMPP 3.4, 5.2.28)."""

_STATUS = {
    ENROUTE: "sent",
    ACCEPTED: "sent",
    DELIVERED: "delivered",
    EXPIRED: "undelivered",
    DELETED: "undelivered",
    UNDELIVERABLE: "undelivered",
    REJECTED: "failed",
}
"""In the words of `rules.delivery`. `unknown` says nothing."""
_WORDS = {
    "ENROUTE": ENROUTE,
    "ACCEPTD": ACCEPTED,
    "DELIVRD": DELIVERED,
    "EXPIRED": EXPIRED,
    "DELETED": DELETED,
    "UNDELIV": UNDELIVERABLE,
    "REJECTD": REJECTED,
    "UNKNOWN": UNKNOWN,
}
_ID = re.compile(r"\bid:\s*([^\s]{1,65})", re.IGNORECASE)
_STAT = re.compile(r"\bstat:\s*([A-Z]{4,8})", re.IGNORECASE)


@dataclass(frozen=True)
class SmppReceipt:
    """Which message, by the provider's id, and its status in the words of `rules.delivery` (empty: says nothing)."""

    sid: str
    status: str


def parse_receipt(text: str, *, sid: str | None = None, state: int | None = None) -> SmppReceipt | None:
    """Read a receipt; `sid` and `state` are the optional parameters, which count before the text. None: it is not one."""
    found_id, found_state = _ID.search(text), _STAT.search(text)
    message = sid or (found_id.group(1) if found_id else None)
    if not message:
        return None
    number = state if state in _STATUS else _WORDS.get(found_state.group(1).upper()) if found_state else None
    return SmppReceipt(message, _STATUS.get(number, "") if number is not None else "")


def as_decimal(sid: str) -> str:
    """Return a hexadecimal id as some centres write it in one place and decimal in the other; another id as it is."""
    try:
        return str(int(sid, 16))
    except ValueError:
        return sid
