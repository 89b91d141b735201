"""What the words of a narrative hint at, for a person to decide.

A hint is a suggestion with the words that caused it. It never answers no, never calms, and changes nothing by itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from services.intake.rules.hint_denial import Standing, standing_of
from services.intake.rules.hint_phrases import Found
from services.intake.rules.hint_rule import Kind, Rule
from services.intake.rules.hint_signs import Sign, weighed
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


def hints(narrative: str) -> tuple[Hint, ...]:
    """Return what `narrative` hints at, a hint for each fact or concern; any text is allowed, in any Unicode form."""
    text = unicodedata.normalize("NFC", narrative)
    words = words_of(text)
    signs = [sign for found in _found(words) for sign in _signs(words, found)]
    told: dict[str, list[Sign]] = {}
    for sign in weighed(signs):
        told.setdefault(sign.target, []).append(sign)
    return tuple(_hint(text, words, target, told[target]) for target in TARGETS if target in told)


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


def _signs(words: Sequence[Word], found: Found) -> Iterator[Sign]:
    rule = found.payload
    if not isinstance(rule, Rule) or _means_else(words, found, rule):
        return
    standing = Standing.OVER if rule.over else standing_of(words, found)
    told = standing is Standing.TOLD and not found.only_asks
    for target in rule.targets:
        value = rule.value_of(target) if told else ""
        yield Sign(target, value, rule, found.first, found.last, words[found.first].sentence, standing)


def _means_else(words: Sequence[Word], found: Found, rule: Rule) -> bool:
    """Tell whether a word between the first and the last turns the phrase into something else."""
    if not rule.without:
        return False
    around = words[found.first : found.last + 1]
    if found.first > 0 and not words[found.first].breaks:
        around = (words[found.first - 1], *around)
    if found.last + 1 < len(words) and not words[found.last + 1].breaks:
        around = (*around, words[found.last + 1])
    inside = [word.key for word in around]
    return any(_holds(inside, without) for without in _without(rule.without))


@cache
def _without(expressions: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(key_of(word) for word in text.split("_")) for text in expressions.split())


def _holds(words: Sequence[str], wanted: tuple[str, ...]) -> bool:
    return any(tuple(words[at : at + len(wanted)]) == wanted for at in range(len(words) - len(wanted) + 1))


def _hint(text: str, words: Sequence[Word], target: str, signs: Sequence[Sign]) -> Hint:
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


def _quotes(text: str, words: Sequence[Word], signs: Iterable[Sign]) -> tuple[Quote, ...]:
    """Return the passages that caused a hint, in the order of the text; those that overlap are one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((words[sign.first].start, words[sign.last].end) for sign in signs):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(Quote(start, end, text[start:end]) for start, end in spans[:QUOTES])
