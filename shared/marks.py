"""Keyed hashes of who a colleague is, so that whoever is alleged is found among colleagues without telling names.

notify makes them of what it knows of a colleague, intake of what a report says of whoever is alleged. Both fold alike:
names and institutions without case, marks and punctuation, phones as E.164. Each kind of hash has a purpose of its own,
so that a given name never meets a full one.
"""

from __future__ import annotations

from enum import StrEnum

from shared import phones, places
from shared.crypto import Keys


class MarkKind(StrEnum):
    """What a mark is the hash of; the purpose of the keyed hash."""

    FULL_NAME = "colleague.full_name"
    GIVEN_NAME = "colleague.given_name"
    PHONE = "colleague.phone"
    INSTITUTION = "colleague.institution"


def mark(keys: Keys, kind: MarkKind, folded: str) -> str:
    """Return the mark of a text that is folded already, in hex."""
    return keys.digest(folded, kind.value).hex()


def name_marks(keys: Keys, name: str) -> tuple[str, ...]:
    """Return the marks of a colleague's name: of the whole, and of the given name, which stands last."""
    syllables = places.fold(name).split()
    if not syllables:
        return ()
    return (mark(keys, MarkKind.FULL_NAME, " ".join(syllables)), mark(keys, MarkKind.GIVEN_NAME, syllables[-1]))


def phone_marks(keys: Keys, phone: str) -> tuple[str, ...]:
    """Return the mark of a number, however it is written; none of what is no number."""
    number = phones.normalise(phone)
    return () if number is None else (mark(keys, MarkKind.PHONE, number),)


def institution_mark(keys: Keys, name: str) -> str:
    """Return the mark of an institution's name."""
    return mark(keys, MarkKind.INSTITUTION, places.fold(name))
