"""Asking a sibling service over HTTP for a person, with that person's own rights."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import aiohttp
from aiohttp import ClientResponse
from pydantic import BaseModel

from shared.crypto import Keys
from shared.identity.acting import Acting
from shared.identity.sessions import real_now
from shared.observability import logger
from shared.settings import Settings

ANSWER_SECONDS = 3.0
"""A page waits no longer for a sibling; it says what is missing."""
FILE_SECONDS = 20.0
FILE_HEADERS = (
    "Content-Type",
    "Content-Disposition",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
)
OK, REFUSED = 200, (401, 403, 404)

Answer = TypeVar("Answer")

log = logger(__name__)


class SiblingRefusedError(Exception):
    """The sibling knows the person and does not answer this."""


class SiblingAwayError(Exception):
    """The sibling did not answer in time."""


@dataclass(frozen=True)
class File:
    """What a sibling keeps, with the headers that say how a browser may treat it."""

    content: bytes
    headers: Mapping[str, str]


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
        return await self._document("GET", path, person_id, None)

    async def post(self, path: str, person_id: UUID, question: BaseModel) -> dict[str, Any]:
        """Return the JSON document that answers `question`; raises `SiblingRefusedError`, `SiblingAwayError`."""
        return await self._document("POST", path, person_id, question.model_dump_json())

    async def get_file(self, path: str, person_id: UUID) -> File:
        """Return the file at `path`; raises `SiblingRefusedError`, `SiblingAwayError`."""
        return await self._ask("GET", path, person_id, None, FILE_SECONDS, _file)

    async def _document(self, method: str, path: str, person_id: UUID, body: str | None) -> dict[str, Any]:
        document: dict[str, Any] = await self._ask(method, path, person_id, body, ANSWER_SECONDS, ClientResponse.json)
        return document

    async def _ask(
        self,
        method: str,
        path: str,
        person_id: UUID,
        body: str | None,
        seconds: float,
        read: Callable[[ClientResponse], Awaitable[Answer]],
    ) -> Answer:
        headers = self.acting.header(person_id, real_now()) | ({"Content-Type": "application/json"} if body else {})
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.request(method, f"{self.base}{path}", headers=headers, data=body) as answer,
            ):
                if answer.status in REFUSED:
                    raise SiblingRefusedError
                if answer.status != OK:
                    raise SiblingAwayError
                return await read(answer)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("sibling_away", cause=type(error).__name__)
            raise SiblingAwayError from None


async def _file(answer: ClientResponse) -> File:
    headers = {name: value for name in FILE_HEADERS if (value := answer.headers.get(name))}
    return File(await answer.read(), headers)
