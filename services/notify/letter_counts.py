"""How many letters wait for a person in each service: asked of the database for notify's own, of siblings over HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shared.contracts.vocabulary import ServiceName
from shared.events import letters
from shared.service import Parts
from shared.web.siblings import Sibling, SiblingAwayError, SiblingRefusedError

KNOWN_SECONDS: Final = 15.0
"""For which the banner of the queue shows what was asked before."""
BANNER_SECONDS: Final = 0.5
"""For which the queue waits at most; a sibling that does not answer by then has no number on it."""


@dataclass(frozen=True)
class Waiting:
    """What waits in one service; `away`: it did not answer, so both numbers are missing."""

    service: ServiceName
    events: int = 0
    submitted: int = 0
    away: bool = False


@dataclass(frozen=True)
class Total:
    """What waits in all services that answered."""

    events: int = 0
    submitted: int = 0


NOTHING: Final = Total()


class LetterCounts:
    """Asks, and remembers the answers for the banner of the queue."""

    def __init__(self, parts: Parts) -> None:
        addresses: Mapping[ServiceName, str | None] = {
            ServiceName.INTAKE: parts.settings.intake_url,
            ServiceName.TRIAGE: parts.settings.triage_url,
        }
        self._database = parts.database
        self._siblings = {name: Sibling.of(address, parts.keys, parts.settings) for name, address in addresses.items()}
        self._known = NOTHING
        self._asked_at: float | None = None

    async def ask(self, person_id: UUID) -> Sequence[Waiting]:
        """Return what waits in each service, for a person who may know it."""
        own = self._own()
        others = [self._sibling(name, sibling, person_id) for name, sibling in self._siblings.items()]
        return await asyncio.gather(*others, own)

    async def total(self, person_id: UUID) -> Total:
        """Return what waits, asked at most every 15 s and never waited for longer than half a second a service."""
        now = time.monotonic()
        if self._asked_at is None or now - self._asked_at > KNOWN_SECONDS:
            self._asked_at = now
            limited = [
                _within(self._sibling(name, sibling, person_id), name) for name, sibling in self._siblings.items()
            ]
            found = await asyncio.gather(*limited, self._own())
            self._known = Total(sum(one.events for one in found), sum(one.submitted for one in found))
        return self._known

    async def _own(self) -> Waiting:
        async with self._database.reading() as connection:
            count = await letters.count_waiting(connection, letters.of_service(ServiceName.NOTIFY))
        return Waiting(ServiceName.NOTIFY, count)

    async def _sibling(self, name: ServiceName, sibling: Sibling, person_id: UUID) -> Waiting:
        try:
            found = await sibling.get(f"/internal/letters/{name.value}", person_id)
            return Waiting(name, int(found["event"]), int(found["submitted"]))
        except (SiblingAwayError, SiblingRefusedError, KeyError, TypeError, ValueError):
            return Waiting(name, away=True)


async def _within(asking: Coroutine[Any, Any, Waiting], name: ServiceName) -> Waiting:
    try:
        async with asyncio.timeout(BANNER_SECONDS):
            return await asking
    except TimeoutError:
        return Waiting(name, away=True)
