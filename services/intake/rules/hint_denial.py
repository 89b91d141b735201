"""Whether a text denies, doubts or asks what a phrase of it says."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from services.intake.rules.hint_harmless import (
    CARRIERS,
    CARRIERS_EN,
    CLEAR_WITHOUT_MARKS,
    DENIALS,
    DENIALS_EN,
    DOUBT_WORDS,
    DOUBT_WORDS_EN,
    ENDINGS,
    ENDINGS_EN,
    NOT_DENYING_AFTER,
)
from services.intake.rules.hint_phrases import Found
from services.intake.rules.hint_text import Word, Writing, key_of, plain_of

REACH: Final = 7
"""Words before a phrase within which a denial may stand."""
_LONGEST: Final = 3
"""Words of an expression of denial or doubt."""


class Standing(IntEnum):
    """How a phrase stands in its text, the strongest first."""

    TOLD = 0
    OPEN = 1
    """Doubted, asked, or denied by a word that may be another."""
    OVER = 2
    """It was so and is no more: what else the sentence says of it is open, too."""
    DENIED = 3


class _Words:
    """The expressions of one way of writing."""

    def __init__(self, writing: Writing) -> None:
        english, plainly = writing is Writing.ENGLISH, writing is Writing.UNACCENTED
        read = plain_of if plainly else key_of
        denials = {_form(text, read) for text in (DENIALS_EN if english else DENIALS)}
        clear = {tuple(text.split()) for text in CLEAR_WITHOUT_MARKS}
        endings = {_form(text, read) for text in (ENDINGS_EN if english else ENDINGS)}
        self.denials = denials & clear if plainly else denials
        self.endings = endings
        self.open = {_form(text, read) for text in (DOUBT_WORDS_EN if english else DOUBT_WORDS)}
        self.open |= denials - self.denials
        self.carriers = frozenset(read(text) for text in (CARRIERS_EN if english else CARRIERS))
        self.not_denying = frozenset(read(text) for text in NOT_DENYING_AFTER)
        self.plainly = plainly


def _form(text: str, read: object) -> tuple[str, ...]:
    return tuple(read(word) for word in text.split()) if callable(read) else ()


_WORDS: Final = {writing: _Words(writing) for writing in Writing}
_AT_END: Final = frozenset({"khong", "chua"})
_AFTER_QUESTION: Final = frozenset({"a", "nhi", "vay", "ha", "nhe", "roi"})
_BEFORE_QUESTION: Final = frozenset({"co", "da", "chua"})


def standing_of(words: Sequence[Word], found: Found) -> Standing:
    """Return how a found phrase stands: its clause before it is read backwards over words that carry a denial on."""
    before = _before(words, found.first)
    standing = Standing.OPEN if _is_question(words, found) else Standing.TOLD
    return max(standing, before)


def _before(words: Sequence[Word], first: int) -> Standing:
    own = _WORDS[words[first].writing]
    texts = [word.plain if own.plainly else word.key for word in words[max(0, first - REACH - _LONGEST) : first + 1]]
    offset = first - (len(texts) - 1)
    at = first
    while at > offset and first - at < REACH and not words[at].breaks:
        for length in range(min(_LONGEST, at - offset), 0, -1):
            start = at - length
            if any(word.breaks for word in words[start + 1 : at + 1]):
                continue
            form = tuple(texts[start - offset : at - offset])
            if form in own.endings:
                return Standing.OVER
            if form in own.open:
                return Standing.OPEN
            if form in own.denials or _is_contraction(form, own):
                return Standing.TOLD if texts[at - offset] in own.not_denying else Standing.DENIED
        at -= 1
        if texts[at - offset] not in own.carriers and not texts[at - offset].isdigit():
            return Standing.TOLD
    return Standing.TOLD


def _is_contraction(form: tuple[str, ...], own: _Words) -> bool:
    return own is _WORDS[Writing.ENGLISH] and len(form) == 1 and form[0].endswith(("n't", "n’t"))


def _is_question(words: Sequence[Word], found: Found) -> bool:
    """Tell whether the clause is *có … không?* around the phrase."""
    start, end = found.first, found.last
    while start > max(0, found.first - REACH) and not words[start].breaks:
        start -= 1
    while end + 1 < len(words) and not words[end + 1].breaks:
        end += 1
        if end - found.last > REACH:
            return False
    tail = [word.plain for word in words[found.last + 1 : end + 1]]
    while tail and tail[-1] in _AFTER_QUESTION:
        tail.pop()
    asked = any(word.plain in _BEFORE_QUESTION for word in words[start : found.last + 1])
    return asked and bool(tail) and tail[-1] in _AT_END
