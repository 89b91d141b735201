from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.rules.schedule import Entry, Plan, Rotation, Source, Turn, turns

A, B, C, D = (UUID(int=number) for number in range(1, 5))
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = datetime(2026, 4, 1, tzinfo=UTC)
CHICAGO = "America/Chicago"
HOUR = timedelta(hours=1)


def weekly(*members: UUID, zone: str = CHICAGO, clock: time = time(9)) -> Rotation:
    return Rotation(1, members, clock, zone, 7, date(2026, 1, 5))


def daily(*members: UUID, layer: int = 1, clock: time = time(9)) -> Rotation:
    return Rotation(layer, members, clock, "Asia/Ho_Chi_Minh", 1, date(2026, 1, 1))


def on_duty(found: Sequence[Turn], moment: datetime) -> set[UUID]:
    return {one.person_id for one in found if one.starts_at <= moment and (one.ends_at is None or moment < one.ends_at)}


def assert_seamless(found: Sequence[Turn], since: datetime, until: datetime) -> None:
    assert found[0].starts_at == since
    assert found[-1].ends_at == until
    assert all(first.ends_at == second.starts_at for first, second in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("since", "until", "utc_hours"),
    [
        (datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), [15, 15, 14, 14, 14, 14]),
        (datetime(2026, 10, 15, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC), [14, 14, 15, 15, 15]),
    ],
)
def test_a_weekly_hand_over_stays_at_nine_when_the_clocks_change(
    since: datetime, until: datetime, utc_hours: list[int]
) -> None:
    found = turns(Plan((weekly(A, B),)), since, until)
    assert_seamless(found, since, until)
    assert [turn.starts_at.hour for turn in found[1:]] == utc_hours
    assert all(turn.starts_at.astimezone(ZoneInfo(CHICAGO)).time() == time(9) for turn in found[1:])


def test_a_hand_over_at_an_hour_that_is_skipped_or_comes_twice_leaves_no_gap() -> None:
    for since, until in ((SINCE, UNTIL), (datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC))):
        for clock in (time(1, 30), time(2, 30)):
            rotation = Rotation(1, (A, B), clock, CHICAGO, 1, date(2026, 1, 1))
            assert_seamless(turns(Plan((rotation,)), since, until), since, until)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([CHICAGO, "Asia/Ho_Chi_Minh", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo"]),
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    st.integers(1, 20),
    st.integers(1, 4),
    st.integers(0, 300),
)
def test_rotations_never_leave_a_gap_nor_overlap(zone: str, clock: time, period: int, people: int, offset: int) -> None:
    rotation = Rotation(1, (A, B, C, D)[:people], clock, zone, period, date(2025, 12, 1))
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=offset)
    assert_seamless(turns(Plan((rotation,)), since, since + timedelta(days=40)), since, since + timedelta(days=40))


_entries = st.builds(
    lambda source, person, other, start, hours: Entry(
        source,
        person,
        SINCE + start * HOUR,
        SINCE + (start + hours) * HOUR,
        other if source in {Source.SWAP, Source.REPLACEMENT} else None,
    ),
    st.sampled_from([Source.SHIFT, Source.SWAP, Source.REPLACEMENT, Source.OVERRIDE]),
    st.sampled_from([A, B, C]),
    st.sampled_from([A, B, C]),
    st.integers(0, 300),
    st.integers(1, 100),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(_entries, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_entering_never_matters_and_nobody_is_ever_missing(
    entries: list[Entry], chance: random.Random
) -> None:
    found = turns(Plan((daily(A, B),), tuple(entries)), SINCE, UNTIL)
    chance.shuffle(entries)
    assert turns(Plan((daily(A, B),), tuple(entries)), SINCE, UNTIL) == found
    for hour in range(24 * 31):
        there = [one for one in found if one.starts_at <= SINCE + hour * HOUR < (one.ends_at or UNTIL)]
        assert there
        assert len({one.person_id for one in there}) == len(there)


def test_what_is_more_particular_goes_before() -> None:
    noon, evening = SINCE + 12 * HOUR, SINCE + 18 * HOUR
    standing = Entry(Source.STANDING, D, SINCE - HOUR)
    low, high = daily(A), daily(B, layer=2)
    shift = Entry(Source.SHIFT, C, noon, evening)
    swap = Entry(Source.SWAP, A, noon, evening, replaces=C)
    replacement = Entry(Source.REPLACEMENT, B, noon, evening, replaces=C)
    override = Entry(Source.OVERRIDE, D, noon, evening)

    def there(rotations: tuple[Rotation, ...], *entries: Entry) -> set[UUID]:
        return on_duty(turns(Plan(rotations, entries), SINCE, UNTIL), noon)

    assert there((), standing) == {D}
    assert there((low,), standing) == {A}
    assert there((low, high), standing) == {B}
    assert there((low, high), standing, shift) == {C}
    assert there((low, high), standing, shift, swap) == {A}
    assert there((low, high), standing, shift, swap, replacement) == {B}
    assert there((low, high), standing, shift, swap, replacement, override) == {D}


def test_two_who_replace_each_other_change_places() -> None:
    both = (Entry(Source.REPLACEMENT, B, SINCE, UNTIL, A), Entry(Source.REPLACEMENT, A, SINCE, UNTIL, B))
    plain, changed = turns(Plan((daily(A, B),)), SINCE, UNTIL), turns(Plan((daily(A, B),), both), SINCE, UNTIL)
    assert [turn.person_id for turn in changed] == [{A: B, B: A}[turn.person_id] for turn in plain]


def test_standing_duty_fills_what_a_restricted_rotation_leaves() -> None:
    weekdays = Rotation(
        1,
        (A,),
        time(8),
        "Asia/Ho_Chi_Minh",
        7,
        date(2026, 1, 5),
        weekdays=frozenset(range(5)),
        hours=(time(7), time(17)),
    )
    found = turns(Plan((weekdays,), (Entry(Source.STANDING, D, SINCE),)), SINCE, UNTIL)
    assert_seamless(found, SINCE, UNTIL)
    assert on_duty(found, datetime(2026, 3, 2, 3, tzinfo=UTC)) == {A}
    assert on_duty(found, datetime(2026, 3, 2, 12, tzinfo=UTC)) == {D}
    assert on_duty(found, datetime(2026, 3, 7, 3, tzinfo=UTC)) == {D}


def test_holidays_have_people_of_their_own() -> None:
    rotation = Rotation(1, (A,), time(8), "Asia/Ho_Chi_Minh", 1, date(2026, 1, 1), holiday_members=(B,))
    found = turns(Plan((rotation,)), SINCE, UNTIL, {date(2026, 3, 10)})
    assert [(turn.starts_at, turn.ends_at) for turn in found if turn.person_id == B] == [
        (datetime(2026, 3, 10, 1, tzinfo=UTC), datetime(2026, 3, 11, 1, tzinfo=UTC))
    ]


def test_without_rotations_duty_needs_no_end() -> None:
    found = turns(Plan((), (Entry(Source.STANDING, A, SINCE),)), SINCE, None)
    assert found == (Turn(A, Source.STANDING, SINCE, None),)
    with pytest.raises(ValueError, match="until when"):
        turns(Plan((daily(A),)), SINCE, None)
