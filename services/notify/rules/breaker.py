"""When a gateway is left alone for a while, so that a page does not wait for one that does not answer.

Closed: it is used. Open, after some failures in a short time: others are used first. Half-open, after a pause: one
message tries it; its outcome closes or opens it again. Moments are seconds of any steady clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

FAILURES = 3
"""Failures within the window that open it."""
WINDOW = 30.0
PAUSE = 30.0
"""Seconds for which an open one is left alone."""
PROBE = 15.0
"""Seconds after which a try whose outcome never came, since its worker died, no longer holds others back."""


@dataclass(frozen=True)
class Breaker:
    """The state of one gateway: recent failures, since when it is open, and when a try began while half-open."""

    failures: tuple[float, ...] = ()
    opened_at: float | None = None
    probing_at: float | None = None

    def ready(self, now: float) -> bool:
        """Tell whether a message may go this way now."""
        if self.opened_at is None:
            return True
        if now - self.opened_at < PAUSE:
            return False
        return self.probing_at is None or now - self.probing_at >= PROBE

    def using(self, now: float) -> Breaker:
        """Return the state once a message goes this way."""
        return self if self.opened_at is None else replace(self, probing_at=now)

    def succeeded(self) -> Breaker:
        """Return the state after the gateway has answered, whatever it said of the message."""
        return Breaker()

    def failed(self, now: float) -> Breaker:
        """Return the state after the gateway could not take a message."""
        if self.opened_at is not None:
            return Breaker(opened_at=now)
        recent = (*(one for one in self.failures if now - one < WINDOW), now)
        return Breaker(opened_at=now) if len(recent) >= FAILURES else Breaker(recent)
