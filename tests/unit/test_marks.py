"""Two spellings of one name, phone or institution have one mark, and marks of different kinds never meet."""

from __future__ import annotations

import unicodedata

import pytest

from services.notify.rules.institution import institution_names
from shared.crypto import Keys
from shared.marks import MarkKind, institution_mark, mark, name_marks, phone_marks

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
NAME = "Nguyễn Đức Hoà"


@pytest.mark.parametrize(
    "spelling",
    [unicodedata.normalize("NFD", NAME), "nguyen duc hoa", "NGUYỄN  ĐỨC HOÀ", "Nguyễn Đức Hòa", " Nguyễn-Đức, Hoà "],
)
def test_spellings_of_a_name_have_its_marks(spelling: str) -> None:
    assert name_marks(KEYS, spelling) == name_marks(KEYS, NAME)


@pytest.mark.parametrize("number", ["0912 345 678", "84-912-345-678", "+84 (912) 345678"])
def test_spellings_of_a_phone_have_its_mark(number: str) -> None:
    assert phone_marks(KEYS, number) == phone_marks(KEYS, "+84912345678") != ()


def test_what_is_no_number_or_no_name_has_no_mark() -> None:
    assert phone_marks(KEYS, "113") == phone_marks(KEYS, "") == ()
    assert name_marks(KEYS, " - ") == ()


def test_kinds_and_keys_are_kept_apart() -> None:
    marks = {mark(KEYS, kind, "hoa") for kind in MarkKind}
    assert len(marks) == len(MarkKind)
    other = Keys(encryption=KEYS.encryption, index=b"j" * 32, session=KEYS.session)
    assert marks.isdisjoint({mark(other, kind, "hoa") for kind in MarkKind})


@pytest.mark.parametrize("told", ["công an phường võ cường", "Công an Võ Cường", "CONG AN PHUONG VO CUONG"])
def test_an_institution_is_known_by_what_people_call_it(told: str) -> None:
    names = institution_names("police-9190", ["Công an Phường Võ Cường", "Police, Phường Võ Cường"], "Phường Võ Cường")
    marks = {institution_mark(KEYS, name) for name in names}
    assert institution_mark(KEYS, told) in marks


def test_a_province_team_is_known_by_its_names_and_a_school_that_a_team_carries_by_its_own() -> None:
    assert institution_names("province-police", ["Công an tỉnh", ""], None) == {"Công an tỉnh"}
    carried = institution_names(
        "education-9190", ["Giáo dục Phường Võ Cường", "Trường THCS Võ Cường"], "Phường Võ Cường"
    )
    assert {"Trường THCS Võ Cường", "Giáo dục Võ Cường"} <= carried
