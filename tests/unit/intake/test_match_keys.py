"""What one person writes in many ways is one key; what differs is not."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.handlers.match_keys import MatchKey, sought
from services.intake.rules.codes import codes_in, new_case_code
from services.intake.rules.repeats import Kind
from services.intake.rules.spoken_names import called
from shared.crypto import Keys
from shared.places import fold
from tests.unit.intake.documents import NAME, PHONE, a_personal_report, a_report, read

KEYS = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
NFD = unicodedata.normalize("NFD", NAME)
WARD = {"incident": {"unit_code": 9190}}


def keys_of(document: Mapping[str, Any], keys: Keys = KEYS) -> frozenset[MatchKey]:
    report = read(document)
    return sought(report.report, report.received_at, keys).keys


def of_kind(document: Mapping[str, Any], *kinds: Kind) -> frozenset[MatchKey]:
    return frozenset(key for key in keys_of(document) if key[0] in kinds)


def called_by(phone: str) -> frozenset[MatchKey]:
    return of_kind(a_report(reporter={"phone": phone}), Kind.PHONE)


def named(name: str, **said: Any) -> frozenset[MatchKey]:
    document = a_report(subject={"name": name}, place=WARD, **said)
    return of_kind(document, Kind.FULL_NAME, Kind.SHORT_NAME, Kind.GIVEN_NAME)


@pytest.mark.parametrize(
    "phone", ["0912345678", "+84912345678", "84-912-345-678", "0912.345.678", "(+84) 912 345 678", "0912 345 678 "]
)
def test_phone_punctuation_is_one_key(phone: str) -> None:
    assert called_by(phone) == called_by(PHONE)
    assert len(called_by(phone)) == 1


def test_other_phone_is_another_key() -> None:
    assert called_by("0912 345 679") != called_by(PHONE)
    assert called_by("không có") == called_by("113") == frozenset()


@pytest.mark.parametrize(
    "where",
    [
        {"family": {"mother": {"phone": PHONE}}},
        {"family": {"carer": "bà", "carer_phone": PHONE}},
        {"alleged": [{"role": "caregiver", "phone_numbers": [PHONE]}]},
        {"reporter": {"phone": "0987 654 321; 0912-345-678"}},
        {"reporter": {"mobile_phone": PHONE}},
    ],
    ids=["mother", "carer", "alleged", "two numbers", "another field"],
)
def test_phones_of_all_people_are_one_kind(where: dict[str, Any]) -> None:
    assert called_by(PHONE) <= of_kind(a_report(**where), Kind.PHONE)


@pytest.mark.parametrize(
    "name",
    [
        NFD,
        "nguyen thi anh dao",
        "NGUYỄN THỊ ÁNH ĐÀO",
        "  Nguyễn  Thị Ánh\tĐào ",
        "Nguyễn Thị Ánh Đào, tóc ngắn",
        f"Bé {NAME}",
    ],
)
def test_a_name_is_one_key_however_it_is_written(name: str) -> None:
    assert named(name) == named(NAME)
    assert {kind for kind, _ in named(name)} == {Kind.FULL_NAME, Kind.SHORT_NAME, Kind.GIVEN_NAME}


@given(st.sampled_from(["NFC", "NFD"]), st.booleans(), st.integers(1, 3))
def test_spelling_of_a_name_never_changes_its_keys(form: str, upper: bool, spaces: int) -> None:  # noqa: FBT001
    written = unicodedata.normalize(form, NAME.upper() if upper else NAME).replace(" ", " " * spaces)  # type: ignore[arg-type]
    assert named(written) == named(NAME)


def test_given_name_and_short_name_are_found_in_the_full_one() -> None:
    assert named("bé Đào") < named("Ánh Đào") < named(NAME)
    assert named("Ánh Đào") < named("Trần Ánh Đào")


def test_family_name_alone_is_never_a_key() -> None:
    assert named("Nguyễn Văn Bình").isdisjoint(named("Nguyễn Thị Ánh Đào"))


def test_same_name_elsewhere_is_another_key() -> None:
    elsewhere = a_report(subject={"name": NAME}, place={"incident": {"unit_code": 9187}})
    assert named(NAME).isdisjoint(keys_of(elsewhere))


def test_name_without_a_place_is_no_key() -> None:
    assert keys_of(a_report(subject={"name": NAME})) == frozenset()


def test_residence_and_whereabouts_count_as_the_commune_too() -> None:
    moved = a_report(subject={"name": NAME}, place={"incident": {"unit_code": 9187}, "residence": {"unit_code": 9190}})
    assert named(NAME) < keys_of(moved)


@pytest.mark.parametrize(
    "text", ["không rõ", "Chưa biết tên", "bé gái", "Bé trai", "cháu", "nam", "unknown", "ẩn danh", ", tóc ngắn", ""]
)
def test_what_is_no_name_gives_no_key(text: str) -> None:
    assert named(text) == frozenset()


def test_a_description_is_not_taken_for_a_name() -> None:
    assert named("em bé mặc áo đỏ hay đứng ở cổng chợ") == frozenset()
    assert Kind.FULL_NAME in called(fold("Trần Hoài Nam"))


@pytest.mark.parametrize("detail", ["Số 12, ngõ Chợ", "so 12 ngo cho", "SỐ 12 - Ngõ  Chợ."])
def test_an_address_is_one_key_however_it_is_written(detail: str) -> None:
    def at(text: str) -> frozenset[MatchKey]:
        return of_kind(a_report(place={"incident": {"unit_code": 9190, "detail": text}}), Kind.ADDRESS)

    assert at(detail) == at("số 12 ngõ chợ")
    assert len(at(detail)) == 1
    assert at("nhà") == frozenset()


def test_kinds_are_kept_apart_and_keys_depend_on_the_index_key() -> None:
    ours, theirs = keys_of(a_personal_report()), keys_of(a_personal_report(), Keys((b"e" * 32,), b"x" * 32, b"s" * 32))
    assert len({digest for _, digest in ours}) == len(ours) == 5
    assert {digest for _, digest in ours}.isdisjoint(digest for _, digest in theirs)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Hôm trước báo rồi, mã K7Q281.", {"K7Q281"}),
        ("ma k7q281 va C0D123", {"K7Q281", "C0D123"}),
        ("XK7Q281, K7Q2811, K7Q28, A7Q281, K7Q281a, mãK7Q281", set()),
    ],
)
def test_case_codes_are_found_in_a_text(text: str, codes: set[str]) -> None:
    assert codes_in(text) == codes


def test_new_codes_are_found_wherever_a_report_names_them() -> None:
    code = new_case_code()
    for document in (a_report(narrative=f"vụ {code.lower()} đó"), a_report(earlier_case=code), a_report(notes=[code])):
        report = read(document)
        assert sought(report.report, report.received_at, KEYS).codes == {code}
