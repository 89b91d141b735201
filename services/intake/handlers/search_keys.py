"""By what a report is found again by people: keyed hashes, so that nobody reads a name or a number out of them.

Each syllable of a name has a hash of its own, so that *Ánh Đào* finds *Nguyễn Thị Ánh Đào*. Without the index key no
syllable can be tried out. What the table still shows to somebody who has it alone is how frequent a hash is and which
stand together: the most frequent are likely those of *nguyen* and *thi*, and from there common names can be guessed at.
The key does not prevent that; it keeps rare syllables, full names and phones, which are no more frequent than others.
They have another purpose than the hashes that suggest repeats, so the two never meet.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.intake.handlers.match_keys import numbers_of
from services.intake.rules.people import people
from services.intake.rules.report import TEXT_LIMIT, Report
from services.intake.rules.spoken_names import name_part
from shared.crypto import Keys
from shared.places import fold

PURPOSE = "intake.search"
"""Separates these keyed hashes from others; what kind of text it is follows."""

MOST_OF_A_PERSON = 40
"""Syllables kept of one person; a field takes descriptions too, and one that is longer is kept up to here."""

MOST_PEOPLE = 200
"""People of one report who are found by their names: no list, however long, holds up a report."""

THE_REPORT = 0
"""Stands in the place of a person for phones: whose they are does not matter."""


def syllable_keys(keys: Keys, syllables: Iterable[str]) -> frozenset[bytes]:
    """Return the hashes of folded syllables."""
    return frozenset(keys.digest(syllable, f"{PURPOSE}.syllable") for syllable in syllables)


def full_name_key(keys: Keys, folded: str) -> bytes:
    """Return the hash of a folded name."""
    return keys.digest(folded, f"{PURPOSE}.full_name")


def phone_key(keys: Keys, number: str) -> bytes:
    """Return the hash of a number in E.164."""
    return keys.digest(number, f"{PURPOSE}.phone")


def search_keys(report: Report, keys: Keys) -> dict[int, frozenset[bytes]]:
    """Return the hashes by which a report is found: of each person, counted from 1, and of the report itself."""
    named = people(report)[:MOST_PEOPLE]
    found = {number: _of_a_person(names, keys) for number, names in enumerate(named, start=1)}
    found[THE_REPORT] = frozenset(phone_key(keys, number) for number in numbers_of(report))
    return {person: digests for person, digests in found.items() if digests}


def _of_a_person(names: Iterable[str], keys: Keys) -> frozenset[bytes]:
    names = tuple(name[:TEXT_LIMIT] for name in names)
    syllables = " ".join(map(fold, names)).split()[:MOST_OF_A_PERSON]
    whole = {folded for name in names if (folded := fold(name_part(name)))}
    return syllable_keys(keys, syllables) | {full_name_key(keys, folded) for folded in whole}
