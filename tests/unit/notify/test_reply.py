from __future__ import annotations

import unicodedata
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules import sms_text
from services.notify.rules.reply import (
    LONGEST_REASON,
    Acknowledge,
    AskStatus,
    BareVerb,
    Decline,
    Escalate,
    Help,
    NotUnderstood,
    OptIn,
    OptOut,
    Reply,
    Verb,
    parse_reply,
)
from shared.contracts.vocabulary import Level

CODE = "K7Q281"
ANYTHING = st.text(alphabet=st.characters(), max_size=2000)
CODES = st.from_regex(r"[A-Z][0-9][A-Z][0-9]{3}", fullmatch=True)


@pytest.mark.parametrize(
    "body",
    [
        "OK K7Q281",
        "ok k7q281",
        "  ok   k7q281 ",
        "OKK7Q281",
        "o k K7 Q281",
        "Ok: K7Q-281.",
        "OK\nK7Q281\n",
        "“OK K7Q281”",
        "<OK> [K7Q281]!",
        "okay K7Q281",
        "oke K7Q281",
        "Okie K7Q281",
        "OK mã K7Q281",
        "OK va ma K7Q281",
        "OK em nhận K7Q281",
        "NHAN K7Q281",
        "nhận K7Q281",
        "Nhận việc K7Q281",
        "1 K7Q281",
        "1K7Q281",
        "1️⃣ K7Q281",
        "１ Ｋ７Ｑ２８１",  # full-width, as some keyboards write
        "ＯＫ　Ｋ７Ｑ２８１",
        "OK K7Q\u200b281",
        "OK K7Q281 cảm ơn chị",
        "OK K7Q281, tôi đang đến",
        "OK K7Q281 ok K7Q281",
        "OK K7Q281 👍",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_acknowledgement_is_read_however_it_is_typed(body: str, form: str) -> None:
    normalised = unicodedata.normalize("NFC" if form == "NFC" else "NFD", body)
    assert parse_reply(normalised) == Acknowledge(CODE)


@pytest.mark.parametrize("code", ["E7Q281", "K7Q281", "A0A000", "I1E111"])
@pytest.mark.parametrize("verb", ["OK", "oke", "okay", "1", "nhan"])
def test_a_code_glued_to_its_verb_keeps_its_first_letter(verb: str, code: str) -> None:
    assert parse_reply(verb + code) == Acknowledge(code)


@pytest.mark.parametrize(
    "tail",
    [
        "khong",
        "không nhận được",
        "khongthe",
        "ko",
        "k di duoc",
        "khg",
        "kg",
        "chua",
        "chưa",
        "đừng",
        "dung goi",
        "can't",
        "can’t",
        "not me",
        "?",
        "thật à?",
        "gửi nhầm",
        "hủy",
        "chuyển cho người khác",
        "KHONG K7Q281",
        "M3P512",
        "va m3p512",
        "OKM3P512",
        "M3P 512",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_acknowledgement_in_doubt_is_not_understood(tail: str, form: str) -> None:
    normalised = unicodedata.normalize("NFC" if form == "NFC" else "NFD", f"OK K7Q281 {tail}")
    assert parse_reply(normalised) == NotUnderstood()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("KHONG K7Q281", ""),
        ("không K7Q281 đang ở ngoài tỉnh", "đang ở ngoài tỉnh"),
        ("Không K7Q281: đang ở  ngoài tỉnh.", "đang ở ngoài tỉnh."),
        ("khongK7Q281", ""),
        ("ko k7q281, bận", "bận"),
        ("2K7Q281", ""),
        ("2 K7Q281\nốm", "ốm"),
        ("Không thể nhận K7Q281 vì không có xe", "vì không có xe"),
        ("KHONG K7Q281 ban\x00 hop", "ban hop"),
        ("KHONG K7Q281 ai đi được?", "ai đi được?"),
    ],
)
def test_a_decline_keeps_its_reason_as_written(body: str, reason: str) -> None:
    assert parse_reply(body) == Decline(CODE, reason)
    assert parse_reply(unicodedata.normalize("NFD", body)) == Decline(CODE, reason)


def test_a_long_reason_is_cut() -> None:
    reply = parse_reply("KHONG K7Q281 " + "a" * 1500)
    assert reply == Decline(CODE, "a" * LONGEST_REASON)


@pytest.mark.parametrize("body", ["CHUYEN K7Q281", "chuyển K7Q281", "Chuyển cấp K7Q281", "3 K7Q281", "3k7q281"])
def test_an_escalation_is_read(body: str) -> None:
    assert parse_reply(body) == Escalate(CODE)


@pytest.mark.parametrize("body", ["? K7Q281", "?K7Q281", "?? K7Q281", "？ K7Q281", "hoi K7Q281", "hỏi mã K7Q281?"])
def test_a_question_is_read(body: str) -> None:
    assert parse_reply(body) == AskStatus(CODE)


@pytest.mark.parametrize(
    ("body", "verb"),
    [
        ("OK", Verb.ACKNOWLEDGE),
        ("ok.", Verb.ACKNOWLEDGE),
        ("ok nhé", Verb.ACKNOWLEDGE),
        ("ok?", Verb.ACKNOWLEDGE),
        ("OK K7Q28", Verb.ACKNOWLEDGE),
        ("1", Verb.ACKNOWLEDGE),
        ("Nhận", Verb.ACKNOWLEDGE),
        ("không", Verb.DECLINE),
        ("2", Verb.DECLINE),
        ("chuyển", Verb.ESCALATE),
        ("3", Verb.ESCALATE),
        ("?", Verb.ASK),
        ("???", Verb.ASK),
        ("hoi", Verb.ASK),
    ],
)
def test_a_verb_without_a_code_is_bare(body: str, verb: Verb) -> None:
    assert parse_reply(body) == BareVerb(verb)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   ",
        "K7Q281",
        "K7Q281 ok",
        "k K7Q281",
        "OK K7Q2812",
        "OK K7Q281abc",
        "OK KHONG K7Q281",
        "KHONG OK K7Q281",
        "chưa nhận K7Q281",
        "không phải K7Q281",
        "không sao K7Q281",
        "không cần chuyển K7Q281",
        "đã nhận được tin K7Q281",
        "OK để em hỏi lại K7Q281",
        "KHONG K7Q281 M3P512",
        "CHUYEN K7Q281 M3P512",
        "12 K7Q281",
        "4 K7Q281",
        "okra",
        "1234",
        "cháu bé đang ở nhà",
        "\ud800",
        "STOP K7Q281",
        "YES K7Q281",
        "HUY",
        "👍",
    ],
)
def test_anything_else_is_not_understood(body: str) -> None:
    assert parse_reply(body) == NotUnderstood()


