"""What people type to find a report, and by what it is found: spelling never matters, what differs does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.handlers.match_keys import sought
from services.intake.handlers.read_search import Wanted, read_search
from services.intake.handlers.search_keys import (
    MOST_OF_A_PERSON,
    MOST_PEOPLE,
    THE_REPORT,
    full_name_key,
    phone_key,
    search_keys,
    syllable_keys,
)
from services.intake.rules.people import people
from services.intake.rules.report import TEXT_LIMIT
from services.intake.rules.search import LONGEST, REFUSALS, WORDS, By, Refusal, UnsearchableError, code_of
from shared.crypto import Keys
from tests.unit.intake.documents import NAME, PHONE, a_personal_report, a_report, read

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
SYLLABLES = st.lists(st.text(LETTERS, min_size=2, max_size=7), min_size=1, max_size=6)
FORMS = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def keys_of(keys: Keys = KEYS, **said: Any) -> dict[int, frozenset[bytes]]:
    return search_keys(read(a_report(**said)).report, keys)


def finds(wanted: Wanted, **said: Any) -> bool:
    """Tell whether one person of the report bears every syllable that is wanted."""
    return any(syllable_keys(KEYS, wanted.name) <= digests for digests in keys_of(**said).values())


def bare(text: str) -> str:
    """Take the marks away by another way than the product does."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if letter.isascii() or letter == "đ"
    ).replace("đ", "d")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("K7Q281", Wanted(code="K7Q281")),
        (" k7q 281 ", Wanted(code="K7Q281")),
        ("k7q-281", Wanted(code="K7Q281")),
        ("0912 345 678", Wanted(phone="+84912345678")),
        ("+84912345678", Wanted(phone="+84912345678")),
        ("84-912-345-678", Wanted(phone="+84912345678")),
        ("(+84) 912.345.678", Wanted(phone="+84912345678")),
        (NAME, Wanted(name=("nguyen", "thi", "anh", "dao"))),
        (unicodedata.normalize("NFD", NAME), Wanted(name=("nguyen", "thi", "anh", "dao"))),
        ("  ĐÀO,  nguyễn ", Wanted(name=("dao", "nguyen"))),
        ("An", Wanted(name=("an",))),
    ],
)
def test_what_is_typed_is_a_code_a_phone_or_a_name(text: str, wanted: Wanted) -> None:
    assert read_search(text) == wanted


@pytest.mark.parametrize(
    ("text", "place", "refusal"),
    [
        ("", "", Refusal.EMPTY),
        (" \t", "  ", Refusal.EMPTY),
        ("y", "", Refusal.NAME_TOO_SHORT),
        ("?!", "", Refusal.NAME_TOO_SHORT),
        ("x" * (LONGEST + 1), "", Refusal.TOO_LONG),
        ("Đào", "x" * (LONGEST + 1), Refusal.TOO_LONG),
        ("na " * 13, "", Refusal.TOO_LONG),
        ("0912 345", "", Refusal.NO_PHONE),
        ("113", "", Refusal.NO_PHONE),
        ("", "Xyzzy", Refusal.PLACE_UNKNOWN),
        (NAME, "Xyzzy", Refusal.PLACE_UNKNOWN),
        ("", "a", Refusal.PLACE_TOO_WIDE),
    ],
)
def test_what_cannot_be_searched_for_is_refused_with_what_to_do(text: str, place: str, refusal: Refusal) -> None:
    with pytest.raises(UnsearchableError) as caught:
        read_search(text, place)
    assert caught.value.refusal is refusal
    assert refusal.of_place == ("place" in refusal)


@pytest.mark.parametrize(
    "place", ["Võ Cường", "phuong vo cuong", unicodedata.normalize("NFD", "Phường Võ Cường, Bắc Ninh")]
)
def test_a_place_is_found_however_it_is_written(place: str) -> None:
    wanted = read_search(NAME, place)
    assert [unit.code for unit in wanted.units] == [9190]
    assert wanted.kinds == (By.NAME, By.PLACE)
    assert read_search("", place).kinds == (By.PLACE,)


def test_every_refusal_and_every_reason_has_words_in_both_languages() -> None:
    for texts in (*(REFUSALS[refusal] for refusal in Refusal), *(WORDS[kind] for kind in By)):
        assert len(set(texts)) == 2
        assert all(texts)


@pytest.mark.parametrize("text", ["K7Q28", "K7Q2811", "A7Q281", "K7Q281 C0D123", "mã K7Q281", "nguyen"])
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert code_of(text) is None


@given(syllables=SYLLABLES, form=FORMS, typed_form=FORMS, how=st.sampled_from([str, str.upper, str.title, bare]))
def test_spelling_never_keeps_a_name_from_being_found(
    syllables: list[str], form: Form, typed_form: Form, how: Any
) -> None:
    name = " ".join(syllables)
    typed = unicodedata.normalize(typed_form, how(name))
    wanted = read_search(typed)
    assert wanted.canonical == read_search(name).canonical
    assert finds(wanted, subject={"name": unicodedata.normalize(form, name)})


