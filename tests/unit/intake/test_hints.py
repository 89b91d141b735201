"""What a narrative hints at: never a no, never anything calming, and only with the words that say it."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.rules.hint_phrases import GAP, spoken
from services.intake.rules.hint_rule import GROUPS, REASSURING, VALUES, Kind, Rule
from services.intake.rules.hint_table import TABLE, phrases
from services.intake.rules.hint_text import key_of, plain_of
from services.intake.rules.hints import TARGETS, Hint, hints
from services.intake.rules.report import NARRATIVE_LIMIT
from shared.contracts.facts import Facts
from shared.contracts.vocabulary import Concern

ASKS = ""

TOLD: list[tuple[str, str, str]] = [
    ("Cháu bị bố đánh bằng thắt lưng.", "physical", "yes"),
    ("Cháu bị bố đánh bằng thắt lưng.", "implement_used", "yes"),
    ("chau bi bo danh bang gay", "physical", "yes"),
    ("E bị bme đánh hoài", "physical", "yes"),
    ("Bé bị khoá trái cửa từ sáng.", "locked_in_or_dangerous_place_now", "yes"),
    ("Bé bị khóa trái cửa từ sáng.", "locked_in_or_dangerous_place_now", "yes"),
    ("Bố cầm dao đuổi mẹ.", "weapon_strangling_or_death_threat", "yes"),
    ("Cháu đã mua thuốc ngủ rồi, tối nay uống hết.", "suicide", "plan"),
    ("Em không muốn sống nữa.", "suicide", "thoughts"),
    ("chau chan song lam roi", "suicide", "thoughts"),
    ("Bị chú xâm hại tình dục hôm qua.", "when", "within_30_days"),
    ("Bị chú xâm hại tình dục hôm qua.", "hours_since_sexual_contact", ASKS),
    ("Bị chú xâm hại tình dục 2 tiếng trước.", "hours_since_sexual_contact", ASKS),
    ("Tối hôm kia cháu bị chú đánh.", "when", ASKS),
    ("Cháu bị bố đánh hôm rằm âm lịch.", "when", ASKS),
    ("Tháng trước cháu bị bố đánh.", "when", ASKS),
    ("Năm năm trước cháu bị họ hàng sàm sỡ.", "when", ASKS),
    ("Cháu đang ở với bà ngoại.", "with_safe_adult", ASKS),
    ("Tôi chỉ muốn hỏi thủ tục nhận con nuôi.", "information_request_only", ASKS),
    ("Bé sơ sinh bị bỏ rơi.", "independently_mobile", ASKS),
    ("He hit my son with a belt.", "physical", "yes"),
    ("She is afraid to go home.", "afraid_to_go_home", "yes"),
    ("The baby is not breathing.", "life_threatening_condition", "yes"),
]

NOT_TOLD: list[tuple[str, str]] = [
    ("Bố đánh bài cả đêm.", "physical"),
    ("Cháu đánh răng rồi đi ngủ.", "physical"),
    ("bo chau danh bai", "physical"),
    ("Mẹ bán bánh ở chợ.", "trafficking"),
    ("Cháu chơi với bạn.", "trafficking"),
    ("hom nay nha em co dam cuoi", "sexual"),
    ("Cháu không bị đánh.", "physical"),
    ("Cháu chưa từng bị ai đánh.", "physical"),
    ("Không có ai đánh cháu.", "physical"),
    ("chau khong bi ai danh", "physical"),
    ("e k bị đánh", "physical"),
    ("Không ai nhốt cháu.", "locked_in_or_dangerous_place_now"),
    ("The child was not hit.", "physical"),
    ("Nobody has ever hit him.", "physical"),
    ("He never touched her.", "sexual"),
    ("She wasn't hit by her father.", "physical"),
    ("Hôm qua tôi gọi mà máy bận.", "when"),
    ("", "physical"),
]

ONLY_ASKED: list[tuple[str, str]] = [
    ("thang do no dam em", "physical"),
    ("thang do no dam em", "weapon_strangling_or_death_threat"),
    ("thang do no dam em", "sexual"),
    ("Cháu có bị bố đánh không?", "physical"),
    ("Trước bố hay đánh cháu nhưng giờ hết đánh rồi.", "physical"),
    ("My father no longer beats us.", "physical"),
    ("Em sợ bị bố đánh.", "physical"),
    ("chau chua bi bo danh", "physical"),
]


def found(narrative: str) -> dict[str, Hint]:
    return {hint.target: hint for hint in hints(narrative)}


def suggested(narrative: str) -> set[tuple[str, str]]:
    return {(hint.target, hint.value) for hint in hints(narrative) if hint.kind is Kind.SUGGESTS}


@pytest.mark.parametrize(("narrative", "target", "value"), TOLD)
def test_what_the_text_tells_is_hinted_at(narrative: str, target: str, value: str) -> None:
    hint = found(narrative)[target]
    assert (hint.kind, hint.value) == (Kind.SUGGESTS if value else Kind.ASKS, value)


@pytest.mark.parametrize(("narrative", "target"), NOT_TOLD)
def test_what_is_denied_or_means_something_else_is_not_hinted_at(narrative: str, target: str) -> None:
    assert target not in found(narrative)


@pytest.mark.parametrize(("narrative", "target"), ONLY_ASKED)
def test_what_is_unsure_is_asked(narrative: str, target: str) -> None:
    assert found(narrative)[target].kind is Kind.ASKS


@pytest.mark.parametrize(
    "narrative",
    [
        "Cháu không đi học, bị bố đánh.",
        "Cháu không đi học bị bố đánh.",
        "Mẹ không đánh nhưng bố đánh cháu bằng roi.",
        "Bố không những đánh cháu mà còn nhốt.",
        "Bố đánh cháu không ngừng.",
        "He did not hit the dog but he hit my son.",
    ],
)
def test_a_denial_ends_with_its_clause(narrative: str) -> None:
    assert ("physical", "yes") in suggested(narrative)


def test_a_hint_quotes_the_words_that_caused_it() -> None:
    text = "Nghe kể: bé BỊ BỐ ĐÁNH hôm qua."
    (quote,) = found(unicodedata.normalize("NFD", text))["physical"].quotes
    assert (quote.text, quote.start) == ("BỊ BỐ ĐÁNH", text.index("BỊ"))


def test_several_passages_are_quoted_in_order_and_overlapping_ones_once() -> None:
    quotes = found("Bố tát cháu. Hôm sau cháu bị bố đánh đập.")["physical"].quotes
    assert [quote.text for quote in quotes] == ["Bố tát cháu", "cháu bị bố đánh đập"] or [
        quote.text for quote in quotes
    ] == ["Bố tát cháu", "bị bố đánh đập"]


def test_hints_come_in_the_order_of_the_report_format_each_once() -> None:
    given_targets = [hint.target for hint in hints("Bé bị bố đánh bằng roi, lưng bầm tím, hôm qua bị nhốt, bỏ đói.")]
    assert given_targets == [target for target in TARGETS if target in given_targets]
    assert len(given_targets) > 5


def test_each_row_of_the_table_is_well_formed() -> None:
    assert len({rule.id for rule in TABLE}) == len(TABLE)
    for rule in TABLE:
        assert rule.why
        assert rule.vi or rule.en
        assert set(rule.targets) <= set(TARGETS)
        assert rule.near in {"", "any", *Concern}


def test_no_row_suggests_what_calms() -> None:
    for rule in TABLE:
        for target in rule.targets if rule.value else ():
            assert rule.value_of(target) in VALUES[target]
    assert not REASSURING & VALUES.keys()


def test_every_fact_and_concern_that_text_can_tell_has_a_row() -> None:
    assert {target for rule in TABLE for target in rule.targets} == {*Facts.model_fields, *Concern} - {Concern.OTHER}


def some(rule: Rule) -> list[str]:
    """Return a form of each phrase, with nothing in its gaps."""
    return [spoken(phrase, GROUPS) for phrase in phrases(rule.vi)]


BESIDE = {"": "", "any": "Cháu bị bố đánh.", "sexual": "Cháu bị chú xâm hại tình dục."}
"""What must stand beside a phrase for it to count."""


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.id)
def test_every_phrase_of_the_table_is_found(rule: Rule) -> None:
    told = ((text, spoken(text, GROUPS)) for text in phrases(rule.vi))
    vietnamese = [
        plain_of(f"Cháu đã kể thế này: {phrase}.")
        if text.startswith("=")
        else f"Cháu đã kể thế này: {phrase}. {BESIDE[rule.near]}"
        for text, phrase in told
    ]
    english = [spoken(phrase, GROUPS) for phrase in phrases(rule.en)]
    for text in [*vietnamese, *(f"The child said this: {phrase}. {BESIDE[rule.near]}" for phrase in english)]:
        assert set(rule.targets) <= found(text).keys(), text


@pytest.mark.parametrize("rule", TABLE, ids=lambda rule: rule.id)
def test_a_denial_before_a_phrase_never_adds_a_suggestion(rule: Rule) -> None:
    for phrase in some(rule):
        for denial in ("không", "không bị", "chưa từng", "ko"):
            assert suggested(f"{denial} {phrase}") <= suggested(phrase), phrase


words = st.sampled_from(
    sorted({word for rule in TABLE for phrase in phrases(rule.vi) for word in re.findall(r"[^\W\d_]+", phrase)})
)
sentences = st.lists(st.one_of(words, st.sampled_from([",", ".", "không", "chưa", "hết", "nhưng"])), max_size=30).map(
    " ".join
)


@given(sentences)
def test_composed_and_decomposed_text_hint_at_the_same(text: str) -> None:
    assert hints(unicodedata.normalize("NFC", text)) == hints(unicodedata.normalize("NFD", text))


@given(st.one_of(st.text(max_size=400), sentences))
def test_any_text_is_read_and_every_quote_is_of_the_text(text: str) -> None:
    whole = unicodedata.normalize("NFC", text)
    for hint in hints(text):
        assert hint.quotes
        for quote in hint.quotes:
            assert quote.text
            assert whole[quote.start : quote.end] == quote.text


@given(sentences)
def test_no_text_suggests_what_calms(text: str) -> None:
    for hint in hints(text):
        assert (hint.kind is Kind.SUGGESTS) == bool(hint.value)
        assert not hint.value or hint.value in VALUES[hint.target]


@given(sentences)
@settings(max_examples=50)
def test_without_marks_a_text_never_suggests_an_ambiguous_syllable(text: str) -> None:
    for word in text.split():
        assert suggested(plain_of(word)) == set()


@given(st.text(alphabet="hoàáảãạeèéuy", max_size=6))
def test_where_a_tone_stands_does_not_matter(word: str) -> None:
    assert key_of(unicodedata.normalize("NFC", word)) == key_of(unicodedata.normalize("NFD", word))
    assert key_of("hoà") == key_of("hòa")


def calls_of(work: Callable[[], Any]) -> int:
    """Count the calls of Python functions and of C functions that `work` makes."""
    count = 0

    def step(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(step)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "bị ",
        "bi ",
        "không bị ",
        "đánh bằng ",
        "a",
        "à",
        "bị đánh. ",
        "'",
        "e\u0301\u0301",
        "1 ",
        "did not ",
        "có bị ",
        "x,",
    ],
)
def test_work_grows_with_the_text_and_no_faster(unit: str) -> None:
    short, long = (unit * (size // len(unit)) for size in (4_096, 16_384))
    assert calls_of(lambda: hints(long)) <= 4.5 * calls_of(lambda: hints(short)) + 1000


def test_a_text_beyond_any_limit_is_read_in_bounded_work() -> None:
    text = "bị đánh. " * 7_282
    assert len(text) > 65_000
    assert calls_of(lambda: hints(text)) < 60 * len(text)


def test_the_longest_narrative_is_read() -> None:
    assert found("x " * (NARRATIVE_LIMIT // 2 - 20) + ". Cháu bị bố đánh.")["physical"].value == "yes"


def test_a_gap_stays_within_its_clause() -> None:
    assert GAP == ".."
    assert "physical" not in found("Cháu bị ốm, bố đánh xe đi làm.")
