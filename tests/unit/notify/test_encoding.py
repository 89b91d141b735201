from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.rules.encoding import GSM_ALPHABET, GSM_EXTENSION, Segments, composed, plain, segments


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
    assert len(GSM_ALPHABET) == 127
    assert len(GSM_EXTENSION) == 10


@given(st.text(alphabet=st.characters()))
def test_segments_hold_every_unit_of_any_text(text: str) -> None:
    cost = segments(text)
    room = 153 if cost.encoding == "GSM-7" else 67
    single = 160 if cost.encoding == "GSM-7" else 70
    assert cost.units >= len(text)
    assert (cost.count == 1) == (cost.units <= single)
    assert cost.units <= max(single, cost.count * room)
    assert (cost.count - 1) * (room - 1) < max(cost.units, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zoë Łukasz", "Zoe Lukasz"),
        ("Mức Khẩn cấp, đã nhận vụ việc", "Muc Khan cap, da nhan vu viec"),
        ("Ở xã, phường nào? ĐÚNG", "O xa, phuong nao? DUNG"),
        ("“trích” – ‘dẫn’…", "\"trich\" - 'dan'..."),
        ("ＯＫ\u200b　１", "OK 1"),
        ("straße 5 €", "straße 5 €"),
    ],
)
def test_vietnamese_and_its_neighbours_are_written_without_marks(text: str, expected: str) -> None:
    for form in ("NFC", "NFD"):
        found = plain(unicodedata.normalize(form, text))
        assert found.text == expected
        assert found.foreign == ()
        assert segments(found.text).encoding == "GSM-7"


def test_what_gsm_has_no_letter_for_is_named_and_never_becomes_a_question_mark() -> None:
    found = plain("gọi 😀 中 中")
    assert found.text == "goi 😀 中 中"
    assert found.foreign == ("😀", "中")


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_question_mark_is_ever_made_up(text: str) -> None:
    found = plain(text)
    questions = sum("?" in unicodedata.normalize("NFKD", character) for character in text)
    assert found.text.count("?") <= sum(unicodedata.normalize("NFKD", one).count("?") for one in text)
    assert (found.text.count("?") == 0) or questions > 0
    assert (segments(found.text).encoding == "GSM-7") == (not found.foreign)
    assert plain(found.text) == found


@given(st.text(alphabet=st.sampled_from("ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ")))
def test_every_vietnamese_letter_has_a_plain_one_and_its_decomposed_form_costs_no_more(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert plain(apart).text.isascii()
    assert len(plain(apart).text) == len(text)
    assert segments(composed(apart)) == segments(text)
