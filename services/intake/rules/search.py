"""What a search may be, why it cannot be carried out, and why a report was found; in words for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from services.intake.rules.codes import codes_in

LONGEST = 100
"""Characters of what is typed into one field."""

SHORTEST_NAME = 2
"""Letters of a name; one letter is a slip of the finger."""

MOST_SYLLABLES = 12
"""Of a name that is searched for; no person has more."""

_BETWEEN = re.compile(r"[\s.\-]+")
_NUMBER = re.compile(r"[\d\s+().,/\-]+")


class By(StrEnum):
    """What a report is searched by, and why it was found."""

    CODE = "code"
    PHONE = "phone"
    FULL_NAME = "full_name"
    NAME = "name"
    PLACE = "place"


WORDS: Mapping[By, tuple[str, str]] = {
    By.CODE: ("mã vụ", "case code"),
    By.PHONE: ("số điện thoại", "phone number"),
    By.FULL_NAME: ("cả họ tên", "full name"),
    By.NAME: ("có đủ các tiếng của tên", "has every part of the name"),
    By.PLACE: ("nơi", "place"),
}
"""Each reason in Vietnamese and in English."""


class Refusal(StrEnum):
    """Why nothing was searched for."""

    EMPTY = "empty"
    NAME_TOO_SHORT = "name_too_short"
    TOO_LONG = "too_long"
    NO_PHONE = "no_phone"
    PLACE_UNKNOWN = "place_unknown"
    PLACE_TOO_WIDE = "place_too_wide"

    @property
    def of_place(self) -> bool:
        """Tell whether it is the place that has to be typed again."""
        return self in {Refusal.PLACE_UNKNOWN, Refusal.PLACE_TOO_WIDE}


REFUSALS: Mapping[Refusal, tuple[str, str]] = {
    Refusal.EMPTY: (
        "Chưa nhập gì để tìm. Nhập mã vụ, số điện thoại, tên hoặc nơi.",
        "Nothing to search for. Enter a case code, a phone number, a name or a place.",
    ),
    Refusal.NAME_TOO_SHORT: (
        "Tên quá ngắn. Nhập ít nhất một tiếng có hai chữ cái.",
        "The name is too short. Enter at least one word of two letters.",
    ),
    Refusal.TOO_LONG: (
        "Nhập quá dài. Chỉ nhập một mã vụ, một số điện thoại hoặc một tên.",
        "Too long. Enter one case code, one phone number or one name.",
    ),
    Refusal.NO_PHONE: (
        "Số điện thoại chưa đúng. Nhập đủ các số, ví dụ 0912 345 678.",
        "Not a phone number. Enter all its digits, such as 0912 345 678.",
    ),
    Refusal.PLACE_UNKNOWN: (
        "Không có xã, phường nào tên như vậy. Nhập tên xã, phường, có thể thêm tỉnh.",
        "No commune has this name. Enter the name of a commune, with its province if you like.",
    ),
    Refusal.PLACE_TOO_WIDE: (
        "Quá nhiều xã, phường có tên như vậy. Nhập đủ tên và thêm tỉnh.",
        "Too many communes have such a name. Enter the whole name and its province.",
    ),
}
"""What to do about each refusal, in Vietnamese and in English."""


class UnsearchableError(Exception):
    """What was typed cannot be searched for; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def code_of(text: str) -> str | None:
    """Return the case code that a text is, however it is spaced; null when it is none."""
    joined = _BETWEEN.sub("", text)
    codes = codes_in(joined)
    return next(iter(codes)) if codes == {joined.upper()} else None


def is_number(text: str) -> bool:
    """Tell whether a text has digits and nothing but what is written between them."""
    return _NUMBER.fullmatch(text) is not None and any(letter.isdigit() for letter in text)
