"""How sure a match is, whom it excludes, and what becomes of it when a report or a human says more."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.rules.conflict import (
    Colleague,
    Excluded,
    Found,
    Kept,
    Kind,
    Match,
    Mention,
    Why,
    excluded,
    judge,
    merged,
)
from shared.contracts.teams import team_id
from shared.contracts.vocabulary import AllegedRole

TEAM, OTHER = "police-9190", "social-9193"
POLICE = Colleague(UUID(int=1), (TEAM,))
HERE, ELSEWHERE = frozenset({9190}), frozenset({9193})
MENTION = Mention(AllegedRole.UNKNOWN, "Lực", ("Lực",))
OFFICIAL = replace(MENTION, role=AllegedRole.OFFICIAL)
FAMILY = replace(MENTION, family=True)


def found(*kinds: Kind, mention: Mention = MENTION) -> list[Found]:
    institution = {Kind.INSTITUTION, Kind.INSTITUTION_NEARBY}
    return [Found(mention, kind, POLICE, (TEAM,) if kind in institution else ()) for kind in kinds]


def of_person(matches: tuple[Match, ...]) -> Match | None:
    return next((match for match in matches if not match.of_team), None)


TABLE: list[tuple[list[Found], frozenset[int], tuple[Why, bool, bool] | None]] = [
    (found(Kind.PHONE), ELSEWHERE, (Why.PHONE, True, True)),
    (found(Kind.PHONE, Kind.FULL_NAME), HERE, (Why.PHONE, True, True)),
    (found(Kind.FULL_NAME, Kind.INSTITUTION), ELSEWHERE, (Why.NAME_AND_INSTITUTION, True, True)),
    (found(Kind.GIVEN_NAME, Kind.INSTITUTION), ELSEWHERE, (Why.NAME_AND_INSTITUTION, True, True)),
    (found(Kind.FULL_NAME), HERE, (Why.NAME, False, False)),
    (found(Kind.FULL_NAME), ELSEWHERE, (Why.NAME, False, False)),
    (found(Kind.FULL_NAME, mention=OFFICIAL), ELSEWHERE, (Why.NAME, False, True)),
    (found(Kind.GIVEN_NAME), HERE, (Why.GIVEN_NAME, False, False)),
    (found(Kind.GIVEN_NAME), ELSEWHERE, None),
    (found(Kind.GIVEN_NAME), frozenset(), None),
    (found(Kind.INSTITUTION), HERE, None),
    (found(Kind.PHONE, mention=FAMILY), HERE, (Why.FAMILY, True, False)),
    (found(Kind.FULL_NAME, mention=FAMILY), HERE, (Why.FAMILY, False, False)),
]


@pytest.mark.parametrize(("marks", "communes", "wanted"), TABLE)
def test_a_person_is_matched_as_surely_as_the_marks_allow(
    marks: list[Found], communes: frozenset[int], wanted: tuple[Why, bool, bool] | None
) -> None:
    match = of_person(judge(marks, communes))
    assert (None if match is None else (match.why, match.sure, match.with_teams)) == wanted


@pytest.mark.parametrize(
    ("kind", "why", "sure"),
    [(Kind.INSTITUTION, Why.INSTITUTION, True), (Kind.INSTITUTION_NEARBY, Why.INSTITUTION_NEARBY, False)],
)
def test_an_alleged_institution_excludes_its_team(kind: Kind, why: Why, *, sure: bool) -> None:
    (match,) = judge(found(kind), HERE)
    assert (match.subject_id, match.of_team, match.why, match.sure) == (team_id(TEAM), True, why, sure)
    assert excluded([Kept(match)]) == Excluded((), (team_id(TEAM),))


def test_marks_of_two_alleged_are_not_put_together() -> None:
    other = replace(MENTION, name="Mai")
    matches = judge([*found(Kind.FULL_NAME), *found(Kind.INSTITUTION, mention=other)], ELSEWHERE)
    person = of_person(matches)
    assert person is not None
    assert not person.sure


def test_the_strongest_match_of_a_person_counts() -> None:
    matches = judge([*found(Kind.PHONE, mention=FAMILY), *found(Kind.PHONE)], HERE)
    assert [match.why for match in matches] == [Why.PHONE]


UNSURE = Match(POLICE.person_id, of_team=False, team_codes=(TEAM,), why=Why.NAME, sure=False, with_teams=False)
SURE = replace(UNSURE, why=Why.PHONE, sure=True, with_teams=True)


@pytest.mark.parametrize(
    ("kept", "people", "teams"),
    [
        (Kept(UNSURE), True, False),
        (Kept(UNSURE, same=True), True, True),
        (Kept(UNSURE, same=False), False, False),
        (Kept(SURE), True, True),
        (Kept(SURE, same=False), False, False),
    ],
)
def test_whoever_may_be_alleged_is_excluded_until_a_human_says_otherwise(
    kept: Kept, *, people: bool, teams: bool
) -> None:
    got = excluded([kept])
    assert got == Excluded((POLICE.person_id,) if people else (), (team_id(TEAM),) if teams else ())


def after(before: Kept, *matches: Match) -> Kept:
    return merged({POLICE.person_id: before}, matches)[POLICE.person_id]


def test_new_evidence_reopens_a_question_and_the_same_evidence_does_not() -> None:
    assert after(Kept(UNSURE, same=False), SURE) == Kept(SURE)
    assert after(Kept(UNSURE, same=False), UNSURE) == Kept(UNSURE, same=False)
    assert after(Kept(SURE, same=False), UNSURE) == Kept(SURE, same=False)
    assert after(Kept(UNSURE, same=True), SURE) == Kept(UNSURE, same=True)


def test_what_a_correction_no_longer_says_excludes_on_and_is_asked() -> None:
    withdrawn = after(Kept(SURE))
    assert (withdrawn.match.why, withdrawn.match.sure, withdrawn.same) == (Why.WITHDRAWN, False, None)
    assert excluded([withdrawn]) == excluded([Kept(SURE)])
    assert after(withdrawn, SURE) == Kept(SURE)
    assert after(Kept(SURE, same=False)) == Kept(SURE, same=False)


matches_of_two = st.lists(
    st.builds(
        Match,
        st.sampled_from([UUID(int=1), UUID(int=2)]),
        st.just(value=False),
        st.sampled_from([(TEAM,), (OTHER,)]),
        st.sampled_from(Why),
        st.booleans(),
        st.booleans(),
    ),
    max_size=2,
    unique_by=lambda match: match.subject_id,
)


@given(matches_of_two, matches_of_two)
def test_no_correction_ends_an_exclusion(first: list[Match], second: list[Match]) -> None:
    before = merged({}, first)
    now = merged(before, second)
    assert set(excluded(before.values()).person_ids) <= set(excluded(now.values()).person_ids)
    assert merged(now, second) == now


def test_the_communes_of_a_colleague_are_those_of_their_teams() -> None:
    assert Colleague(UUID(int=1), (TEAM, OTHER, "province-duty")).unit_codes == {9190, 9193}
