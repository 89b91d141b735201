"""What of a report can be found again in another: keyed hashes, so that nobody reads a name or a number out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.rules.codes import codes_in
from services.intake.rules.repeats import Ages, Kind
from services.intake.rules.report import Report
from services.intake.rules.spoken_names import called, name_part
from shared import phones
from shared.crypto import Keys
from shared.places import fold

PURPOSE = "intake.match"
"""Separates these keyed hashes from others; the kind follows, so that a name is never taken for an address."""

LEAST_ADDRESS = 2
"""Syllables of an address that can be the same by more than chance."""

_SEVERAL = (",", ";", "/", "\n")

MatchKey = tuple[Kind, bytes]


@dataclass(frozen=True)
class Sought:
    """What to look for: hashes by kind, the case codes that the report names, and the age at its receipt."""

    keys: frozenset[MatchKey]
    codes: frozenset[str]
    ages: Ages

    @property
    def anything(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.keys or self.codes)


def sought(report: Report, received_at: datetime, keys: Keys) -> Sought:
    """Return what finds the repeats of a report. `received_at`: first receipt, in UTC."""
    plain = {*_phones(report), *_names(report), *_addresses(report)}
    return Sought(
        keys=frozenset((kind, keys.digest(value, f"{PURPOSE}.{kind}")) for kind, value in plain),
        codes=codes_in("\n".join(_texts(report.model_dump(mode="json", exclude_defaults=True)))),
        ages=ages_of(report, received_at),
    )


def ages_of(report: Report, received_at: datetime) -> Ages:
    """Return the subject's age as it was at receipt."""
    return Ages(report.subject.age_min, report.subject.age_max, received_at)


def numbers_of(report: Report) -> Iterator[str]:
    """Give every number of reporter, family and alleged, also in fields that only the sender's format has."""
    people = (report.reporter, report.subject, report.family, *report.alleged)
    for person in people:
        for text in _phone_texts(person.model_dump(mode="json", exclude_defaults=True)):
            for part in _parts(text):
                if number := phones.normalise(part):
                    yield number


def _phones(report: Report) -> Iterator[tuple[Kind, str]]:
    return ((Kind.PHONE, number) for number in numbers_of(report))


def _phone_texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                if "phone" in name.lower():
                    yield from _texts(inner)
                else:
                    yield from _phone_texts(inner)
        case list():
            for inner in value:
                yield from _phone_texts(inner)
        case _:
            return


def _parts(text: str) -> Iterable[str]:
    for separator in _SEVERAL[1:]:
        text = text.replace(separator, _SEVERAL[0])
    return text.split(_SEVERAL[0])


def _names(report: Report) -> Iterator[tuple[Kind, str]]:
    for kind, name in called(fold(name_part(report.subject.name))).items():
        for unit in _units(report):
            yield kind, f"{name}\0{unit}"


def _addresses(report: Report) -> Iterator[tuple[Kind, str]]:
    for place in (report.place.incident, report.place.residence, report.place.current):
        address = fold(place.detail)
        if place.unit_code is not None and len(address.split()) >= LEAST_ADDRESS:
            yield Kind.ADDRESS, f"{address}\0{place.unit_code}"


def _units(report: Report) -> set[int]:
    places = (report.place.incident, report.place.residence, report.place.current)
    return {place.unit_code for place in places if place.unit_code is not None}


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case int() if not isinstance(value, bool):
            yield str(value)
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            return
