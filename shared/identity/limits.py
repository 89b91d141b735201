"""How often an API key may ask: at most so many requests a minute and a day, whatever their order.

Windows are fixed: a minute of the clock, and a day in Việt Nam. A request that was refused uses nothing up. What
arrives with an earlier time than was seen counts in the newer window, so clocks that differ never widen a limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from shared.clock import VIETNAM

DEFAULT_PER_MINUTE: Final = 300
DEFAULT_PER_DAY: Final = 20_000
"""Of a new key: far above what a hotline takes, low enough that a program gone wrong is stopped within a minute."""
LARGEST: Final = 1_000_000
"""The greatest limit that may be set."""
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Limits:
    """Requests that a key may make; None: as many as it likes."""

    per_minute: int | None = DEFAULT_PER_MINUTE
    per_day: int | None = DEFAULT_PER_DAY

    @property
    def none(self) -> bool:
        """Whether nothing is limited."""
        return self.per_minute is None and self.per_day is None


DEFAULT: Final = Limits()


@dataclass(frozen=True)
class Use:
    """Requests let through in the newest windows that were seen. `minute` and `day` are their beginnings."""

    minute: datetime
    in_minute: int
    day: datetime
    in_day: int


@dataclass(frozen=True)
class Granted:
    """The request may go on."""


@dataclass(frozen=True)
class OverLimit:
    """The request may not go on before `again_at`; `limit` requests a `window` ("minute" or "day") are used up."""

    window: str
    limit: int
    again_at: datetime

    def retry_after(self, now: datetime) -> int:
        """Return whole seconds from `now` until it is worth asking again, at least one."""
        return max(1, ceil((self.again_at - now).total_seconds()))


Verdict = Granted | OverLimit


def minute_of(moment: datetime) -> datetime:
    """Return the beginning of the minute."""
    return moment.replace(second=0, microsecond=0)


def day_of(moment: datetime) -> datetime:
    """Return the beginning of the day in Việt Nam."""
    return moment.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def ask(use: Use | None, limits: Limits, now: datetime) -> tuple[Use, Verdict]:
    """Count a request at `now` (aware), or refuse it; `use` is None when the key was never used."""
    seen = moved_on(use, now)
    refusal = over_limit(seen, limits)
    if refusal is not None:
        return seen, refusal
    return Use(seen.minute, seen.in_minute + 1, seen.day, seen.in_day + 1), Granted()


def moved_on(use: Use | None, now: datetime) -> Use:
    """Return the use in the windows of `now`, or in those seen before where they are newer."""
    minute, day = minute_of(now), day_of(now)
    if use is None:
        return Use(minute, 0, day, 0)
    same_minute, same_day = minute <= use.minute, day <= use.day
    return Use(
        max(minute, use.minute), use.in_minute if same_minute else 0, max(day, use.day), use.in_day if same_day else 0
    )


def over_limit(use: Use, limits: Limits) -> OverLimit | None:
    """Say which limit leaves no room for one request more; the day's before the minute's, for it lasts longer."""
    if limits.per_day is not None and use.in_day >= limits.per_day:
        return OverLimit("day", limits.per_day, use.day + _DAY)
    if limits.per_minute is not None and use.in_minute >= limits.per_minute:
        return OverLimit("minute", limits.per_minute, use.minute + _MINUTE)
    return None
