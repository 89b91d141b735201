"""Asking a sibling service over HTTP for a person, with that person's own rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp
from pydantic import BaseModel

from shared.crypto import Keys
from shared.identity.acting import Acting
from shared.identity.sessions import real_now
from shared.observability import logger
from shared.settings import Settings

ANSWER_SECONDS = 3.0
"""A page waits no longer for a sibling; it says what is missing."""
OK, REFUSED = 200, (401, 403, 404)

log = logger(__name__)


class SiblingRefusedError(Exception):
    """The sibling knows the person and does not answer this."""


class SiblingAwayError(Exception):
    """The sibling did not answer in time."""


@dataclass(frozen=True)
class Sibling:
    """Another service; `base` is its address."""

    base: str
    acting: Acting

    @classmethod
    def of(cls, address: str | None, keys: Keys, settings: Settings) -> Sibling:
        """Return a sibling at its address, or in this very process where it has none of its own."""
        return cls((address or f"http://127.0.0.1:{settings.port}").rstrip("/"), Acting(keys, settings))

    async def get(self, path: str, person_id: UUID) -> dict[str, Any]:
        """Return the JSON document at `path`; raises `SiblingRefusedError`, `SiblingAwayError`."""
        return await self._ask("GET", path, person_id, None)

    async def post(self, path: str, person_id: UUID, question: BaseModel) -> dict[str, Any]:
        """Return the JSON document that answers `question`; raises `SiblingRefusedError`, `SiblingAwayError`."""
        return await self._ask("POST", path, person_id, question.model_dump_json())

    async def _ask(self, method: str, path: str, person_id: UUID, body: str | None) -> dict[str, Any]:
        headers = self.acting.header(person_id, real_now()) | ({"Content-Type": "application/json"} if body else {})
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(method, f"{self.base}{path}", headers=headers, data=body) as answer,
            ):
                if answer.status in REFUSED:
                    raise SiblingRefusedError
                if answer.status != OK:
                    raise SiblingAwayError
                document: dict[str, Any] = await answer.json()
                return document
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("sibling_away", cause=type(error).__name__)
            raise SiblingAwayError from None
