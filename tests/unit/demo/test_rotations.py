"""The invented rotations page nobody in addition, and no sample report meets one."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import phonenumbers

from deploy.demo.organisation import PEOPLE, TEAMS
from deploy.demo.rotations import SECONDS, rotations
from services.notify.rules.schedule import Plan, turns

REPORTS = Path(__file__).parents[3] / "deploy" / "demo" / "reports.json"
NOW = datetime(2026, 11, 28, 7, 10, tzinfo=UTC)


def test_one_person_is_on_duty_at_every_moment() -> None:
    by_target = itertools.groupby(rotations(), key=lambda one: one[0])
    plans = {target: Plan(tuple(rotation for _, rotation in found)) for target, found in by_target}
    assert len(plans) == len(SECONDS)
    for plan in plans.values():
        until = NOW + timedelta(days=60)
        found = turns(plan, NOW, until)
        assert len({turn.person_id for turn in found}) == 2
        assert (found[0].starts_at, max(turn.ends_at or until for turn in found)) == (NOW, until)
        assert all(one.ends_at == after.starts_at for one, after in itertools.pairwise(found))


def test_second_people_have_numbers_of_their_own() -> None:
    phones = [person.phone for person in (*PEOPLE, *SECONDS)]
    assert len(set(phones)) == len(phones)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(person.phone)) for person in SECONDS)
    assert {person.team_code for person in SECONDS} <= {team.code for team in TEAMS}


def test_no_sample_report_is_of_a_commune_with_a_rotation() -> None:
    text = REPORTS.read_text(encoding="utf-8")
    assert json.loads(text)
    for person in SECONDS:
        assert person.team_code.rpartition("-")[2] not in text
