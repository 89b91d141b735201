"""The invented organisation can answer for every commune and level."""

from __future__ import annotations

from datetime import timedelta

import phonenumbers
import pytest

from deploy.demo.organisation import PEOPLE, TEAMS
from services.notify.rules.escalation import steps
from shared.contracts.vocabulary import Level, Where
from shared.places import bac_ninh

POSITIONS = {(person.team_code, person.position) for person in PEOPLE}
DAY = timedelta(days=1)


def test_every_commune_of_the_province_has_teams() -> None:
    assert len(bac_ninh()) == 99
    assert {team.unit_code for team in TEAMS} >= {unit.code for unit in bac_ninh()}


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("where", list(Where))
def test_somebody_stands_behind_every_step(level: Level, where: Where) -> None:
    for unit in bac_ninh():
        for step in steps(level, where, unit.code, DAY):
            for target in step.targets:
                assert (target.team_code, target.position) in POSITIONS


def test_numbers_are_valid_and_nobody_shares_one() -> None:
    phones = [person.phone for person in PEOPLE]
    assert len(set(phones)) == len(phones)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)


def test_duty_numbers_fit_into_a_message() -> None:
    assert all(0 < len(team.duty_phone) <= 11 for team in TEAMS)
