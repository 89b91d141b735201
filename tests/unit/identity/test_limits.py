"""The rule of how often a key may ask: the same verdicts in any order, and never over a limit in a window."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.limits import Granted, Limits, OverLimit, Use, ask, day_of, minute_of

START = datetime(2026, 11, 28, 16, 58, 30, tzinfo=UTC)
"""Ninety seconds before midnight in Việt Nam."""

offsets = st.lists(st.integers(0, 400), max_size=60)
limits = st.builds(Limits, st.none() | st.integers(1, 8), st.none() | st.integers(1, 20))


def granted(moments: list[datetime], terms: Limits) -> list[datetime]:
    """Return the window of each request let through, in order of arrival."""
    use: Use | None = None
    windows = []
    for moment in moments:
        use, verdict = ask(use, terms, moment)
        if isinstance(verdict, Granted):
            windows.append(use.minute)
    return windows


@given(offsets, limits)
def test_no_window_ever_lets_more_through_than_its_limit(seconds: list[int], terms: Limits) -> None:
    windows = granted([START + timedelta(seconds=second) for second in seconds], terms)
    by_minute, by_day = Counter(windows), Counter(day_of(window) for window in windows)
    assert all(terms.per_minute is None or count <= terms.per_minute for count in by_minute.values())
    assert all(terms.per_day is None or count <= terms.per_day for count in by_day.values())


@given(st.data(), st.lists(st.integers(0, 29), max_size=30), limits)
def test_order_within_a_minute_changes_no_number_of_requests(
    data: st.DataObject, seconds: list[int], terms: Limits
) -> None:
    moments = [START + timedelta(seconds=second) for second in seconds]
    shuffled = data.draw(st.permutations(moments))
    verdicts = [len(granted(order, terms)) for order in (moments, sorted(moments), shuffled)]
    assert len(set(verdicts)) == 1
    smallest = min(limit for limit in (terms.per_minute, terms.per_day, len(moments)) if limit is not None)
    assert verdicts[0] == smallest


@given(st.lists(st.integers(0, 400), max_size=60), limits)
def test_a_refusal_says_when_there_is_room_again_and_there_is(seconds: list[int], terms: Limits) -> None:
    use: Use | None = None
    for moment in (START + timedelta(seconds=second) for second in seconds):
        use, verdict = ask(use, terms, moment)
        if isinstance(verdict, OverLimit):
            assert verdict.again_at > use.minute
            later = max(moment, use.minute) + timedelta(seconds=verdict.retry_after(max(moment, use.minute)))
            after, second_verdict = ask(use, terms, later)
            assert isinstance(second_verdict, Granted) or second_verdict.window == "day"
            assert after.minute >= use.minute


@pytest.mark.parametrize(
    ("terms", "window", "again_at"),
    [
        (Limits(1, None), "minute", datetime(2026, 11, 28, 16, 59, tzinfo=UTC)),
        (Limits(None, 1), "day", datetime(2026, 11, 28, 17, 0, tzinfo=UTC)),
        (Limits(1, 1), "day", datetime(2026, 11, 28, 17, 0, tzinfo=UTC)),
    ],
)
def test_a_full_window_is_named_with_its_end(terms: Limits, window: str, again_at: datetime) -> None:
    use, _ = ask(None, terms, START)
    _, verdict = ask(use, terms, START)
    assert isinstance(verdict, OverLimit)
    assert (verdict.window, verdict.limit, verdict.again_at) == (window, 1, again_at)


def test_windows_are_the_minute_and_the_day_of_viet_nam() -> None:
    assert minute_of(START) == datetime(2026, 11, 28, 16, 58, tzinfo=UTC)
    assert day_of(START) == datetime(2026, 11, 27, 17, tzinfo=UTC)


def test_retry_after_is_at_least_a_second() -> None:
    assert OverLimit("minute", 1, START).retry_after(START) == 1
    assert OverLimit("minute", 1, START + timedelta(seconds=1.2)).retry_after(START) == 2
