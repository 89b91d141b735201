"""Phrases of the hint table, and a tree of them in which all that stand in a text are found in one pass.

A phrase is words in order. `(a|b c)` is a choice, `(a|b)?` may be left out, `<name>` is a group of words, `..` stands
for up to four words of the same clause, `#` for a small number, `##` for any number, `#13` for one below 13.
`~` in a phrase means that it only asks when written without marks; `!` before it, that it is not read then at all, `=` that it is read only then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from services.intake.rules.hint_text import Word, Writing, is_syllable, key_of, plain_of

GAP: Final = ".."
LONGEST_GAP: Final = 4
"""Words."""
BELOW: Final = (6, 13, 16, 31)
"""Limits that `#13` and its like may name; `#` alone is `#31`."""

_AMOUNTS: Final = {"#": "2", "##": "40", "#6": "3", "#13": "7", "#16": "9", "#31": "9"}
"""A number that each stands for."""
_PART: Final = re.compile(r"\([^()]*\)\??|[^\s()]+")
_NUMBERS: Final = {
    plain: value
    for value, names in enumerate(
        (
            ("một", "mot", "one", "a", "an"),
            ("hai", "two", "couple"),
            ("ba", "three"),
            ("bốn", "bon", "four"),
            ("năm", "nam", "five"),
            ("sáu", "sau", "six"),
            ("bảy", "bay", "seven"),
            ("tám", "tam", "eight"),
            ("chín", "chin", "nine"),
            ("mười", "muoi", "ten"),
            ("vài", "vai", "mấy", "may", "few", "several"),
        ),
        start=1,
    )
    for plain in map(key_of, names)
}


@dataclass(frozen=True)
class Found:
    """A phrase at words `first` to `last` (inclusive). `payload` is whatever it was put in with."""

    first: int
    last: int
    payload: object
    only_asks: bool


@dataclass(eq=False)
class _Node:
    """A place within phrases; `parts` are those that follow as they were written, so that phrases share beginnings."""

    next: dict[str, list[_Node]] = field(default_factory=dict)
    gap: _Node | None = None
    ends: list[tuple[object, bool]] = field(default_factory=list)
    parts: dict[str, _Node] = field(default_factory=dict)


class PhraseTree:
    """Phrases as read in one way of writing."""

    def __init__(self, writing: Writing, groups: Mapping[str, Sequence[str]]) -> None:
        self._plainly = writing is Writing.UNACCENTED
        self._writing = writing
        self._groups = groups
        self._root = _Node()

    def add(self, phrase: str, payload: object) -> None:
        """Put a phrase in, with and without what may be left out."""
        if phrase.startswith("!" if self._plainly else "="):
            return
        only_asks = self._plainly and "~" in phrase
        for parts in _variants(phrase.lstrip("!=").replace("~", "")):
            node = self._root
            for part in parts:
                node = self._after(node, part)
            if node is not self._root and (payload, only_asks) not in node.ends:
                node.ends.append((payload, only_asks))

    def find(self, words: Sequence[Word], start: int, masked: Sequence[bool]) -> Iterator[Found]:
        """Give every phrase that begins at `words[start]`; masked words belong to none.

        A single syllable without its marks can be several words, so it only asks.
        """
        pending: list[tuple[_Node, int]] = [(self._root, start)]
        seen: set[tuple[int, int]] = set()
        while pending:
            node, at = pending.pop()
            if (id(node), at) in seen:
                continue
            seen.add((id(node), at))
            for payload, asks in node.ends:
                alone = self._plainly and at - start == 1 and is_syllable(words[start].plain)
                yield Found(start, at - 1, payload, asks or alone)
            if at == len(words) or (at > start and words[at].breaks) or words[at].writing is not self._writing:
                continue
            if node.gap is not None:
                pending.extend((node.gap, place) for place in _behind_gap(words, at))
            if node.next and not masked[at]:
                pending.extend((further, at + 1) for key in self._keys(words[at]) for further in node.next.get(key, ()))

    def _keys(self, word: Word) -> tuple[str, ...]:
        return (word.plain if self._plainly else word.key, *_number_keys(word.key))

    def _after(self, node: _Node, part: str) -> _Node:
        """Return the place behind a part, making the ways to it the first time."""
        known = node.parts.get(part)
        if known is not None:
            return known
        node.parts[part] = target = _Node()
        if part == GAP:
            node.gap = target
            return target
        for choice in _choices(part, self._groups):
            self._lead(node, choice.split(), target)
        return target

    def _lead(self, node: _Node, choice: Sequence[str], target: _Node) -> None:
        *before, last = choice
        for word in before:
            node = self._after(node, word)
        if last == GAP:
            node.gap = target
            return
        ways = node.next.setdefault(plain_of(last) if self._plainly else key_of(last), [])
        if target not in ways:
            ways.append(target)


def spoken(phrase: str, groups: Mapping[str, Sequence[str]]) -> str:
    """Return one form of a phrase, as somebody may write it: the first of every choice, nothing in its gaps."""
    parts = _PART.findall(phrase.lstrip("!=").replace("~", ""))
    said = " ".join(next(iter(_choices(part.rstrip("?"), groups))) for part in parts if part != GAP)
    return " ".join(_AMOUNTS.get(word, word) for word in said.split() if word != GAP)


def _variants(phrase: str) -> Iterator[tuple[str, ...]]:
    """Give a phrase's parts with and without each that may be left out; a gap at an end says nothing."""
    parts = _PART.findall(phrase)
    ways = [(part[:-1], "") if part.endswith("?") else (part,) for part in parts]
    for chosen in product(*ways):
        kept = [part for part in chosen if part]
        while kept and kept[-1] == GAP:
            kept.pop()
        yield tuple(kept)


def _choices(part: str, groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Give the words, or sequences of words, that a part stands for."""
    for text in part.strip("()").split("|"):
        names = [groups[word[1:-1]] if word.startswith("<") else (word,) for word in text.split()]
        yield from (" ".join(chosen) for chosen in product(*names) if chosen)


def _behind_gap(words: Sequence[Word], at: int) -> Iterator[int]:
    """Give where a phrase may go on after a gap that begins at `at`: here, or up to four words further on."""
    for place in range(at, min(at + LONGEST_GAP + 1, len(words))):
        if place > at and words[place].breaks:
            return
        yield place


def _number_keys(key: str) -> Iterator[str]:
    value = int(key) if key.isdecimal() and len(key) <= 4 else _NUMBERS.get(key)  # noqa: PLR2004 - longer is no amount
    if value is None:
        return
    yield "##"
    if value < BELOW[-1]:
        yield "#"
    yield from (f"#{limit}" for limit in BELOW if value < limit)
