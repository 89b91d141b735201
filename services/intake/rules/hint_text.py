"""A narrative as words: where each stands, how it is compared, and in what way its sentence is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Final


class Writing(Enum):
    """How a sentence is written, which decides what its words can mean."""

    ACCENTED = "accented"
    UNACCENTED = "unaccented"
    """Vietnamese without its marks: one spelling stands for several words (đâm, đấm, dâm are all *dam*)."""
    ENGLISH = "english"


@dataclass(frozen=True)
class Word:
    """A word of the text. `start` and `end` are character positions; an abbreviation written out shares them.

    `key` is the word without regard to case and to where its tone stands (*hoà*, *hòa*), `plain` it without marks.
    `breaks` tells that a new clause begins with it; `sentence` counts from 0.
    """

    start: int
    end: int
    key: str
    plain: str
    breaks: bool
    sentence: int
    writing: Writing


_WORD: Final = re.compile(r"[^\W_][\w\u0300-\u036f]*(?:['’][^\W_]+)*")
_CLAUSE_END: Final = frozenset(',.;:!?()[]\n"“”…–—/')
_SENTENCE_END: Final = frozenset(".;!?\n")
_CONTRASTS: Final = frozenset({"nhung", "but", "however", "although", "though", "because"})
"""Words that begin a clause, as a comma does."""
_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_MARK: Final = re.compile(r"[\u0300-\u036f]")
_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|oai|oay|uay|ieu|yeu|uoi|uou|[aeiouy]|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye)"
    r"(?:ng|nh|ch|[cmnpt])?"
)
"""What may be a Vietnamese syllable when its marks are left out."""
_ENGLISH_SHARE: Final = 0.25
_ALSO_ENGLISH: Final = frozenset({"he", "him", "hit", "his", "i"})
"""Syllables that Vietnamese hardly writes and English writes everywhere."""
_ACCENTED_SHARE: Final = 0.25
_SHORTEST: Final = 3
"""Words; a shorter sentence is taken to be written as the whole text is."""

ABBREVIATIONS: Final[dict[str, str]] = {
    **dict.fromkeys(("ko", "k", "hok", "hk", "hông", "khg", "kg", "khôg", "hem", "hổng", "kô", "kh"), "không"),
    "kt": "không thấy",
    **dict.fromkeys(("dc", "đc", "dk", "đk", "đươc"), "được"),
    **dict.fromkeys(("bme", "bm", "bmẹ"), "bố mẹ"),
    **dict.fromkeys(("hqua", "hq"), "hôm qua"),
    **dict.fromkeys(("hnay", "hn"), "hôm nay"),
    **dict.fromkeys(("ngta", "nta", "ngt"), "người ta"),
    **dict.fromkeys(("vs", "zới", "vz"), "với"),
    **dict.fromkeys(("mk", "mik", "mjk"), "mình"),
    **dict.fromkeys(("mún", "mun"), "muốn"),
    **dict.fromkeys(("bik", "bit", "bít", "bjt", "bt"), "biết"),
    **dict.fromkeys(("rùi", "rui", "r"), "rồi"),
    **dict.fromkeys(("j", "zì", "ji"), "gì"),
    **dict.fromkeys(("tụi", "tui"), "tụi"),
    **dict.fromkeys(("bùn", "bun"), "buồn"),
    **dict.fromkeys(("iu", "êu"), "yêu"),
    "e": "em",
    "a": "anh",
    "c": "chị",
    "ck": "chồng",
    "vk": "vợ",
    "ny": "người yêu",
    "bn": "bạn",
    "ns": "nói",
    "fb": "facebook",
    "bh": "bây giờ",
    "h": "giờ",
    "sn": "sinh nhật",
    "hs": "học sinh",
    "ca": "công an",
    "qhtd": "quan hệ tình dục",
    "xhtd": "xâm hại tình dục",
    "bl": "bạo lực",
    "lm": "làm",
    "nv": "nhân viên",
    "ntn": "như thế nào",
    "ad": "anh chị",
    "đt": "điện thoại",
    "dt": "điện thoại",
}
"""Short forms of messages. Not read in English, where *a* and *e* are other things."""


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of an NFC text in order."""
    raw = list(_raw(text))
    usual = _writing([word for word, *_ in raw], None)
    return tuple(
        word for number, sentence in groupby(raw, key=lambda found: found[4]) for word in _read(list(sentence), usual)
    )


def key_of(word: str) -> str:
    """Return a word in the form in which words are compared: small letters, its tone last."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = "".join(mark for mark in parts if mark in _TONES)
    letters = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return letters + tones


def plain_of(word: str) -> str:
    """Return a word without its marks, in small letters; *đ* has no decomposition and is mapped by hand."""
    return _MARK.sub("", unicodedata.normalize("NFD", word.lower())).replace("đ", "d")


_Raw = tuple[str, int, int, bool, int]


def _raw(text: str) -> Iterator[_Raw]:
    """Give each word with its start, its end, whether a clause begins with it, and its sentence."""
    sentence, behind = 0, 0
    for found in _WORD.finditer(text):
        between = set(text[behind : found.start()])
        if behind and between & _SENTENCE_END:
            sentence += 1
        yield found.group(), found.start(), found.end(), not behind or bool(between & _CLAUSE_END), sentence
        behind = found.end()


def _read(sentence: Sequence[_Raw], usual: Writing) -> Iterator[Word]:
    writing = _writing([word for word, *_ in sentence], usual)
    for text, start, end, breaks, number in sentence:
        small = unicodedata.normalize("NFC", text.lower())
        whole = small if writing is Writing.ENGLISH else ABBREVIATIONS.get(small, small)
        for place, word in enumerate(whole.split()):
            plain = plain_of(word)
            new = (breaks and place == 0) or plain in _CONTRASTS
            yield Word(start, end, key_of(word), plain, new, number, writing)


def _writing(words: Sequence[str], usual: Writing | None) -> Writing:
    """Return how words are written; `usual` is how the whole text is, which decides for a sentence too short to tell."""
    letters = [word.lower() for word in words if not word[0].isdigit()]
    if len(letters) < _SHORTEST and usual is not None and all(word.isascii() for word in letters):
        return usual
    accented = sum(not word.isascii() for word in letters)
    foreign = sum(_is_foreign(word) for word in letters)
    if accented and accented >= _ACCENTED_SHARE * len(letters):
        return Writing.ACCENTED
    if foreign >= _ENGLISH_SHARE * len(letters) and foreign:
        return Writing.ENGLISH
    return Writing.UNACCENTED


def is_syllable(plain: str) -> bool:
    """Tell whether a word without marks may be a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(plain) is not None


def _is_foreign(word: str) -> bool:
    return word.isascii() and word not in ABBREVIATIONS and (word in _ALSO_ENGLISH or not is_syllable(word))
