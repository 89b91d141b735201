"""Administrative units of Việt Nam: today's by code, while typing and from text, and what those of before became.

A unit is a code with the days on which it meant this name: districts ended and codes took on other meanings on 1/7/2025,
when 24 came to mean Bắc Ninh instead of Bắc Giang. A successor is known by name within the same province, or by an import
(`heedline places import`), otherwise not at all.
"""

from shared.places.folding import fold
from shared.places.past import last_name, past, successor
from shared.places.register import use
from shared.places.resolve import Ambiguous, Resolution, Resolved, Unknown, candidates, resolve
from shared.places.search import search
from shared.places.today import bac_ninh, by_code
from shared.places.units import BAC_NINH, TEST_UNIT, Kind, Level, Record, Unit


def warm_up() -> None:
    """Read every unit now, so that nobody waits for it later."""
    past()


__all__ = [
    "BAC_NINH",
    "TEST_UNIT",
    "Ambiguous",
    "Kind",
    "Level",
    "Record",
    "Resolution",
    "Resolved",
    "Unit",
    "Unknown",
    "bac_ninh",
    "by_code",
    "candidates",
    "fold",
    "last_name",
    "resolve",
    "search",
    "successor",
    "use",
    "warm_up",
]
