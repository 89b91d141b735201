"""What a report says of whoever it alleges, and what of it could be a colleague's name, phone or institution."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.rules.alleged import given_name, mentions, name_part, numbers, windows
from shared import phones, places
from shared.contracts.vocabulary import AllegedRole
from tests.unit.intake.documents import a_report, read


def told(**said: Any) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(one.name, one.texts, one.family) for one in mentions(read(a_report(**said)).report)]


def test_every_text_of_an_entry_is_read_also_of_fields_that_the_format_does_not_know() -> None:
    entry = {
        "role": "known_person",
        "name": "Lực",
        "institution": "Công an phường",
        "phone": 84912345678,
        "relatives": [{"name": "Ngọ Văn Đạt", "phone": "0912 345 679"}],
    }
    ((name, texts, family),) = told(alleged=[entry])
    assert (name, family) == ("Lực", False)
    assert set(texts) == {"Lực", "Công an phường", "84912345678", "Ngọ Văn Đạt", "0912 345 679"}


@pytest.mark.parametrize("alleged", [[], [{}], [{"role": "stranger"}], [{"role": "stranger", "name": "  "}]])
def test_nobody_is_looked_for_where_nothing_is_said_of_them(alleged: list[dict[str, str]]) -> None:
    assert told(alleged=alleged, family={"father": {"name": "Ngọ Văn Đạt"}}) == []


@pytest.mark.parametrize("role", ["caregiver", "household", "relative"])
def test_the_family_is_looked_for_where_somebody_of_it_is_alleged(role: str) -> None:
    family = {"father": {"name": "Ngọ Văn Đạt", "phone": "0912345678"}, "mother": {}, "carer": "bà Mến"}
    assert told(alleged=[{"role": role}], family=family) == [
        ("Ngọ Văn Đạt", ("Ngọ Văn Đạt", "0912345678"), True),
        ("bà Mến", ("bà Mến",), True),
    ]


@pytest.mark.parametrize(
    "text", ["0912 345 678", "+84912345678", "84-912-345-678", "0912.345.678", "gọi (0912) 345-678 nhé", "84912345678"]
)
def test_a_phone_is_found_however_it_is_written(text: str) -> None:
    assert "+84912345678" in {phones.normalise(number) for number in numbers(text)}


@pytest.mark.parametrize(
    ("role", "name", "given"),
    [
        ("unknown", "Lực", "luc"),
        ("unknown", "anh Lực", "luc"),
        ("unknown", "Ông  LỰC (công an)", "luc"),
        ("unknown", "thầy giáo Hùng", "hung"),
        ("unknown", "trưởng công an Đạt, xã bên", "dat"),
        ("unknown", "Văn Lực", "luc"),
        ("unknown", "anh", "anh"),
        ("unknown", "công an", None),
        ("unknown", "Ngọ Văn Lực", None),
        ("official", "Ngọ Văn Lực", "luc"),
        ("institution_staff", "cô Ngọ Thị Mến", "men"),
        ("unknown", "", None),
        ("unknown", "?", None),
    ],
)
def test_a_given_name_is_looked_for_where_a_name_is_not_a_full_one(role: str, name: str, given: str | None) -> None:
    assert given_name(AllegedRole(role), places.fold(name_part(name))) == given


def test_every_run_of_syllables_is_tried() -> None:
    assert list(windows(["con", "ông", "Ngọ", "Văn", "Lực"], range(3, 4))) == [
        "con ông Ngọ",
        "ông Ngọ Văn",
        "Ngọ Văn Lực",
    ]
    assert list(windows(["Lực"], range(2, 7))) == []
