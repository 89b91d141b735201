from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules import sms_text
from services.notify.rules.sms_text import LEVEL_WORDS, Segments, TextTooLongError, segments
from shared.contracts.vocabulary import Level

CODE = "K7Q281"
CODES = ["K7Q281", "M3P512", "T4X907", "W0N330"]
TIME = "14:20 28/11"
DUTY = "02223821234"
REPLY = "09123456789"
GRAVEST = Level.IMMEDIATE


def page(
    *, reply_number: str | None = None, sender_receives: bool = False, level: Level = GRAVEST, duty: str = DUTY
) -> str:
    return sms_text.page(
        level=level, code=CODE, time=TIME, duty=duty, reply_number=reply_number, sender_receives=sender_receives
    )


LONGEST = {
    "page_reply_sender": (page(sender_receives=True), 155),
    "page_reply_number": (page(reply_number=REPLY), 152),
    "page_no_reply": (page(), 134),
    "support_notice": (sms_text.support_notice(level=GRAVEST, code=CODE, duty=DUTY), 123),
    "contact_reminder": (sms_text.contact_reminder(level=GRAVEST, code=CODE, contact=TIME, duty=DUTY), 139),
    "taken_by_other": (sms_text.taken_by_other(code=CODE, time=TIME), 96),
    "answer_ok": (sms_text.answer_ok(code=CODE, time=TIME, contact=TIME, duty=DUTY), 135),
    "answer_decline": (sms_text.answer_decline(code=CODE, duty=DUTY), 99),
    "answer_bare_ok": (sms_text.answer_bare_ok(codes=CODES[:3], reply=REPLY, duty=DUTY), 119),
    "answer_unknown_code": (sms_text.answer_unknown_code(reply=REPLY, duty=DUTY), 129),
    "answer_closed": (sms_text.answer_closed(code=CODE, time=TIME, duty=DUTY), 93),
}

OURS = {
    "answer_escalated": sms_text.answer_escalated(code=CODE, duty=DUTY),
    "answer_status": sms_text.answer_status(level=GRAVEST, code=CODE, time=TIME, duty=DUTY),
    "answer_how_to": sms_text.answer_how_to(reply=REPLY, duty=DUTY),
}

ALL = {name: text for name, (text, _) in LONGEST.items()} | OURS


@pytest.mark.parametrize("name", LONGEST)
def test_each_template_is_as_long_at_its_longest_fields_as_agreed(name: str) -> None:
    text, length = LONGEST[name]
    assert segments(text) == Segments("GSM-7", length, 1)


@pytest.mark.parametrize("name", ALL)
def test_every_text_is_one_segment_without_link_diacritics_or_a_bare_vu(name: str) -> None:
    text = ALL[name]
    assert segments(text).count == 1
    assert text.isascii()
    assert text.startswith("BVTE: ")
    assert "http" not in text.lower()
    assert "www" not in text.lower()
    assert "vu" not in text.lower().split()
    assert "{" not in text


def test_a_page_names_the_way_to_answer_that_works() -> None:
    start = "BVTE: MUC KHAN CAP, ma K7Q281. Nhan viec truoc 14:20 28/11. "
    assert page(reply_number=REPLY, sender_receives=True) == (
        start + "Soan OK K7Q281 (hoac KHONG K7Q281) gui 09123456789, hoac goi 02223821234. Khong chuyen tiep."
    )
    assert page(sender_receives=True) == (
        start + "Tra loi OK K7Q281 de nhan, KHONG K7Q281 neu khong the, hoac goi 02223821234. Khong chuyen tiep."
    )
    assert page() == start + "Mo trang BVTE de nhan hoac goi 02223821234. Khong tra loi hay chuyen tiep."


def test_every_level_is_written_after_muc() -> None:
    assert [LEVEL_WORDS[level] for level in sorted(Level, reverse=True)] == ["KHAN CAP", "GAP", "UU TIEN", "THUONG"]
    for level in Level:
        assert f"MUC {LEVEL_WORDS[level]}," in page(level=level)


def test_a_bare_ok_lists_the_first_three_codes() -> None:
    text = sms_text.answer_bare_ok(codes=CODES, reply=REPLY, duty=DUTY)
    assert "Ma dang cho: K7Q281, M3P512, T4X907. " in text


def test_a_bare_ok_without_waiting_codes_lists_none() -> None:
    text = sms_text.answer_bare_ok(codes=[], reply=REPLY, duty=DUTY)
    assert text == sms_text.answer_unknown_code(reply=REPLY, duty=DUTY)


@pytest.mark.parametrize("duty", ["0" * 40, "Trực ban"])
def test_a_text_that_costs_more_than_one_plain_segment_is_refused(duty: str) -> None:
    with pytest.raises(TextTooLongError, match="duty and reply numbers"):
        page(duty=duty)


def test_the_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(TextTooLongError) as caught:
        page(duty="0912345678" * 9)
    assert "0912345678" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 1)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("a" * 159 + "€", Segments("GSM-7", 161, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments("GSM-7", 306, 3)),
        ("àèéìòùÉ", Segments("GSM-7", 7, 1)),
        ("ạ" * 70, Segments("UCS-2", 70, 1)),
        ("ạ" * 71, Segments("UCS-2", 71, 2)),
        ("a" * 70 + "`", Segments("UCS-2", 71, 2)),
        ("😀" * 35, Segments("UCS-2", 70, 1)),
        ("😀" * 67, Segments("UCS-2", 134, 3)),
        ("Zoë Łukasz", Segments("UCS-2", 10, 1)),
        ("a" * 150 + "ạ", Segments("UCS-2", 151, 3)),
    ],
)
def test_segments_follow_gsm_03_38(text: str, expected: Segments) -> None:
    assert segments(text) == expected


def test_the_two_tables_of_gsm_hold_all_their_characters() -> None:
    assert len(sms_text._GSM_ALPHABET) == 127
    assert len(sms_text._GSM_EXTENSION) == 10


@given(st.text(alphabet=st.characters()))
def test_segments_hold_every_unit_of_any_text(text: str) -> None:
    cost = segments(text)
    room = 153 if cost.encoding == "GSM-7" else 67
    single = 160 if cost.encoding == "GSM-7" else 70
    assert cost.units >= len(text)
    assert (cost.count == 1) == (cost.units <= single)
    assert cost.units <= max(single, cost.count * room)
    assert (cost.count - 1) * (room - 1) < max(cost.units, 1)
