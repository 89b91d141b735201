"""The clock, injected everywhere so that tests and demonstrations can move it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""UTC+7, no daylight saving; used for wording only, never for due-times."""


class Clock(Protocol):
    """Tells the present moment, aware and in UTC."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...

    def real_seconds(self, span: timedelta) -> float:
        """Return how many real seconds pass while this clock advances by `span`."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)

    def real_seconds(self, span: timedelta) -> float:
        """Return `span` in seconds."""
        return span.total_seconds()


@dataclass(frozen=True)
class FastClock:
    """Runs `speed` times as fast as real time since `anchor`; for demonstrations and checks.

    now = anchor + (real now − anchor) × speed, so restarts and sibling processes agree.
    """

    anchor: datetime
    speed: float

    def now(self) -> datetime:
        """Return the present moment of this clock in UTC."""
        return self.anchor + (datetime.now(UTC) - self.anchor) * self.speed

    def real_seconds(self, span: timedelta) -> float:
        """Return how many real seconds pass while this clock advances by `span`."""
        return span.total_seconds() / self.speed


class MovedClock:
    """Stands still until moved; for tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the moment it was last moved to."""
        return self._now

    def real_seconds(self, span: timedelta) -> float:
        """Return 0: a moved clock does not pass by waiting."""
        return 0.0 * span.total_seconds()

    def advance(self, span: timedelta) -> None:
        """Move forward by `span`."""
        self._now += span


def vietnam_time(moment: datetime) -> str:
    """Write a moment as messages do, `14:20 28/11`, in Vietnam's time."""
    return moment.astimezone(VIETNAM).strftime("%H:%M %d/%m")
