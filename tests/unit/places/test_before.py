"""What names and codes of before 1/7/2025 mean, and what the day of an incident changes."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import places
from shared.places import Ambiguous, Level, Record, Resolved, Unknown, fold, resolve
from shared.places.data import units_before_reform, units_since_reform
from shared.places.today import today
from shared.places.units import REFORM, without_kind

BEFORE = list(units_before_reform())
SINCE = {(record.level, record.code): record for record in units_since_reform()}
CONTINUED = [record for record in BEFORE if record.level is Level.COMMUNE and record.successors]
IN_2024 = date(2024, 5, 20)
IN_2026 = date(2026, 5, 20)


def meanings(level: Level, code: int) -> list[str]:
    before = [record.name for record in BEFORE if (record.level, record.code) == (level, code)]
    return [*before, *(record.name for key, record in SINCE.items() if key == (level, code))]


def bare(record: Record) -> str:
    return fold(without_kind(record.level, record.name))


def test_data_hold_the_country_before_and_after() -> None:
    counted = [sum(record.level is level for record in BEFORE) for level in Level]
    assert counted == [63, 696, 10051]
    assert [sum(level is each for level, _code in SINCE) for each in Level] == [34, 0, 3321]


@pytest.mark.parametrize(
    ("level", "code", "names"),
    [
        (Level.PROVINCE, 24, ["Bắc Giang", "Bắc Ninh"]),
        (Level.PROVINCE, 27, ["Bắc Ninh"]),
        (Level.COMMUNE, 7330, ["Xã Hợp Đức", "Xã Phúc Hòa"]),
        (Level.COMMUNE, 9193, ["Thị trấn Chờ", "Xã Yên Phong"]),
        (Level.DISTRICT, 258, ["Huyện Yên Phong"]),
    ],
)
def test_code_had_another_meaning_before(level: Level, code: int, names: list[str]) -> None:
    assert meanings(level, code) == names


def test_every_province_of_before_has_one_of_today() -> None:
    became = {record.name: record.successors for record in BEFORE if record.level is Level.PROVINCE}
    assert all(len(codes) == 1 and (Level.PROVINCE, codes[0]) in SINCE for codes in became.values())
    assert became["Bắc Giang"] == became["Bắc Ninh"] == (24,)


@given(st.sampled_from(CONTINUED))
def test_successor_bears_the_name_in_the_merged_province(record: Record) -> None:
    (code,) = record.successors
    today = SINCE[Level.COMMUNE, code]
    province = next(one for one in BEFORE if one.level is Level.PROVINCE and one.code == record.province_code)
    assert bare(today) == bare(record)
    assert province.successors == (today.province_code,)


def test_no_unit_of_today_continues_two() -> None:
    claimed = [record.successors[0] for record in CONTINUED]
    assert len(claimed) == len(set(claimed))


@pytest.mark.parametrize(
    "name", ["Xã Hồng Hà, huyện Đan Phượng", "xã Thanh Xuân, huyện Sóc Sơn", "xã Hạ Long, huyện Vân Đồn"]
)
def test_namesake_far_away_in_the_province_is_no_successor(name: str) -> None:
    assert not isinstance(resolve(name), Resolved)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh", 9202),
        ("xã Tam Giang huyện Yên Phong tỉnh Bắc Ninh", 9202),
        ("thôn Đoài xã Tam Giang, H. Yên Phong, T. Bắc Ninh", 9202),
        ("xã Tân Sơn, Lục Ngạn", 7531),
        ("xa tan son huyen luc ngan", 7531),
        ("Thị trấn Nhân Thắng, huyện Gia Bình", 9475),
        ("đồng nguyên, tx từ sơn", 9382),
        ("phường Tân An, TP Bắc Giang", 7682),
        ("Xã Phúc Hoà, huyện Tân Yên, Bắc Giang", 7330),
        ("Xã Phúc Hòa, huyện Tân Yên, Bắc Giang", 7330),
        ("xa phuc hoa, tan yen", 7330),
        ("Xã Ea H`leo, Đắc Lắc", 24184),
    ],
)
def test_former_district_or_province_tells_namesakes_apart(text: str, code: int) -> None:
    assert resolve(text) == Resolved(code)
    assert resolve(unicodedata.normalize("NFD", text)) == Resolved(code)
    assert resolve(text, IN_2024) == Resolved(code)


@pytest.mark.parametrize(
    "text",
    [
        "huyện Yên Phong",
        "tỉnh Bắc Giang",
        "24",
        "27",
        "xã Hợp Đức",
        "Thị trấn Chờ",
        "thị trấn Thắng, Hiệp Hòa",
        "Phường 1, Quận 3, TP HCM",
        "Xuân Lâm, Thuận Thành, Bắc Ninh",
        "xã Đồng Tiến, huyện Yên Thế, Bắc Giang",
        "xã Gia Bình, huyện Châu Thành",
        "xã Thanh Xuân",
        "Võ Cuong",
    ],
)
def test_text_without_a_known_unit_of_today_is_unknown(text: str) -> None:
    assert resolve(text) == Unknown()


@pytest.mark.parametrize("text", ["Yên Phong", "Yên Phong, Bắc Ninh", "Bắc Giang", "Hòa Bình"])
def test_name_of_something_larger_is_not_all_a_text_may_mean(text: str) -> None:
    resolution = resolve(text)
    assert isinstance(resolution, Ambiguous)
    assert not resolution.complete


def test_name_that_another_unit_bore_on_the_day_is_ambiguous() -> None:
    assert resolve("Phường Hồng Hà") == resolve("Phường Hồng Hà", IN_2026) == Resolved(97)
    resolution = resolve("Phường Hồng Hà", IN_2024)
    assert isinstance(resolution, Ambiguous)
    assert [unit.code for unit in resolution.candidates] == [97]
    assert not resolution.complete


@given(st.sampled_from(CONTINUED), st.sampled_from([None, IN_2024, IN_2026]))
def test_former_name_in_its_district_and_province_means_its_successor_or_stays_open(
    record: Record, on: date | None
) -> None:
    district = next(one for one in BEFORE if one.level is Level.DISTRICT and one.code == record.district_code)
    province = next(one for one in BEFORE if one.level is Level.PROVINCE and one.code == record.province_code)
    match resolve(f"{record.name}, {district.name}, {province.name}", on):
        case Resolved(code):
            assert (code,) == record.successors
        case Ambiguous(candidates):
            assert record.successors[0] in {unit.code for unit in candidates}
        case Unknown():
            pytest.fail("a former name with a known successor is unknown in its own district")


@given(st.sampled_from([record for record in BEFORE if record.level is Level.COMMUNE and not record.successors]))
def test_former_name_without_a_successor_is_never_resolved_on_its_day(record: Record) -> None:
    district = next(one for one in BEFORE if one.level is Level.DISTRICT and one.code == record.district_code)
    province = next(one for one in BEFORE if one.level is Level.PROVINCE and one.code == record.province_code)
    assert not isinstance(resolve(f"{record.name}, {district.name}, {province.name}", IN_2024), Resolved)


def test_city_alone_is_its_province_and_a_typed_city_is_the_former_city() -> None:
    assert resolve("Phường Trung Thành, Thái Nguyên") == Resolved(5899)
    assert isinstance(resolve("Phường Trung Thành, TP Thái Nguyên"), Ambiguous)


def test_no_province_of_today_is_written_like_a_former_district() -> None:
    provinces = {fold(record.name) for (level, _code), record in SINCE.items() if level is Level.PROVINCE}
    assert not provinces & {fold(record.name) for record in BEFORE if record.level is Level.DISTRICT}


def test_search_offers_what_a_former_address_may_mean() -> None:
    assert [unit.code for unit in places.search("xã Tân Sơn, huyện Lục Ngạn")] == [7531]
    assert [unit.name for unit in places.search("Thị trấn Nhân Thắng")] == ["Xã Nhân Thắng"]


def test_last_name_of_a_code_is_todays_or_the_last() -> None:
    assert places.last_name(7330) == "Xã Phúc Hòa"
    assert places.last_name(7207) == "Phường Ngô Quyền"
    assert places.last_name(1) == "Phường Phúc Xá"
    assert places.last_name(99_998) is None


def test_reform_is_the_day_after_the_last_of_before() -> None:
    assert {record.valid_to for record in BEFORE} == {date(2025, 6, 30)}
    assert {record.valid_from for record in SINCE.values()} == {REFORM}


def test_every_unit_of_today_is_meant_by_its_name_and_province() -> None:
    named = {unit.code: f"{unit.name} {unit.province_name}" for unit in today().units.values()}
    assert len(named) == 3321
    assert {code: text for code, text in named.items() if resolve(text) != Resolved(code)} == {}
    assert resolve("xa son tinh quang ngai") == resolve("xã Sơn Tịnh Quảng Ngãi") == Resolved(21220)


@pytest.mark.parametrize(
    ("one", "other"), [("òa", "oà"), ("óa", "oá"), ("ọa", "oạ"), ("ủy", "uỷ"), ("úy", "uý"), ("òe", "oè")]
)
def test_place_of_the_tone_does_not_matter(one: str, other: str) -> None:
    spelt = {f"{unit.name}, {unit.province_name}" for unit in today().units.values()}
    named = [text for text in spelt if one in text or other in text]
    assert [text for text in named if resolve(text.replace(one, other)) != resolve(text.replace(other, one))] == []
