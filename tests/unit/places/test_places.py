"""Communes by code, while typing and from text: found whatever the marks, and never guessed."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from vietnam_provinces import NESTED_DIVISIONS_JSON_PATH

from shared import places
from shared.places import Ambiguous, Resolved, Unit, Unknown, fold, resolve, search

DATA: list[dict[str, Any]] = json.loads(Path(NESTED_DIVISIONS_JSON_PATH).read_text(encoding="utf-8"))
UNITS = [
    Unit(ward["code"], ward["name"], province["code"], province["name"])
    for province in DATA
    for ward in province["wards"]
]
SAMPLES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "deploy/demo/reports.json").read_text(encoding="utf-8")
)
BY_FULL_NAME: dict[str, list[Unit]] = {}
for _unit in UNITS:
    BY_FULL_NAME.setdefault(fold(_unit.name), []).append(_unit)

units = st.sampled_from(UNITS)


def test_bac_ninh_has_66_communes_and_33_wards() -> None:
    names = [unit.name for unit in places.bac_ninh()]
    assert len(names) == 99
    assert sum(name.startswith("Xã ") for name in names) == 66
    assert sum(name.startswith("Phường ") for name in names) == 33


def test_code_means_what_it_means_today() -> None:
    reused = places.by_code(7330)
    assert reused is not None
    assert reused.name == "Xã Phúc Hòa"
    assert places.by_code(1) is None


def test_successor_is_the_unit_of_the_same_name() -> None:
    became = places.successor(7711)
    assert became is not None
    assert (became.code, became.name) == (7696, "Phường Tiền Phong")


def test_former_unit_without_a_namesake_has_no_known_successor() -> None:
    assert places.by_code(7207) is None
    assert places.successor(7207) is None


@given(units)
def test_typing_the_folded_name_finds_the_unit(unit: Unit) -> None:
    assert unit in search(fold(unit.name), limit=len(UNITS))


@given(units, st.data())
def test_typing_part_of_the_last_word_finds_the_unit(unit: Unit, data: st.DataObject) -> None:
    name = fold(unit.name)
    cut = data.draw(st.integers(min_value=name.rindex(" ") + 2, max_value=len(name)))
    assert unit in search(name[:cut], limit=len(UNITS))


@given(units)
def test_nfd_and_nfc_are_one(unit: Unit) -> None:
    decomposed = unicodedata.normalize("NFD", unit.name)
    assert fold(decomposed) == fold(unit.name)
    assert search(decomposed) == search(unit.name)
    assert resolve(decomposed) == resolve(unit.name)


@given(units)
def test_full_name_resolves_unless_another_unit_bears_it(unit: Unit) -> None:
    match resolve(unit.name):
        case Resolved(code):
            assert code == unit.code
        case Ambiguous(candidates):
            assert unit in candidates
            assert len(candidates) > 1
        case Unknown():
            pytest.fail("a unit of today is unknown by its own name")


@given(units)
def test_province_settles_which_namesake_is_meant(unit: Unit) -> None:
    namesakes = [other for other in BY_FULL_NAME[fold(unit.name)] if other.province_code == unit.province_code]
    resolution = resolve(f"{unit.name}, {unit.province_name}")
    assert resolution == Resolved(unit.code) if len(namesakes) == 1 else isinstance(resolution, Resolved | Ambiguous)


@given(units)
def test_unaccented_name_that_two_units_share_stays_unresolved(unit: Unit) -> None:
    shared = len(BY_FULL_NAME[fold(unit.name)]) > 1
    assert isinstance(resolve(fold(unit.name)), Ambiguous if shared else Resolved)


@given(st.text(max_size=300))
@example("0 \u0300")
@example("\u0300 a")
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(resolve(text), Resolved | Ambiguous | Unknown)
    assert len(search(text)) <= 20
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["id"])
def test_text_of_each_sample_resolves_to_its_code_or_not_at_all(sample: dict[str, Any]) -> None:
    place = sample["place"]["incident"]
    text, code = place["text"] or "", place["unit_code"]
    namesakes = BY_FULL_NAME.get(fold(text), [])
    expected = Resolved(code) if code is not None and len(namesakes) == 1 else None
    assert resolve(text) == expected if expected else not isinstance(resolve(text), Resolved)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phường Phương Liễu", 9265),
        ("phuong phuong lieu", 9265),
        ("phuong lieu", 9265),
        ("Phường Ninh Xá", 9445),
        ("ninh xa", 9445),
        ("P. Võ Cường", 9190),
        ("  VÕ   CƯỜNG ", 9190),
        ("Võ Cường, TP. Bắc Ninh, tỉnh Bắc Ninh", 9190),
        ("xã Tân Sơn, Bắc Ninh", 7531),
        ("xa tan son bac ninh", 7531),
        ("xã Tân Sơn, huyện Lục Ngạn, tỉnh Bắc Giang", 7531),
        ("thôn Đoài, xã Tam Giang, Bắc Ninh", 9202),
        ("thôn 3 xã Gia Bình", 9454),
        ("Xã Hiệp Hòa, Bắc Ninh", 7840),
        ("Xã Hiệp Hoà, Bắc Ninh", 7840),
        ("Xã Phúc Hoà", 7330),
        ("xã Ea Hleo", 24184),
        ("Xã Ea H'leo", 24184),
        ("Xã Ea H’Leo", 24184),
        ("Phường Bắc Giang", 7210),
        ("phường Sài Gòn, TP HCM", 26740),
        ("Thị trấn Nhân Thắng", 9475),
    ],
)
def test_text_that_means_one_unit_resolves(text: str, code: int) -> None:
    assert resolve(text) == Resolved(code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "xã Tân Sơn",
        "xa phuc hoa",
        "minh thanh",
        "pu nhi",
        "Yên Phong",
        "Yên Phong, Bắc Ninh",
        "huyện Yên Phong",
        "Bắc Giang",
        "Bắc Ninh",
        "Thị trấn Lim",
        "Xã Võ Cường",
        "xã Gia Bình, Hà Nội",
        "gần xã Gia Bình",
        "xã Gia Bình hoặc xã Lương Tài",
        "xã Gia Bình, xã Lương Tài",
        "thôn " * 500 + "xã Gia Bình",
    ],
)
def test_text_that_may_mean_something_else_stays_unresolved(text: str) -> None:
    assert not isinstance(resolve(text), Resolved)


def test_marks_tell_namesakes_apart() -> None:
    assert isinstance(resolve("xa phuc hoa"), Ambiguous)
    assert resolve("xã Phúc Hòa") == Resolved(7330)
    assert isinstance(resolve("minh thanh"), Ambiguous)
    assert resolve("Xã Minh Thanh") == Resolved(2554)


def test_name_that_two_units_bear_offers_both() -> None:
    resolution = resolve("xã Tân Sơn")
    assert isinstance(resolution, Ambiguous)
    assert {unit.province_name for unit in resolution.candidates} == {"Bắc Ninh", "Phú Thọ"}


def test_units_of_bac_ninh_come_first() -> None:
    provinces = [unit.province_code == places.BAC_NINH for unit in search("xa tan", limit=200)]
    assert any(provinces)
    assert provinces == sorted(provinces, reverse=True)


def test_province_may_be_typed_behind_the_name() -> None:
    assert [unit.code for unit in search("tan son phu tho")] == [8566]


def test_nothing_typed_finds_nothing() -> None:
    assert search(" ’ ") == ()
