from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.gateways.http_spec import load_specs
from services.notify.rules import gsm
from services.notify.rules.breaker import FAILURES, PAUSE, WINDOW, Breaker
from services.notify.rules.contact import Contact, ContactChannel, next_contact
from services.notify.rules.smpp_receipt import SmppReceipt, parse_receipt
from shared.settings import SettingError, Settings

SMS, MAIL = Contact(ContactChannel.SMS, "+84990100001"), Contact(ContactChannel.EMAIL, "a@example.vn")


def opened(at: float) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = breaker.failed(at)
    return breaker


def test_failures_in_a_short_time_open_it_and_a_pause_lets_one_try() -> None:
    breaker = opened(0)
    assert not breaker.ready(PAUSE - 1)
    assert breaker.ready(PAUSE)
    trying = breaker.using(PAUSE)
    assert not trying.ready(PAUSE + 1)
    assert trying.succeeded().ready(PAUSE + 1)
    assert not trying.failed(PAUSE + 1).ready(PAUSE + 2)


def test_failures_far_apart_do_not_open_it() -> None:
    breaker = Breaker()
    for number in range(10):
        breaker = breaker.failed(number * WINDOW)
        assert breaker.ready(number * WINDOW)


def test_the_next_contact_is_the_first_usable_one_not_tried() -> None:
    assert next_contact([SMS, MAIL], []) == SMS
    assert next_contact([SMS, MAIL], [ContactChannel.SMS]) == MAIL
    assert next_contact([SMS, Contact(ContactChannel.EMAIL, "a@b", usable=False)], [ContactChannel.SMS]) is None


@pytest.mark.parametrize(
    ("word", "status"),
    [("DELIVRD", "delivered"), ("UNDELIV", "undelivered"), ("EXPIRED", "undelivered"), ("REJECTD", "failed")],
)
def test_the_text_of_a_receipt_is_read(word: str, status: str) -> None:
    text = f"id:0A1b sub:001 dlvrd:000 submit date:2611281410 done date:2611281411 stat:{word} err:000 text:BVTE"
    assert parse_receipt(text) == SmppReceipt("0A1b", status)


def test_parameters_count_before_the_text() -> None:
    assert parse_receipt("id:1 stat:UNDELIV", sid="2", state=2) == SmppReceipt("2", "delivered")


@given(st.text(), st.none() | st.text(max_size=5), st.none() | st.integers(0, 255))
def test_no_receipt_is_an_error(text: str, sid: str | None, state: int | None) -> None:
    receipt = parse_receipt(text, sid=sid, state=state)
    assert receipt is None or receipt.status in {"", "sent", "delivered", "undelivered", "failed"}


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_what_is_encoded_is_decoded(text: str) -> None:
    assert gsm.decode(*gsm.encode(text)) == text


@given(st.sampled_from([0, 1, 3, 8, 4, 245]), st.binary())
def test_bytes_that_come_in_are_never_an_error(data_coding: int, data: bytes) -> None:
    assert isinstance(gsm.decode(data_coding, data), str)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("{", "not JSON"),
        ("/nowhere/at/all", "file"),
        ({"name": "local", "url": "nonsense", "form": {}}, "url"),
        ({"name": "smpp", "url": "https://a.vn", "form": {}}, "taken"),
        ({"name": "local", "url": "https://a.vn"}, "json or form"),
    ],
)
def test_a_wrong_description_is_named(document: Any, says: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    with pytest.raises(SettingError, match=f"HTTP_GATEWAY.*{says}"):
        load_specs(Settings(http_gateway=text))
