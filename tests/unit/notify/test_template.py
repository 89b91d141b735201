from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules.default_templates import DEFAULTS, ENGLISH, VIETNAMESE
from services.notify.rules.encoding import Encoding, segments
from services.notify.rules.template import LEVEL_WORDS, LONGEST, SPECS, Template, refusals, warnings
from shared.contracts.vocabulary import Level

PAGE = "BVTE: MUC {level}, ma {code}. Nhan viec truoc {time}. Tra loi OK {code} de nhan, hoac goi {duty}."
NOTICE = "BVTE: don vi phoi hop ma {code}, MUC {level}. Can hoi, goi {duty}."


def said(text: str, name: str = "page_reply_sender", language: str = "vi", encoding: Encoding = Encoding.GSM_7) -> str:
    return " ".join(one.en for one in refusals(Template.written(name, language, text, encoding)))


def test_every_purpose_has_a_text_in_both_languages() -> None:
    assert VIETNAMESE.keys() == ENGLISH.keys() == SPECS.keys()


@pytest.mark.parametrize("key", DEFAULTS)
def test_each_default_is_accepted_and_one_gsm_segment_at_its_longest(key: tuple[str, str]) -> None:
    template = DEFAULTS[key]
    assert refusals(template) == ()
    assert warnings(template) == ()
    assert (template.cost().encoding, template.cost().count) == ("GSM-7", 1)
    assert template.cost(reply=16).count == 1
    assert Template.written(*key, template.text, Encoding.GSM_7) == template


def test_a_page_like_the_default_is_accepted() -> None:
    assert said(PAGE) == ""
    assert said(NOTICE, "support_notice") == ""


@pytest.mark.parametrize(
    "field", ["name", "child", "address", "note", "", "code ", "CODE", "reply", "0", "code.__class__"]
)
def test_any_field_that_is_not_of_this_template_is_refused(field: str) -> None:
    assert "no personal data" in said(PAGE + " {" + field + "}")


@pytest.mark.parametrize("field", ["code", "level", "time", "duty"])
def test_a_page_without_what_it_is_for_is_refused(field: str) -> None:
    assert f"{{{field}}} is missing" in said(PAGE.replace(f"{{{field}}}", ""))


def test_a_page_that_does_not_say_what_to_reply_is_refused() -> None:
    assert "Add “OK {code}”" in said(PAGE.replace("OK {code}", "ngay"))


@pytest.mark.parametrize(
    "link",
    [
        "https://bvte.vn/a",
        "HTTP://x",
        "www bvte",
        "bvte.vn",
        "bvte．vn",
        "xem{code}.vn",
        "{code}.com",
        "a@b",
        "Xong.Goi ngay",
        "bit.ly/x",
    ],
)
def test_whatever_a_phone_makes_a_link_of_is_refused(link: str) -> None:
    assert "Remove the link" in said(f"{PAGE} {link}")


@pytest.mark.parametrize("digits", ["0912345678", "111", "09 12 34", "1.1.3", "+84-9", "１１３"])
def test_digits_that_look_like_a_phone_are_refused(digits: str) -> None:
    assert "Remove the fixed digits" in said(f"{PAGE} {digits}")


def test_small_numbers_are_no_phone() -> None:
    assert said(f"{PAGE} Mau 02, 24 gio.") == ""


@pytest.mark.parametrize("gap", ["[ten]", "<ten>", "%s", "___", "...", "{", "}", "$ten", "…"])
def test_a_place_to_fill_in_by_hand_is_refused(gap: str) -> None:
    assert "a message has no place" in said(f"{PAGE} {gap}")


def test_a_case_code_written_in_is_refused() -> None:
    assert "fixed case code" in said(f"{PAGE} K7Q281")


@pytest.mark.parametrize("words", ["nhan vu", "Vu nay", "vụ mới"])
def test_a_bare_vu_is_refused(words: str) -> None:
    assert "“vu” reads" in said(f"{PAGE} {words}")


def test_vu_viec_and_accented_vu_are_accepted() -> None:
    assert said(f"{PAGE} Khong co vu viec.") == ""
    assert "vu" not in said("BVTE: vụ {code}, MỨC {level}, {time}, {duty}. OK {code}", encoding=Encoding.UCS_2)


@pytest.mark.parametrize("text", [PAGE + " GAP", PAGE + " THUONG", PAGE.replace("MUC {level}", "{level}")])
def test_a_level_that_reads_as_another_word_is_refused(text: str) -> None:
    assert "THUONG and GAP" in said(text)


def test_a_text_without_its_senders_name_is_refused() -> None:
    assert "sender's name" in said(PAGE.removeprefix("BVTE: "))


def test_a_page_over_one_segment_is_refused_and_a_notice_warns() -> None:
    long = " Xin doc ky." * 12
    assert "Remove 7" in said(PAGE + long[: 160 + 7 - len(Template("page_reply_sender", "vi", PAGE).longest())])
    notice = Template.written("support_notice", "vi", NOTICE + long, Encoding.GSM_7)
    assert refusals(notice) == ()
    assert "2 segments" in warnings(notice)[0].en


def test_gsm_is_written_without_marks_whatever_form_was_typed() -> None:
    typed = "BVTE: MỨC {level}, mã {code}.\n Nhận việc trước {time}. Trả lời OK {code}, gọi {duty}."
    for form in ("NFC", "NFD"):
        template = Template.written("page_reply_sender", "vi", unicodedata.normalize(form, typed), Encoding.GSM_7)
        assert template.text == "BVTE: MUC {level}, ma {code}. Nhan viec truoc {time}. Tra loi OK {code}, goi {duty}."


def test_what_gsm_cannot_write_is_named() -> None:
    assert "Remove 中, or choose UCS-2" in said(PAGE + " 中")


def test_ucs_2_keeps_its_marks_and_has_70_characters() -> None:
    template = Template.written(
        "answer_decline", "vi", "BVTE: đã ghi không nhận mã {code}, gọi {duty}.", Encoding.UCS_2
    )
    assert refusals(template) == ()
    assert template.cost().encoding == "UCS-2"
    assert "more than one message (70)" in said(PAGE + " ạ", encoding=Encoding.UCS_2)
    assert LEVEL_WORDS["vi", Encoding.UCS_2][Level.URGENT] == "GẤP"


FIELDS = st.fixed_dictionaries(
    {
        **{
            name: st.text(alphabet="0123456789: /", max_size=len(text))
            for name, text in LONGEST.items()
            if name != "level"
        },
        "level": st.sampled_from(Level),
    }
)


@given(st.sampled_from(sorted(DEFAULTS)), FIELDS)
def test_no_fields_make_a_text_longer_than_its_longest(key: tuple[str, str], fields: dict[str, str | Level]) -> None:
    template = DEFAULTS[key]
    assert segments(template.fill(fields)).units <= template.cost().units


@given(st.sampled_from(sorted(SPECS)), st.sampled_from(["vi", "en"]), st.text(max_size=300), st.sampled_from(Encoding))
def test_any_text_is_judged_and_an_accepted_page_is_one_segment(
    name: str, language: str, text: str, encoding: Encoding
) -> None:
    template = Template.written(
        name, language, f"BVTE: {text} " + " ".join(f"{{{one}}}" for one in SPECS[name].needs), encoding
    )
    found = refusals(template)
    warnings(template)
    if not found and SPECS[name].page:
        assert template.cost().count == 1
    if "://" in text:
        assert found
