from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.rules.repeats import (
    WORDS,
    Ages,
    Kind,
    Member,
    Reason,
    a_year_before,
    ages_agree,
    earlier_reports,
    likeness,
)
from shared.contracts.vocabulary import Answer
from tests.unit.intake.documents import ARRIVAL

YEAR = timedelta(days=365.25)
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def ages(low: float | None, high: float | None = None, *, years_ago: float = 0) -> Ages:
    return Ages(low, high, ARRIVAL - years_ago * YEAR)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (ages(4, 5), ages(5, 6), YES),
        (ages(4, 4), ages(5, 5), YES),
        (ages(4, 4), ages(6, 6), NO),
        (ages(8, 8), ages(7, 7, years_ago=1), YES),
        (ages(9, 9), ages(4, 4, years_ago=5), YES),
        (ages(4, 4), ages(4, 4, years_ago=5), NO),
        (ages(9, 9), ages(4, 4), NO),
        (ages(None, None), ages(4, 4), UNKNOWN),
        (ages(None, 3), ages(2, 2), YES),
        (ages(None, 3), ages(9, 9), NO),
        (ages(4, None), ages(9, 9), YES),
        (ages(4, None), ages(2, 2), NO),
    ],
)
def test_ages_agree_when_they_can_be_one_childs(one: Ages, other: Ages, agree: Answer) -> None:
    assert ages_agree(one, other) is ages_agree(other, one) is agree


@given(low=st.floats(0, 17), span=st.floats(0, 5), years=st.floats(0, 15))
def test_a_child_that_grew_agrees_with_itself(low: float, span: float, years: float) -> None:
    then = ages(low, low + span, years_ago=years)
    assert ages_agree(then, ages(low + years, low + years)) is YES


@pytest.mark.parametrize(
    ("common", "agree", "reasons"),
    [
        ({Kind.PHONE}, UNKNOWN, (Reason.PHONE,)),
        ({Kind.PHONE}, NO, (Reason.PHONE,)),
        ({Kind.FULL_NAME, Kind.SHORT_NAME, Kind.GIVEN_NAME}, YES, (Reason.NAME_AGE_PLACE,)),
        ({Kind.FULL_NAME, Kind.SHORT_NAME, Kind.GIVEN_NAME}, UNKNOWN, (Reason.NAME_PLACE,)),
        ({Kind.FULL_NAME, Kind.SHORT_NAME, Kind.GIVEN_NAME}, NO, None),
        ({Kind.GIVEN_NAME}, YES, (Reason.NAME_AGE_PLACE,)),
        ({Kind.GIVEN_NAME}, UNKNOWN, None),
        ({Kind.SHORT_NAME, Kind.GIVEN_NAME}, UNKNOWN, (Reason.NAME_PLACE,)),
        ({Kind.ADDRESS, Kind.CODE, Kind.PHONE}, UNKNOWN, (Reason.CODE, Reason.PHONE, Reason.ADDRESS)),
        ({Kind.FULL_NAME, Kind.PHONE}, NO, (Reason.PHONE,)),
        (set(), YES, None),
    ],
)
def test_what_two_reports_have_in_common_is_said_in_words(
    common: set[Kind], agree: Answer, reasons: tuple[Reason, ...] | None
) -> None:
    alike = likeness(common, agree)
    assert (alike.reasons if alike else None) == reasons


def test_stronger_reasons_come_first() -> None:
    names = {Kind.FULL_NAME, Kind.SHORT_NAME, Kind.GIVEN_NAME}
    ordered = [{Kind.CODE}, names | {Kind.ADDRESS}, {Kind.PHONE}, names, {Kind.ADDRESS}, {Kind.GIVEN_NAME}]
    scores = [alike.score for common in ordered if (alike := likeness(common, YES))]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(ordered)


@given(common=st.sets(st.sampled_from(Kind)), more=st.sampled_from(Kind), agree=st.sampled_from(Answer))
def test_more_in_common_never_weighs_less(common: set[Kind], more: Kind, agree: Answer) -> None:
    before, after = likeness(common, agree), likeness(common | {more}, agree)
    assert before is None or (after is not None and after.score >= before.score)


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(WORDS) == set(Reason)
    assert all(all(words) for words in WORDS.values())


def member(number: int, *, days_before: float) -> Member:
    moment = ARRIVAL - timedelta(days=days_before)
    return Member(UUID(int=number), moment, moment)


@pytest.mark.parametrize(
    ("days_before", "count"),
    [
        ([], 0),
        ([1], 1),
        ([1, 200], 2),
        ([365], 1),
        ([365.001], 0),
        ([-1], 0),
        ([1, -1, 400], 1),
    ],
)
def test_reports_before_this_one_within_twelve_months_are_counted(days_before: list[float], count: int) -> None:
    own = member(1, days_before=0)
    others = [member(number, days_before=days) for number, days in enumerate(days_before, start=2)]
    assert earlier_reports(own, [own, *others]) == count


@given(st.lists(st.integers(0, 300), min_size=2, max_size=6))
def test_of_linked_reports_of_one_year_each_has_one_more_before_it(days: list[int]) -> None:
    group = [member(number, days_before=before) for number, before in enumerate(days)]
    assert sorted(earlier_reports(own, group) for own in group) == list(range(len(group)))


def test_a_year_before_a_leap_day_is_the_28th() -> None:
    assert a_year_before(datetime(2028, 2, 29, 5, tzinfo=UTC)) == datetime(2027, 2, 28, 5, tzinfo=UTC)
