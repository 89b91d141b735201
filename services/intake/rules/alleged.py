"""What a report says of whoever is alleged, cut into the texts that a colleague could be recognised by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.intake.rules.conflict import COLLEAGUES_BY_ROLE, Mention
from services.intake.rules.report import Alleged, Report
from shared.contracts.vocabulary import AllegedRole

MOST_SYLLABLES = 2_000
"""Of one report; a text that is longer is read up to here, so that no report holds up the others."""
NAME_SYLLABLES = range(2, 7)
"""Of a full name: family, middle and given names."""
INSTITUTION_SYLLABLES = range(2, 15)
PARTIAL_NAME = 2
"""A name of at most so many syllables, titles apart, may be a given name alone (*anh Lực*) or nearly."""

_FAMILY_ROLES = frozenset({AllegedRole.CAREGIVER, AllegedRole.HOUSEHOLD, AllegedRole.RELATIVE})
_TITLES = (
    "anh|chi|ong|ba|co|chu|bac|thay|em|cau|di|mo|thim|cu|me|bo|cha|chau",
    "thay giao|co giao|giao vien|hieu truong|hieu pho|cong an|truong cong an|pho cong an|can bo|dong chi|chu tich",
    "pho chu tich|bi thu|bac si|y si|dieu duong|bao ve|truong thon|truong tram|dai uy|thieu ta|trung ta|thuong ta",
    "thuong uy|trung uy|thieu uy|cha duong|me ke|bo duong",
)
_PHRASES = sorted((tuple(title.split()) for line in _TITLES for title in line.split("|")), key=len, reverse=True)
"""Titles and words of kinship, folded, that people put before a name; the longest first."""
_SHORT = {"p": "phuong", "x": "xa", "ca": "cong an"}
_NUMBER = re.compile(r"\+?\d[\d\s().\-]{6,}\d")
_ENDS_A_NAME = re.compile(r"[,;:(/\n–—]| - ")


def mentions(report: Report) -> tuple[Mention, ...]:
    """Return everybody alleged of whom anything is said, and the family where somebody of it is alleged."""
    alleged = [Mention(person.role, person.name, tuple(_texts(person))) for person in report.alleged]
    family: list[Mention] = []
    if any(person.role in _FAMILY_ROLES for person in report.alleged):
        named = (report.family.father, report.family.mother)
        family = [
            Mention(AllegedRole.RELATIVE, one.name, tuple(_strings(one.model_dump())), family=True) for one in named
        ]
        carer = report.family.carer
        family.append(Mention(AllegedRole.RELATIVE, carer, (carer,), family=True))
    return tuple(dict.fromkeys(one for one in (*alleged, *family) if any(text.strip() for text in one.texts)))


def _texts(person: Alleged) -> Iterator[str]:
    """Give every text of an entry, those included that the format does not know: a phone, relatives."""
    yield from _strings({name: value for name, value in person.model_dump().items() if name != "role"})


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str() if value.strip():
            yield value
        case bool():
            return
        case int():
            yield str(value)
        case dict():
            for inner in value.values():
                yield from _strings(inner)
        case list() | tuple():
            for inner in value:
                yield from _strings(inner)
        case _:
            return


def numbers(text: str) -> tuple[str, ...]:
    """Return what in a text may be a phone number."""
    return (text, *_NUMBER.findall(text))


def windows(syllables: Sequence[str], lengths: range) -> Iterator[str]:
    """Give every run of syllables of these lengths: whatever stands before or after a name, it is among them."""
    for start in range(len(syllables)):
        for length in lengths:
            if start + length > len(syllables):
                break
            yield " ".join(syllables[start : start + length])


def spelt_out(syllables: Sequence[str]) -> list[str]:
    """Write what people shorten in full: *CA p. Võ Cường* is *công an phường Võ Cường*."""
    return " ".join(_SHORT.get(syllable, syllable) for syllable in syllables).split()


def name_part(name: str) -> str:
    """Return a name without what is said after it: *Lực (công an)* is *Lực*."""
    return _ENDS_A_NAME.split(name.strip(), maxsplit=1)[0]


def given_name(role: AllegedRole, folded: str) -> str | None:
    """Return the given name by which to look for colleagues of the place, null when the name is a full one.

    `folded` is what `name_part` gave, folded. A full name that is nobody's is somebody else's, except where the role
    says that a colleague is meant: then a family name may have been heard wrong.
    """
    syllables = _without_titles(tuple(folded.split()))
    if not syllables or (len(syllables) > PARTIAL_NAME and role not in COLLEAGUES_BY_ROLE):
        return None
    return syllables[-1]


def _without_titles(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """Take titles from the front; a word of kinship that stands alone is left, since it may be a name."""
    while True:
        title = next((phrase for phrase in _PHRASES if syllables[: len(phrase)] == phrase), None)
        if title is None or (len(title) == 1 and len(syllables) == 1):
            return syllables
        syllables = syllables[len(title) :]


def unplaced(institution: Sequence[str], communes: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give what an institution may be called in full where a text leaves the commune out: *công an phường*."""
    for text in windows(institution, range(1, 6)):
        for commune in communes:
            yield f"{text} {' '.join(commune)}"
