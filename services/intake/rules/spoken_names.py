"""How a child is called: from the full name to the given name, out of what was written into one field."""

from __future__ import annotations

import re

from services.intake.rules.repeats import Kind

LONGEST_NAME = 6
"""Syllables; more is a description."""

SHORT_NAME = 2
"""Syllables of middle and given name, by which people are told apart in a village."""

_TITLES = frozenset({"be", "chau", "em", "con", "gai", "trai", "tre", "nhoc", "ten", "la"})
"""Folded words before a name that are not part of it; `nam` is also a name and stays."""

_NOT_NAMES = frozenset(
    {"ro", "biet", "ten", "danh", "gai", "trai", "be", "chau", "em", "con", "tre", "nam", "nu", "unknown"}
)
"""Folded last words of what is no name: *không rõ*, *chưa biết*, *bé gái*, *ẩn danh*. A lone *Nam* is too often a sex."""

_AFTER_A_NAME = re.compile(r"[,;:(/\n]| - ")


def name_part(text: str) -> str:
    """Return what comes before the first comma or bracket: the field also takes features to recognise a child by."""
    return _AFTER_A_NAME.split(text, maxsplit=1)[0]


def called(folded: str) -> dict[Kind, str]:
    """Return the ways in which a folded name may be said; the family name alone is never one.

    `nguyen thi anh dao` gives the full name, `anh dao` and `dao`; `be na` gives `na`.
    """
    syllables = folded.split()
    while len(syllables) > 1 and syllables[0] in _TITLES:
        del syllables[0]
    if not syllables or len(syllables) > LONGEST_NAME or (syllables[-1] in _NOT_NAMES and _is_bare(syllables)):
        return {}
    ways = {Kind.GIVEN_NAME: syllables[-1]}
    if len(syllables) >= SHORT_NAME:
        ways[Kind.SHORT_NAME] = " ".join(syllables[-SHORT_NAME:])
    if len(syllables) > SHORT_NAME:
        ways[Kind.FULL_NAME] = " ".join(syllables)
    return ways


def _is_bare(syllables: list[str]) -> bool:
    """Tell whether nothing but such words is there: *không rõ*, not *Trần Hoài Nam*."""
    return len(syllables) == 1 or all(word in _NOT_NAMES | {"khong", "chua", "an"} for word in syllables)
