"""The public form as a document, and ages as people guess them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake import public_form, public_tries
from services.intake.rules.age_guess import age_guess
from services.intake.rules.report import OLDEST_AGE
from shared.crypto import Keys
from tests.unit.intake.documents import read

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)

ADDRESSES = [
    ("10.0.0.1", "10.0.0.1", True),
    ("10.0.0.1", "10.0.0.2", False),
    ("2001:db8::1", "2001:db8::ffff", True),
    ("2001:db8::1", "2001:db8:0:1::1", False),
    ("", "", True),
]


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("7", (6, 8)),
        ("khoảng 7 tuổi", (6, 8)),
        ("0", (0, 1)),
        ("3,5", (2.5, 4.5)),
        ("6-7", (6, 7)),
        ("7 hay 6 tuổi", (6, 7)),
        ("6 đến 8", (6, 8)),
        ("8 tháng", (0.58, 0.75)),
        ("8 thang tuoi", (0.58, 0.75)),
        ("6-8 tháng", (0.5, 0.67)),
        ("2 tuổi 3 tháng", (0.25, 2)),
        ("about 4 months", (0.25, 0.42)),
        ("45", (44, 46)),
    ],
)
def test_a_guess_is_an_interval_of_years(text: str, interval: tuple[float, float]) -> None:
    assert age_guess(text) == interval


@pytest.mark.parametrize("text", ["", "còn nhỏ", "lớp 3", "grade 5", "sinh năm 2015", "2015", "12345"])
def test_what_names_no_age_in_numbers_is_no_guess(text: str) -> None:
    assert age_guess(text) is None


@given(st.text())
def test_any_text_is_read_and_the_interval_is_in_order(text: str) -> None:
    guess = age_guess(text)
    assert guess is None or 0 <= guess.lowest <= guess.highest


@given(st.integers(0, OLDEST_AGE - 1))
def test_a_guessed_number_lies_within_its_interval(age: int) -> None:
    guess = age_guess(str(age))
    assert guess is not None
    assert guess.lowest <= age <= guess.highest


words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=60)


@given(text=words, place=words, near=words, phone=words, age=st.sampled_from(["", "7", "lớp 2", "8 tháng"]))
def test_whatever_is_told_in_words_is_a_report_that_keeps_them(
    text: str, place: str, near: str, phone: str, age: str
) -> None:
    fields = {"text": f"a{text}", "place": place, "near": near, "phone": phone, "age": age, "who": "child"}
    report = read(public_form.document(public_form.typed(fields.items()))).report
    assert report.subject.kind == "child"
    assert report.channel == "web"


def test_fields_of_others_are_left_out_and_line_ends_are_plain() -> None:
    assert public_form.typed([("text", "a\r\nb"), ("csrf", "x"), ("website", "y"), ("age", "  ")]) == {"text": "a\nb"}


@pytest.mark.parametrize(("one", "other", "same"), ADDRESSES)
def test_tries_are_counted_by_household(one: str, other: str, *, same: bool) -> None:
    found = public_tries.subject(KEYS, "report", one), public_tries.subject(KEYS, "report", other)
    assert (found[0] == found[1]) is same
    assert found[0] != public_tries.subject(KEYS, "receipt", one)
