from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.handlers.desk import limits
from services.notify.rules.allowance import Allowance, Limits, person_allowances, rate_of
from shared.settings import Settings

NOW = datetime(2026, 11, 28, 7, 10, tzinfo=UTC)
SENT = st.lists(st.integers(0, 1200).map(lambda seconds: NOW - timedelta(seconds=seconds)), max_size=30)
PERSON = Limits(person_allowances(10))


def ago(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=one) for one in seconds]


@pytest.mark.parametrize(
    ("sent", "wait"),
    [
        ([], 0),
        (ago(0, 0), 0),
        (ago(0, 0, 0), 30),
        (ago(20, 10, 0), 10),
        (ago(30, 10, 0), 0),
        (ago(*range(100, 590, 50)), 50),
        (ago(*range(50, 600, 50)), 100),
        (ago(600, *range(100, 550, 50)), 0),
    ],
)
def test_a_person_gets_three_in_30_seconds_and_ten_in_ten_minutes(sent: list[datetime], wait: int) -> None:
    assert PERSON.free_at(sent, NOW) == NOW + timedelta(seconds=wait)


@given(SENT.flatmap(lambda sent: st.tuples(st.just(sent), st.permutations(sent))))
def test_any_order_of_what_was_sent_gives_the_same_verdict(sent: tuple[list[datetime], list[datetime]]) -> None:
    one, other = sent
    assert PERSON.free_at(other, NOW) == PERSON.free_at(one, NOW)


@given(SENT, st.integers(1, 12), st.integers(1, 900))
def test_the_moment_named_is_the_first_at_which_one_more_is_allowed(
    sent: list[datetime], most: int, seconds: int
) -> None:
    allowance = Allowance(most, timedelta(seconds=seconds))
    free = allowance.free_at(sent, NOW)
    assert sum(moment > free - allowance.span for moment in sent) < most
    assert free == NOW or sum(moment > free - allowance.span - timedelta(microseconds=1) for moment in sent) >= most


@pytest.mark.parametrize(
    ("sender", "rate"),
    [
        ("+84990100001", 1),
        ("+15005550006", 1),
        ("+18885550006", 3),
        ("+15338885006", 1),
        ("24680", 100),
        ("BVTE BacNin", 10),
        ("MG00000000000000000000000000000000", 10),
    ],
)
def test_the_rate_is_that_of_the_kind_of_sender(sender: str, rate: float) -> None:
    assert rate_of(sender) == rate


def test_a_real_carrier_is_limited_and_a_local_one_only_when_asked() -> None:
    real = limits(Settings(twilio_from="BVTE"))
    assert (real.per_second, len(real.person)) == (10, 2)
    local = Settings(twilio_from="BVTE", twilio_api_base="http://127.0.0.1:9")
    assert not limits(local).any
    asked = local.model_copy(update={"sender_per_second": 2.0, "person_sms_in_ten_minutes": 5})
    assert (limits(asked).per_second, limits(asked).person) == (2, person_allowances(5))
    none = real_without_limits()
    assert not limits(none).any


def real_without_limits() -> Settings:
    return Settings(twilio_from="BVTE", sender_per_second=0, person_sms_in_ten_minutes=0)
