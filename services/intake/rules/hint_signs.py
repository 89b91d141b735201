"""Phrases found in a narrative, weighed against each other before they become hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.intake.rules.hint_denial import Standing
from services.intake.rules.hint_rule import Rule
from shared.contracts.vocabulary import Concern

_DONE_TO_SOMEBODY: Final = frozenset(Concern) - {Concern.SELF_HARM, Concern.ABANDONMENT, Concern.CHILD_MARRIAGE}
"""Concerns beside which a moment is the moment of a harm; *tonight* beside a wish to die is not."""
_MAY_BE_THE_ELDERS: Final[frozenset[str]] = frozenset(
    {Concern.PHYSICAL, Concern.NEGLECT, Concern.EMOTIONAL, "unmet_basic_needs"}
)
"""What is told of somebody in the sentence of an old person may be told of the old person and not of a child."""
_LONGEST: Final = 24
"""Words that a phrase may be long: how far back another may begin that holds it."""


@dataclass(frozen=True)
class Sign:
    """A phrase of a rule in the text, at words `first` to `last`; `value` empty when it can only ask."""

    target: str
    value: str
    rule: Rule
    first: int
    last: int
    sentence: int
    standing: Standing

    def open(self) -> Sign:
        """Return the sign as one that only asks."""
        return replace(self, value="")


class _Spans:
    """Stretches of words, asked in bounded work whether one of them holds another."""

    def __init__(self, signs: Iterable[Sign]) -> None:
        self._last: dict[int, int] = {}
        for sign in signs:
            self._last[sign.first] = max(sign.last, self._last.get(sign.first, -1))

    def hold(self, sign: Sign) -> bool:
        starts = range(max(0, sign.first - _LONGEST), sign.first + 1)
        return any(self._last.get(start, -1) >= sign.last for start in starts)


def weighed(signs: Sequence[Sign]) -> Iterator[Sign]:
    """Give the signs that stay, each as sure as the others leave it. What a denied phrase holds is denied with it."""
    denied = _Spans(sign for sign in signs if sign.standing is Standing.DENIED)
    stay = [sign for sign in signs if not denied.hold(sign)]
    over = {(sign.target, sign.sentence) for sign in stay if sign.standing is Standing.OVER}
    elders = [sign for sign in stay if sign.target == Concern.ELDER_ABUSE]
    elders_spans, elders_sentences = _Spans(elders), {sign.sentence for sign in elders}
    adults_spans = _Spans(sign for sign in stay if sign.target == Concern.DOMESTIC_VIOLENCE_ADULT)
    beside = _Beside(stay)
    for sign in stay:
        near = beside.weigh(sign)
        elders_own = sign.target in _MAY_BE_THE_ELDERS
        adults_own = sign.target == Concern.PHYSICAL and adults_spans.hold(sign)
        if near is None or adults_own or (elders_own and elders_spans.hold(sign)):
            continue
        unsure = (elders_own and sign.sentence in elders_sentences) or (sign.target, sign.sentence) in over
        yield near.open() if unsure else near


class _Beside:
    """Which concerns are told, or at least asked, in which sentences."""

    def __init__(self, signs: Iterable[Sign]) -> None:
        self._asked: set[tuple[str, int]] = set()
        self._told: set[tuple[str, int]] = set()
        for sign in signs:
            names = (sign.target, "any") if sign.target in _DONE_TO_SOMEBODY else (sign.target,)
            places = {(name, sign.sentence) for name in names}
            self._asked |= places
            self._told |= places if sign.value else set()

    def weigh(self, sign: Sign) -> Sign | None:
        """Return a sign that needs another as sure as that other is, in its own sentence or the next; null without."""
        if not sign.rule.near:
            return sign
        around = {(sign.rule.near, sign.sentence + step) for step in (-1, 0, 1)}
        if not around & self._asked:
            return None
        return sign if around & self._told else sign.open()
