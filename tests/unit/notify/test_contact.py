"""Numbers in any spelling are one, carrier's words are known in any spelling, and a state has one meaning and English."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.handlers.change_person import WrongAddressError, read_address
from services.notify.people_words import CHANGES, CHANNELS, SAID, STATES
from services.notify.rules.contact import SENDABLE, ContactChannel, ContactState, contact_state
from services.notify.rules.encoding import segments
from services.notify.rules.reply import OptIn, OptOut, parse_reply
from services.notify.rules.sms_text import contact_code
from tests.support.translations import translated

AT = datetime(2026, 11, 28, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
SEPARATORS = st.text(alphabet=" -.", max_size=2)
STOPS = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE")


@given(st.integers(0, 9_999_999), st.sampled_from(["0", "+84", "84"]), SEPARATORS, SEPARATORS)
def test_every_spelling_of_a_mobile_number_is_one_address(tail: int, country: str, first: str, second: str) -> None:
    digits = f"{tail:07}"
    written = f" {country}{first}91{second}{digits[:4]}{first}{digits[4:]} "
    assert read_address(ContactChannel.SMS, written) == f"+8491{digits}"


@given(st.text())
def test_what_is_read_as_an_address_is_read_as_itself_again(text: str) -> None:
    for channel in ContactChannel:
        try:
            address = read_address(channel, text)
        except WrongAddressError:
            continue
        assert read_address(channel, address) == address


@pytest.mark.parametrize(
    "text", ["a@b", "a b@c.vn", "a@b.vn\nBcc: x@y.vn", "<a@b.vn>", "a@b.vn,c@d.vn", "@b.vn", "a@.", ""]
)
def test_what_could_name_another_recipient_is_no_email(text: str) -> None:
    with pytest.raises(WrongAddressError):
        read_address(ContactChannel.EMAIL, text)


@given(st.sampled_from(STOPS), st.lists(st.booleans(), min_size=11, max_size=11), st.text(" \t\n.,!*-_\"'", max_size=4))
def test_stop_is_known_in_any_case_and_punctuation(word: str, upper: list[bool], noise: str) -> None:
    spelled = "".join(letter if up else letter.lower() for letter, up in zip(word, upper, strict=False))
    assert parse_reply(f"{noise}{spelled}{noise}") == OptOut()


@pytest.mark.parametrize(
    "word", ["DUNG", "dừng", "đúng", "NGUNG", "Ngừng", "HUY", "hủy", "thôi", "KHONG", "STOP K7Q281"]
)
def test_words_that_may_mean_something_else_opt_nobody_out_or_in(word: str) -> None:
    assert not isinstance(parse_reply(word), OptOut | OptIn)


def test_a_contact_reaches_only_when_proved_wanted_working_and_sendable() -> None:
    for channel in ContactChannel:
        assert contact_state(channel, None, AT, AT) is ContactState.UNVERIFIED
        assert contact_state(channel, AT, AT, AT) is ContactState.OPTED_OUT
        assert contact_state(channel, AT, None, AT) is ContactState.FAILING
        reaches = contact_state(channel, AT, None, None) is ContactState.REACHABLE
        assert reaches is (channel in SENDABLE)


def test_the_longest_code_is_one_segment() -> None:
    assert segments(contact_code(otp="000000", minutes=15)).count == 1


def test_every_word_of_the_pages_has_english_and_every_value_a_word() -> None:
    said = {text for text, _ in (*SAID.values(), *STATES.values())} | set(CHANNELS.values()) | set(CHANGES.values())
    assert said <= translated([ROOT / "services" / "notify", ROOT / "shared" / "web"])
    assert (set(STATES), set(CHANNELS)) == (set(ContactState), {channel.value for channel in ContactChannel})
