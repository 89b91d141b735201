"""What triage does on the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from services.triage.handlers.republish_unpaged import republish_unpaged
from shared.service import Job, Parts

UNPAGED_SWEEP = timedelta(seconds=5)


def jobs(parts: Parts) -> Sequence[Job]:
    """Return triage's jobs."""

    async def republish() -> None:
        await republish_unpaged(parts.database, parts.bus, parts.clock)

    return (Job("republish_unpaged", UNPAGED_SWEEP, republish),)
