"""Which commune a place lies in: the code that was given, else what its text alone can mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from services.intake.rules.plausibility import Warn
from services.intake.rules.report import Location, Places


class Meaning(NamedTuple):
    """What a text can mean: `resolved` when it is one unit for certain, `possible` all it may be; unit codes."""

    resolved: int | None
    possible: frozenset[int]


def settle_places(
    places: Places, meaning: Callable[[str, date | None], Meaning], *, incident_date: date | None = None
) -> tuple[Places, tuple[Warn, ...]]:
    """Fill codes that only a text was given for; where code and text disagree the code counts, with a warning.

    Each place is settled from its own text alone. The incident's text is read with the names of `incident_date`, the
    others with today's.
    """
    warnings: list[Warn] = []
    settled = {}
    for name in Places.model_fields:
        location: Location = getattr(places, name)
        if not location.text:
            continue
        resolved, possible = meaning(location.text, incident_date if name == "incident" else None)
        if location.unit_code is None:
            settled[name] = location.model_copy(update={"unit_code": resolved})
        elif possible and location.unit_code not in possible:
            warnings.append(Warn.PLACE_CODE_AGAINST_TEXT)
    return places.model_copy(update=settled), tuple(dict.fromkeys(warnings))
