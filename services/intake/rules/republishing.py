"""How long a report may wait for its assessment before it is told again, in real time."""

from __future__ import annotations

from datetime import timedelta

FIRST_WAIT = timedelta(seconds=20)
"""An assessment normally comes back within a second."""

LONGEST_WAIT = timedelta(minutes=10)

ACCOUNTED_WITHIN = timedelta(minutes=2)
"""A report whose alert has not come back for longer than this breaks the accounting of the ledger."""

_DOUBLINGS = 10


def wait_after(attempts: int) -> timedelta:
    """Return the wait after a report was told `attempts` times: doubling, up to ten minutes."""
    return min(FIRST_WAIT * float(2 ** min(attempts - 1, _DOUBLINGS)), LONGEST_WAIT)