@given(syllables=SYLLABLES, data=st.data())
def test_some_syllables_in_any_order_find_the_name(syllables: list[str], data: st.DataObject) -> None:
    some = data.draw(st.permutations(syllables))[: data.draw(st.integers(1, len(syllables)))]
    assert finds(read_search(" ".join(some)), family={"mother": {"name": " ".join(syllables)}})


@pytest.mark.parametrize(
    "typed", ["nguyen thi anh dao", "Đào", "Ánh Đào", "đào nguyễn", unicodedata.normalize("NFD", NAME)]
)
@pytest.mark.parametrize(
    "said",
    [
        {"subject": {"name": NAME}},
        {"subject": {"name": f"Bé Na ({NAME})"}},
        {"subject": {"name": "Na", "nickname": NAME}},
        {"family": {"father": {"name": NAME}}},
        {"family": {"mother": {"name": NAME}}},
        {"family": {"carer": f"bà ngoại {NAME}"}},
        {"family": {"carer_name": NAME}},
        {"reporter": {"name": NAME}},
        {"alleged": [{"role": "stranger"}, {"role": "caregiver", "name": NAME, "phone": PHONE}]},
        {"children_in_home": [{"age_min": 5, "name": NAME}]},
    ],
    ids=["child", "in brackets", "nickname", "father", "mother", "carer", "other field", "reporter", "alleged", "at home"],
)  # fmt: skip
def test_everybody_named_is_found_by_every_part_of_the_name(said: dict[str, Any], typed: str) -> None:
    assert finds(read_search(typed), **said)


@pytest.mark.parametrize(
    "typed", ["Nguyễn Văn Đào", "Nguyên Thị Anh Đao Bình", "da", "ngu", "hàng xóm", "Võ Cường", "tiếng trẻ khóc"]
)
def test_every_part_of_what_is_typed_must_fit_and_only_names_are_looked_at(typed: str) -> None:
    assert not finds(read_search(typed), **a_personal_report())


def test_syllables_of_two_people_are_not_one_name() -> None:
    said = {"subject": {"name": "Nguyễn Văn Bình"}, "family": {"mother": {"name": "Trần Thị Đào"}}}
    assert finds(read_search("Trần Đào"), **said)
    assert not finds(read_search("Nguyễn Thị Đào"), **said)


def test_only_a_whole_name_has_the_key_of_a_whole_name() -> None:
    keys = keys_of(subject={"name": f"{NAME}, tóc ngắn"})[1]
    assert full_name_key(KEYS, "nguyen thi anh dao") in keys
    assert full_name_key(KEYS, "anh dao") not in keys


def test_phones_of_everybody_are_keys_of_the_report() -> None:
    said: dict[str, Any] = {
        "reporter": {"phone": "84-912-345-678"},
        "alleged": [{"role": "stranger", "phone": "0987 654 321; 113"}],
    }
    assert keys_of(**said)[THE_REPORT] == {phone_key(KEYS, "+84912345678"), phone_key(KEYS, "+84987654321")}


def test_report_that_names_nobody_has_no_keys() -> None:
    assert keys_of() == {}
    assert people(read(a_report(subject={"name": "  "}, alleged=[{"role": "stranger"}])).report) == ()


def test_keys_depend_on_the_index_key_and_are_others_than_those_of_repeats() -> None:
    report = read(a_personal_report())
    ours = frozenset[bytes]().union(*search_keys(report.report, KEYS).values())
    theirs = search_keys(report.report, Keys(KEYS.encryption, b"x" * 32, KEYS.session)).values()
    repeats = {digest for _, digest in sought(report.report, report.received_at, KEYS).keys}
    assert ours.isdisjoint(frozenset[bytes]().union(*theirs))
    assert ours.isdisjoint(repeats)


def test_no_list_of_people_and_no_name_however_long_holds_up_a_report() -> None:
    crowd = [{"role": "stranger", "name": f"Người {number}"} for number in range(MOST_PEOPLE + 100)]
    assert set(keys_of(alleged=crowd)) == set(range(1, MOST_PEOPLE + 1))
    assert finds(read_search("na"), subject={"name": "Na", "nickname": "x" * 1_000_000})


def test_a_long_description_has_a_limit() -> None:
    text = " ".join(different_syllables(TEXT_LIMIT))[:TEXT_LIMIT]
    (digests,) = keys_of(subject={"name": text}).values()
    assert len(digests) == MOST_OF_A_PERSON + 1


def different_syllables(most: int) -> Iterator[str]:
    return (f"{chr(ord('a') + number % 26)}{number}" for number in range(most))
