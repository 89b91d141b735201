"""How long a level gives: a span around the clock, or a number of working days."""

from __future__ import annotations

import re
from dataclasses import dataclass

HOUR = 60
DAY = 24 * HOUR
OFFICES_CLOSE_AT_MINUTE = 17 * HOUR
WORKING_WEEK = 5

_UNITS = {"min": 1, "h": HOUR, "d": DAY}
_WRITTEN = re.compile(r"(\d{1,6}) ?(min|h|d|wd)")


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time: `minutes` around the clock, or `working_days` that end at 17:00; exactly one is above 0."""

    minutes: int = 0
    working_days: int = 0

    @classmethod
    def read(cls, text: str) -> Term | None:
        """Read `10 min`, `4 h`, `7 d` or `3 wd` (working days); None for anything else, nothing at all included."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None or int(found[1]) == 0:
            return None
        amount, unit = int(found[1]), found[2]
        return cls(working_days=amount) if unit == "wd" else cls(minutes=amount * _UNITS[unit])

    def __str__(self) -> str:
        """Write it in the largest unit that fits without a remainder."""
        if self.working_days:
            return f"{self.working_days} wd"
        unit = next(unit for unit in ("d", "h", "min") if self.minutes % _UNITS[unit] == 0)
        # Under three days people think in hours: "24 h" rather than "1 d".
        if unit == "d" and self.minutes <= 3 * DAY:
            unit = "h"
        return f"{self.minutes // _UNITS[unit]} {unit}"

    @property
    def shortest(self) -> int:
        """The fewest minutes it can last: working days end at 17:00 and the receipt may be at midnight."""
        return (self.working_days - 1) * DAY + OFFICES_CLOSE_AT_MINUTE if self.working_days else self.minutes

    @property
    def longest(self) -> int:
        """The most minutes it can last, weekends counted and holidays not."""
        weekends = -(-self.working_days // WORKING_WEEK)
        days = self.working_days + 2 * weekends
        return days * DAY + OFFICES_CLOSE_AT_MINUTE if self.working_days else self.minutes

    def within(self, other: Term) -> bool:
        """Tell whether it never ends after `other`, holidays aside."""
        return self.shortest <= other.shortest and self.longest <= other.longest


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """What one level gives, from first receipt; null where it sets no deadline."""

    acknowledge: Term
    contact: Term
    visit: Term | None
    form02: Term | None


CLOCK_NAMES = ("acknowledge", "contact", "visit", "form02")
"""The clocks of a level, in the order they end."""