CARRIER_WORDS: list[tuple[str, Reply]] = [
    *[(word, OptOut()) for word in ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]],
    *[(word, OptIn()) for word in ["START", "YES", "UNSTOP"]],
    *[(word, Help()) for word in ["HELP", "INFO"]],
    ("stop all", OptOut()),
    ("Help?", Help()),
]


@pytest.mark.parametrize(("word", "meaning"), CARRIER_WORDS)
def test_a_word_of_the_carrier_is_none_of_our_verbs(word: str, meaning: Reply) -> None:
    assert parse_reply(word) == meaning
    assert parse_reply(f" {word.lower()}. ") == meaning


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize(("number", "receives"), [("0912345678", False), (None, True), (None, False)])
def test_our_own_page_sent_back_acknowledges_nothing(level: Level, number: str | None, receives: bool) -> None:  # noqa: FBT001 - a table's column
    text = sms_text.page(
        level=level, code=CODE, time="14:20 28/11", duty="0912345678", reply_number=number, sender_receives=receives
    )
    assert parse_reply(text) == NotUnderstood()
    if number is not None or receives:
        assert parse_reply(f"OK {CODE} {text}") == NotUnderstood()


@given(ANYTHING)
def test_no_text_raises(body: str) -> None:
    assert isinstance(parse_reply(body), get_args(Reply))


@given(st.sampled_from(["OK ", "KHONG ", "CHUYEN ", "? "]), CODES, ANYTHING)
def test_nothing_behind_a_code_raises_or_spoils_what_is_stored(verb: str, code: str, tail: str) -> None:
    reply = parse_reply(f"{verb}{code} {tail}")
    if isinstance(reply, Decline):
        assert len(reply.reason) <= LONGEST_REASON
        assert "\x00" not in reply.reason
        assert reply.reason.encode() is not None


@given(CODES, st.sampled_from(["OK", "Nhận", "1"]), st.text(alphabet=" \t\n.,:;-_*()'\"", max_size=5))
def test_every_code_is_acknowledged_with_any_punctuation_around(code: str, verb: str, noise: str) -> None:
    assert parse_reply(f"{noise}{verb}{noise}{code.lower()}{noise}") == Acknowledge(code)


@given(ANYTHING)
def test_only_a_text_that_shows_the_code_acknowledges_it(body: str) -> None:
    reply = parse_reply("OK " + body)
    if isinstance(reply, Acknowledge):
        folded = [c for c in unicodedata.normalize("NFKD", body).upper() if c.isascii() and c.isalnum()]
        assert reply.code in "".join(folded)
