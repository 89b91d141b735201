from __future__ import annotations

import pytest

from services.notify.rules import sms_text
from services.notify.rules.encoding import Segments, segments
from services.notify.rules.sms_text import LEVEL_WORDS, TextTooLongError
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
    "seen_reminder": sms_text.seen_reminder(level=GRAVEST, code=CODE, due=TIME, duty=DUTY),
    "form02_reminder": sms_text.form02_reminder(level=GRAVEST, code=CODE, due=TIME, duty=DUTY),
    "page_bundle": sms_text.page_bundle(level=GRAVEST, codes=CODES * 40, time=TIME, duty=DUTY, reply=REPLY),
    "page_bundle_no_reply": sms_text.page_bundle(level=GRAVEST, codes=CODES, time=TIME, duty=DUTY, reply=None),
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
