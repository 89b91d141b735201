"""What the words of a narrative hint at, for a person to decide.

A hint is a suggestion with the words that caused it. It never answers no, never calms, and changes nothing by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.intake.rules.hint_denial import Standing, standing_of
from services.intake.rules.hint_phrases import Found
from services.intake.rules.hint_rule import Kind, Rule
from services.intake.rules.hint_table import MASKS, RULES
from services.intake.rules.hint_text import Word, key_of, words_of
from shared.contracts.facts import Facts
from shared.contracts.vocabulary import Concern

QUOTES: Final = 3
"""Passages shown with a hint."""
TARGETS: Final = (*Facts.model_fields, *(concern.value for concern in Concern))
"""In the order in which hints are given."""


@dataclass(frozen=True)
class Quote:
    """Words of the narrative in NFC: `text` is its characters from `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Hint:
    """What a narrative suggests or asks about a fact or concern (`target`, its name in the report format).

    `value` is the suggested answer (yes, plan, thoughts, within_30_days), empty when the hint only asks. `rules` are
    the ids of the rows of the table that found it.
    """

    target: str
    kind: Kind
    value: str
    quotes: tuple[Quote, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class _Sign:
    """A phrase of a rule in the text; `value` empty when it can only ask."""

    target: str
    value: str
    rule: Rule
    first: int
    last: int
    sentence: int


def hints(narrative: str) -> tuple[Hint, ...]:
    """Return what `narrative` hints at, a hint for each fact or concern; any text is allowed, in any Unicode form."""
    text = unicodedata.normalize("NFC", narrative)
    words = words_of(text)
    signs = [sign for found in _found(words) for sign in _signs(words, found)]
    kept = [sign for sign in signs if _is_near(sign, signs)]
    by_target: dict[str, list[_Sign]] = {}
    for sign in kept:
        by_target.setdefault(sign.target, []).append(sign)
    return tuple(_hint(text, words, target, by_target[target]) for target in TARGETS if target in by_target)


def _found(words: Sequence[Word]) -> Iterator[Found]:
    masked = _masked(words)
    for start, word in enumerate(words):
        if not masked[start]:
            yield from RULES[word.writing].find(words, start, masked)


def _masked(words: Sequence[Word]) -> list[bool]:
    """Tell of each word whether it belongs to an expression that is harmless as a whole."""
    masked = [False] * len(words)
    nothing = [False] * len(words)
    for start, word in enumerate(words):
        for found in MASKS[word.writing].find(words, start, nothing):
            masked[start : found.last + 1] = [True] * (found.last + 1 - start)
    return masked


def _signs(words: Sequence[Word], found: Found) -> Iterator[_Sign]:
    rule = found.payload
    if not isinstance(rule, Rule) or _means_else(words, found, rule):
        return
    standing = standing_of(words, found)
    if standing is Standing.DENIED:
        return
    value = "" if standing is Standing.OPEN or found.only_asks else rule.value
    for target in rule.targets:
        yield _Sign(target, value, rule, found.first, found.last, words[found.first].sentence)


def _means_else(words: Sequence[Word], found: Found, rule: Rule) -> bool:
    """Tell whether a word between the first and the last turns the phrase into something else."""
    inside = [word.key for word in words[max(found.first - 1, 0) : found.last + 2]]
    return any(_holds(inside, without) for without in _without(rule))


def _without(rule: Rule) -> Iterable[tuple[str, ...]]:
    return (tuple(key_of(word) for word in text.split("_")) for text in rule.without.split())


def _holds(words: Sequence[str], wanted: tuple[str, ...]) -> bool:
    return any(tuple(words[at : at + len(wanted)]) == wanted for at in range(len(words) - len(wanted) + 1))


def _is_near(sign: _Sign, signs: Sequence[_Sign]) -> bool:
    """Tell whether a sign that needs another has it in its own sentence or the next to it."""
    near = sign.rule.near
    if not near:
        return True
    wanted = _CONCERNS if near == "any" else frozenset({near})
    return any(other.target in wanted and abs(other.sentence - sign.sentence) <= 1 for other in signs)


_CONCERNS: Final = frozenset(concern.value for concern in Concern)


def _hint(text: str, words: Sequence[Word], target: str, signs: Sequence[_Sign]) -> Hint:
    values = [sign.value for sign in signs if sign.value]
    value = "" if not values else "plan" if "plan" in values else values[0]
    deciding = [sign for sign in signs if sign.value == value]
    return Hint(
        target=target,
        kind=Kind.SUGGESTS if value else Kind.ASKS,
        value=value,
        quotes=_quotes(text, words, deciding),
        rules=tuple(dict.fromkeys(sign.rule.id for sign in deciding)),
    )


def _quotes(text: str, words: Sequence[Word], signs: Iterable[_Sign]) -> tuple[Quote, ...]:
    """Return the passages that caused a hint, in the order of the text; those that overlap are one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((words[sign.first].start, words[sign.last].end) for sign in signs):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(Quote(start, end, text[start:end]) for start, end in spans[:QUOTES])


def by_target(found: Iterable[Hint]) -> Mapping[str, Hint]:
    """Return hints by the name of what they are about."""
    return {hint.target: hint for hint in found}
