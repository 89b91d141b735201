"""Find the report of a receipt; many wrong ones from one address have to wait a little."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.intake import public_tries
from services.intake.rules.codes import RECEIPT_DIGITS
from services.intake.store import ReportStatus, report_status_by_receipt
from shared.identity.sessions import real_now
from shared.service import Parts

WRONG_TRIES: Final = 20
"""From one address within the span. A million reports among 10^16 receipts: no guess comes near one."""
SPAN: Final = timedelta(minutes=5)
"""From the first wrong try; later ones do not lengthen it, so a right receipt never waits for longer."""


@dataclass(frozen=True)
class NoSuchReceipt:
    """No report bears it."""


@dataclass(frozen=True)
class TooManyWrong:
    """Too many wrong ones: `wait` until the next is looked at."""

    wait: timedelta


async def look_up_receipt(parts: Parts, typed: str, address: str) -> ReportStatus | NoSuchReceipt | TooManyWrong:
    """Return the state of the report that a receipt was given for; spaces and marks between digits do not matter."""
    receipt = "".join(letter for letter in unicodedata.normalize("NFKC", typed) if letter.isdecimal())
    if len(receipt) != RECEIPT_DIGITS:
        return NoSuchReceipt()
    now = real_now()
    who = public_tries.subject(parts.keys, "receipt", address)
    async with parts.database.transaction() as connection:
        tries, until = await public_tries.count(connection, who, span=SPAN, now=now)
        if tries > WRONG_TRIES:
            return TooManyWrong(until - now)
        found = await report_status_by_receipt(connection, parts.keys, receipt)
        if found is None:
            return NoSuchReceipt()
        await public_tries.take_back(connection, who, now=now)
    return found
