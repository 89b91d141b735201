"""Calls that are no report: their kinds, in the order of the digits that record them, and how long one can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class ContactKind(StrEnum):
    """What a call was, when it told of nobody in need."""

    SILENT = "silent"
    WRONG_NUMBER = "wrong_number"
    PRANK = "prank"
    THANKS = "thanks"
    QUESTION = "question"


WORDS: Mapping[ContactKind, tuple[str, str]] = {
    ContactKind.SILENT: ("Im lặng", "Silent"),
    ContactKind.WRONG_NUMBER: ("Nhầm số", "Wrong number"),
    ContactKind.PRANK: ("Trêu đùa", "Prank"),
    ContactKind.THANKS: ("Cảm ơn", "Thanks"),
    ContactKind.QUESTION: ("Hỏi thông tin", "Question"),
}
"""Each kind in Vietnamese and in English; the first is recorded by 1, the next by 2."""

UNDONE_WITHIN = timedelta(minutes=1)


def may_be_undone(at: datetime, now: datetime) -> bool:
    """Tell whether a call recorded at `at` can still be taken back."""
    return now - at <= UNDONE_WITHIN
