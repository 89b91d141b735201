"""A form that is not finished: its fields as they were typed, right or wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

LARGEST: Final = 256 * 1024
"""Bytes of a draft as it is kept: over twice what the longest form that can be sent has."""

LATEST_REVISION: Final = 2**53 - 1
"""The greatest whole number that JavaScript counts to."""

KEPT_FOR: Final = timedelta(days=30)
"""How long a draft that nobody saves again is kept: 30 days, the span after which an incident counts as past (R24)."""

_NOT_TYPED: Final = frozenset({"csrf", "key"})

Fields = tuple[tuple[str, str], ...]
"""Names and values, in the order of the form."""


class DraftTooLargeError(ValueError):
    """A draft is larger than `LARGEST`."""


def write(fields: Iterable[tuple[str, str]]) -> bytes:
    """Return what is kept of a form, or raise `DraftTooLargeError`; fields that hold nothing are left out."""
    typed = [(name, value) for name, value in fields if value.strip() and name not in _NOT_TYPED]
    document = json.dumps(typed, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    if len(document) > LARGEST:
        raise DraftTooLargeError
    return document


def read(document: bytes) -> Fields:
    """Return the fields of what `write` made."""
    return tuple((str(name), str(value)) for name, value in json.loads(document))
