"""A form that is not finished, as it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.handlers.draft_keys import form_key
from services.intake.rules.draft import LARGEST, DraftTooLargeError, read, write

names = st.sampled_from(["narrative", "concerns", "alleged.0.name", "lạ"])
any_fields = st.lists(st.tuples(names, st.text(st.characters(exclude_categories=["Cs"]))))


@given(any_fields)
def test_what_holds_something_comes_back_in_order_as_it_was_typed(fields: list[tuple[str, str]]) -> None:
    assert list(read(write(fields))) == [(name, value) for name, value in fields if value.strip()]


@given(any_fields)
def test_neither_token_nor_key_is_kept(fields: list[tuple[str, str]]) -> None:
    assert write([("csrf", "secret"), *fields, ("key", "k")]) == write(fields)


def test_a_half_of_a_letter_is_no_reason_to_lose_the_rest() -> None:
    assert read(write([("narrative", "cháu \ud83d")])) == (("narrative", "cháu ?"),)


@pytest.mark.parametrize(("spare", "fits"), [(0, True), (1, False)])
def test_the_limit_is_in_bytes_of_what_is_kept(spare: int, *, fits: bool) -> None:
    around = len(write([("narrative", "x")])) - 1
    fields = [("narrative", "x" * (LARGEST - around + spare))]
    if fits:
        assert len(write(fields)) == LARGEST
    else:
        with pytest.raises(DraftTooLargeError):
            write(fields)


@given(st.uuids())
def test_a_forms_key_is_read(key: object) -> None:
    text = str(key).replace("-", "")
    assert form_key(text) == key


@given(st.text())
def test_no_other_text_is_a_forms_key(text: str) -> None:
    found = form_key(text)
    assert found is None or found.hex == text
