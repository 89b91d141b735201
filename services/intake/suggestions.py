"""Hints as the operator's pages show them: the question, the words that caused them, and what a person may choose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.intake.rules.hint_rule import Kind
from services.intake.rules.hints import Hint, hints
from shared.contracts.facts import Facts
from shared.contracts.vocabulary import Answer, Concern
from shared.web import words

CONCERNS_FIELD: Final = "concerns"


@dataclass(frozen=True)
class Suggestion:
    """A hint for a field of the form. `value` is the answer to take over, empty when the question is only to be asked.

    `anchor` is the id of the field on the page; `quotes` are passages of the narrative, personal as it is.
    """

    field: str
    anchor: str
    value: str
    label: str
    quotes: tuple[str, ...]


def suggestions(narrative: str, values: Mapping[str, Sequence[str]], locale: str) -> tuple[Suggestion, ...]:
    """Return what a narrative suggests for fields that `values` leave open: first what it tells, then what to ask."""
    found = (_suggestion(hint, locale) for hint in hints(narrative) if not _is_answered(hint, values))
    return tuple(sorted(found, key=lambda suggestion: not suggestion.value))


def questions_left(document: Mapping[str, Any], locale: str) -> tuple[str, ...]:
    """Return the questions that a stored report leaves unknown and its narrative raises; nothing of the narrative."""
    facts: Mapping[str, Any] = document.get("facts", {})
    open_facts = {name for name in Facts.model_fields if facts.get(name) in _UNKNOWN}
    found = (hint.target for hint in hints(document.get("narrative", "")))
    return tuple(words.FACTS[name].text(locale) for name in found if name in open_facts)


def concern_anchor(concern: Concern) -> str:
    """Return the id of a concern's box; the first box bears the name of the field, where messages link to."""
    first = next(iter(Concern))
    return CONCERNS_FIELD if concern is first else f"{CONCERNS_FIELD}.{concern.value}"


_UNKNOWN: Final[Collection[object]] = (None, Answer.UNKNOWN)


def _suggestion(hint: Hint, locale: str) -> Suggestion:
    value = hint.value if hint.kind is Kind.SUGGESTS else ""
    quotes = tuple(quote.text for quote in hint.quotes)
    if hint.target in Facts.model_fields:
        field = f"facts.{hint.target}"
        return Suggestion(field, field, value, words.FACTS[hint.target].text(locale), quotes)
    label = words.CONCERNS[Concern(hint.target)].text(locale)
    chosen = hint.target if value else ""
    return Suggestion(CONCERNS_FIELD, concern_anchor(Concern(hint.target)), chosen, label, quotes)


def _is_answered(hint: Hint, values: Mapping[str, Sequence[str]]) -> bool:
    if hint.target in Facts.model_fields:
        return bool(values.get(f"facts.{hint.target}"))
    return hint.target in values.get(CONCERNS_FIELD, ())
