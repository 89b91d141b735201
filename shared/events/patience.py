"""How long a failed row is tried again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from faststream_outbox import ExponentialRetry

from shared.events.errors import FailedError, GivenBackError

OUTAGE_FIRST = 1.0
"""Seconds until the first new attempt while a dependency is away; then twice as long each time."""
JITTER = 0.4
"""Attempts are spread by ±20 %, so that rows which failed together do not come back together."""


@dataclass(frozen=True)
class Patience:
    """When a row is tried again, in seconds, and after how many failures it is a dead letter.

    An outage never makes a dead letter: it is tried again for as long as it lasts, at most `outage_longest`
    apart. Any other failure is a strike.
    """

    strikes: int
    first: float
    factor: float
    longest: float
    outage_longest: float

    def strategy(self) -> PatientRetry:
        """Return the retry strategy of a subscriber."""
        return PatientRetry(
            initial_delay_seconds=self.first,
            multiplier=self.factor,
            max_delay_seconds=self.longest,
            max_attempts=self.strikes,
            jitter_factor=JITTER,
            outage_longest=self.outage_longest,
        )


EVENT_PATIENCE = Patience(strikes=12, first=1.0, factor=2.2, longest=900.0, outage_longest=30.0)
"""Twelve attempts over about 47 minutes: longer than a release that brings the mend, shorter than a shift."""

TASK_PATIENCE = Patience(strikes=200, first=1.0, factor=2.0, longest=60.0, outage_longest=30.0)
"""Work of a service's own is a page to a human: tried for over three hours."""

FORWARD_PATIENCE = Patience(strikes=200, first=0.5, factor=2.0, longest=5.0, outage_longest=3.0)
"""The forwarder waits for the broker itself, so it may look again soon."""


@dataclass(kw_only=True)
class PatientRetry(ExponentialRetry):
    """Exponential backoff over strikes; outages and rows given back are no strikes."""

    outage_longest: float

    def get_next_attempt_delay(
        self,
        *,
        first_attempt_at: datetime,
        last_attempt_at: datetime,
        attempts_count: int,
        exception: BaseException | None = None,
    ) -> float | None:
        """Return the seconds until the next attempt, or None for the dead letters."""
        if isinstance(exception, GivenBackError):
            return 0.0
        if isinstance(exception, FailedError) and exception.outage:
            return self._outage_delay(exception.outages)
        return super().get_next_attempt_delay(
            first_attempt_at=first_attempt_at,
            last_attempt_at=last_attempt_at,
            attempts_count=exception.strikes if isinstance(exception, FailedError) else attempts_count,
            exception=exception,
        )

    def _outage_delay(self, outages: int) -> float:
        doubled = OUTAGE_FIRST * 2.0 ** min(outages - 1, 30)
        return min(doubled, self.outage_longest) * random.uniform(1 - JITTER / 2, 1 + JITTER / 2)  # noqa: S311 - spreads load, guards nothing
