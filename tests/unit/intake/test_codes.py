"""Codes spell nothing, say nothing, and fit a message."""

from __future__ import annotations

import re

from services.intake.rules.codes import CODE_DIGITS, CODE_LETTERS, new_case_code, new_receipt

CODE = re.compile(r"[A-Z]\d[A-Z]\d{3}")


def test_codes_have_letters_and_digits_in_fixed_places() -> None:
    codes = {new_case_code() for _ in range(2000)}
    assert all(CODE.fullmatch(code) for code in codes)
    assert len(codes) > 1900


def test_letters_are_no_vowels_and_are_not_taken_for_digits() -> None:
    assert set("AEIOUY" + "BGLSZ").isdisjoint(CODE_LETTERS)
    assert len(set(CODE_LETTERS)) == len(CODE_LETTERS)
    assert CODE_DIGITS == "0123456789"


def test_receipts_have_16_digits() -> None:
    receipts = {new_receipt() for _ in range(2000)}
    assert all(re.fullmatch(r"\d{16}", receipt) for receipt in receipts)
    assert len(receipts) == 2000
    assert len({receipt[0] for receipt in receipts}) == 10
