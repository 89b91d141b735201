"""Phone numbers in one form, so that punctuation never splits one person's history."""

from __future__ import annotations

import phonenumbers

HOME_REGION = "VN"
"""The region of a number written without its country."""


def normalise(text: str) -> str | None:
    """Return a number as E.164 (`+84912345678`), or null when it is not a valid number of any country.

    `0912 345 678`, `+84912345678` and `84-912-345-678` are one. Which ranges are valid is the library's
    data, which is updated with it. Emergency and service numbers (111, 113, 115) have no E.164 form.
    """
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
