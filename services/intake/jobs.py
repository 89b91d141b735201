"""What intake does on the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from services.intake import letters
from services.intake.handlers.find_conflicts import look_again
from services.intake.handlers.make_searchable import make_old_searchable
from services.intake.handlers.purge_drafts import purge_drafts
from services.intake.handlers.republish_waiting import republish_waiting
from shared.observability import LETTERS_WAITING
from shared.service import Job, Parts


def jobs(parts: Parts) -> Sequence[Job]:
    """Return intake's jobs."""

    async def republish() -> None:
        await republish_waiting(parts)

    async def look() -> None:
        await look_again(parts)

    async def make_searchable() -> None:
        await make_old_searchable(parts)

    async def purge() -> None:
        await purge_drafts(parts)

    async def count_letters() -> None:
        async with parts.database.reading() as connection:
            LETTERS_WAITING.labels("submitted").set(await letters.count_waiting(connection))

    return [
        Job("count_letters", timedelta(seconds=15), count_letters),
        Job("republish_waiting", timedelta(seconds=5), republish),
        Job("look_again_at_alleged", timedelta(seconds=1), look),
        Job("make_old_searchable", timedelta(seconds=2), make_searchable),
        Job("purge_drafts", timedelta(hours=1), purge),
    ]
