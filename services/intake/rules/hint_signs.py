"""Phrases found in a narrative, weighed against each other before they become hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.intake.rules.hint_rule import Rule
from shared.contracts.vocabulary import Concern

_DONE_TO_SOMEBODY: Final = frozenset(Concern) - {Concern.SELF_HARM, Concern.ABANDONMENT, Concern.CHILD_MARRIAGE}
"""Concerns beside which a moment is the moment of a harm; *tonight* beside a wish to die is not."""
_MAY_BE_THE_ELDERS: Final = frozenset(
    {Concern.PHYSICAL.value, Concern.NEGLECT.value, Concern.EMOTIONAL.value, "unmet_basic_needs"}
)
"""What is told of somebody in the sentence of an old person may be told of the old person and not of a child."""


@dataclass(frozen=True)
class Sign:
    """A phrase of a rule in the text; `value` empty when it can only ask."""

    target: str
    value: str
    rule: Rule
    first: int
    last: int
    sentence: int
    over: bool = False

    def open(self) -> Sign:
        """Return the sign as one that only asks."""
        return replace(self, value="")


def weighed(signs: Sequence[Sign]) -> Iterator[Sign]:
    """Give the signs that stay, each as sure as the others leave it."""
    over = {(sign.target, sign.sentence) for sign in signs if sign.over}
    elders = [sign for sign in signs if sign.target == Concern.ELDER_ABUSE.value]
    for sign in signs:
        near = _near(sign, signs)
        if near is None or _is_an_elders(sign, elders):
            continue
        shared = sign.target in _MAY_BE_THE_ELDERS and any(other.sentence == sign.sentence for other in elders)
        yield near.open() if shared or (sign.target, sign.sentence) in over else near


def _near(sign: Sign, signs: Iterable[Sign]) -> Sign | None:
    """Return a sign that needs another as sure as that other is, in its own sentence or the next; null without one."""
    near = sign.rule.near
    if not near:
        return sign
    wanted = _DONE_TO_SOMEBODY if near == "any" else frozenset({near})
    others = [other for other in signs if other.target in wanted and abs(other.sentence - sign.sentence) <= 1]
    if not others:
        return None
    return sign if any(other.value for other in others) else sign.open()


def _is_an_elders(sign: Sign, elders: Iterable[Sign]) -> bool:
    return sign.target in _MAY_BE_THE_ELDERS and any(
        elder.first <= sign.first and sign.last <= elder.last for elder in elders
    )
