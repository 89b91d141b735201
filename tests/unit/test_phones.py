"""One person has one number, however it is written."""

from __future__ import annotations

import pytest

from shared.phones import normalise


@pytest.mark.parametrize("written", ["0912 345 678", "0912345678", "+84912345678", "84-912-345-678", "(0912) 345.678"])
def test_punctuation_and_country_never_split_a_number(written: str) -> None:
    assert normalise(written) == "+84912345678"


def test_landlines_and_other_countries_are_kept() -> None:
    assert normalise("0222 3821 234") == "+842223821234"
    assert normalise("+1 202 555 0123") == "+12025550123"


@pytest.mark.parametrize("written", ["111", "113", "115", "", "không có", "12", "0123456789", "0912345678 0987654321"])
def test_what_is_no_phone_number_has_no_form(written: str) -> None:
    assert normalise(written) is None
