"""What a team must be like, and what its pages say in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify import invite_pages, people_faults, people_words, teams_pages
from services.notify.rules.sms_text import page
from services.notify.rules.team import COMMUNE_FUNCTIONS, TeamFault, TeamForm, new_team_code, unit_of
from shared.contracts.teams import Function
from shared.contracts.vocabulary import Level
from tests.support.translations import translated

NOTIFY = Path(people_words.__file__).parent
FRAME = Path(__file__).parents[3] / "shared" / "web"


def form(**changes: str) -> TeamForm:
    fields = {"name_vi": "Nhóm", "name_en": "Team", "duty_phone": "02223800000", "institutions": ""}
    return TeamForm.of(**{**fields, **changes})


@pytest.mark.parametrize(
    ("phone", "fault"),
    [
        ("113", None),
        ("02223800000", None),
        ("  0222  380 00 ", None),
        ("0222 380 0000", TeamFault.PHONE_LONG),
        ("022238000001", TeamFault.PHONE_LONG),
        ("11", TeamFault.PHONE_SHORT),
        ("", TeamFault.PHONE_SHORT),
        ("+8422238000", TeamFault.PHONE_CHARACTERS),
        ("0222.380000", TeamFault.PHONE_CHARACTERS),
        ("٠٢٢٢٣", TeamFault.PHONE_CHARACTERS),
    ],
)
def test_a_duty_phone_is_short_digits_and_spaces(phone: str, fault: TeamFault | None) -> None:
    assert form(duty_phone=phone).faults().get("duty_phone") == fault


@given(st.text(alphabet="0123456789 +-x", max_size=16))
def test_a_duty_phone_that_is_kept_fits_the_database_and_every_page(phone: str) -> None:
    made = form(duty_phone=phone)
    if not made.faults():
        assert re.fullmatch(r"[0-9+ ]{3,11}", made.duty_phone)
        page(
            level=Level.IMMEDIATE,
            code="K7Q2MX",
            time="14:20 28/11",
            duty=made.duty_phone,
            reply_number="12345678901",
            sender_receives=True,
        )


@given(st.text(max_size=400))
def test_institutions_are_names_each_once_and_none_empty(text: str) -> None:
    names = form(institutions=text).institutions
    assert len(set(names)) == len(names)
    assert all(name and name == " ".join(name.split()) for name in names)
    assert form(institutions="\n".join(names)).institutions == names


def test_every_function_has_a_team_where_it_works_and_nowhere_else() -> None:
    communes = {one: new_team_code(one, 9190) for one in Function}
    provinces = {one: new_team_code(one, None) for one in Function}
    assert {one for one, code in communes.items() if code} == set(COMMUNE_FUNCTIONS)
    assert {one for one, code in provinces.items() if code is None} == {Function.LEADERS}
    assert {unit_of(code) for code in communes.values() if code} == {9190}
    assert {unit_of(code) for code in provinces.values() if code} == {None}


def test_what_the_pages_of_people_say_has_english() -> None:
    said = {*people_words.CHANGES.values(), *people_words.TEAM_CHANGES.values(), *people_words.POSITIONS.values()}
    said |= {*people_words.KINDS.values(), *people_words.CHANNELS.values()}
    said |= {text for text, _ in (*people_words.SAID.values(), *people_words.STATES.values())}
    said |= {*people_faults.TEAM_FAULTS.values(), *people_faults.PERSON_FAULTS.values(), *teams_pages.SAID.values()}
    said |= {invite_pages.TOO_SHORT, invite_pages.TOO_LONG, invite_pages.NOT_THE_SAME, invite_pages.THE_NAME}
    assert said - translated([FRAME, NOTIFY]) == set()
