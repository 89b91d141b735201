"""Case codes for messages and receipts for reporters: random, and nothing about the report in them."""

from __future__ import annotations

import re
import secrets

CODE_LETTERS = "CDFHJKMNPQRTVWX"
"""Consonants that nobody takes for 8, 6, 1, 5 or 2 (B, G, L, S, Z): a code spells no word and is typed as it is read."""

CODE_DIGITS = "0123456789"

CODE_PATTERN = (CODE_LETTERS, CODE_DIGITS, CODE_LETTERS, CODE_DIGITS, CODE_DIGITS, CODE_DIGITS)
"""Two letters and four digits in fixed places, 2.25 million codes, every character one septet of GSM-7."""

_CODE = re.compile(rf"(?<!\w){''.join(f'[{characters}]' for characters in CODE_PATTERN)}(?!\w)", re.IGNORECASE)

RECEIPT_DIGITS = 16


def new_case_code() -> str:
    """Return a random case code such as `K7Q281`; whether it is free, the table of reports knows."""
    return "".join(secrets.choice(characters) for characters in CODE_PATTERN)


def new_receipt() -> str:
    """Return a random receipt of 16 digits; shown once, kept only as a keyed hash."""
    return f"{secrets.randbelow(10**RECEIPT_DIGITS):0{RECEIPT_DIGITS}}"


def codes_in(text: str) -> frozenset[str]:
    """Return the case codes that a text names, in capitals: whoever calls again may have been given one."""
    return frozenset(found.upper() for found in _CODE.findall(text))
