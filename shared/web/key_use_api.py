"""What API keys have asked of a service, for the sibling service that shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Table

from shared.contracts.vocabulary import ServiceName
from shared.identity.key_use import KeyUse, uses
from shared.service import Parts


class KeyUseDocument(BaseModel):
    """The numbers of one key, as `KeyUse`."""

    used: int
    used_at: datetime | None
    refused: int
    refused_reports: int
    refused_at: datetime | None


class KeyUses(BaseModel):
    """The numbers of every key that asked the service anything, by the key's id."""

    keys: dict[UUID, KeyUseDocument]

    def by_key(self) -> dict[UUID, KeyUse]:
        """Return the numbers as values."""
        return {key_id: KeyUse(**use.model_dump()) for key_id, use in self.keys.items()}


def address(service: ServiceName) -> str:
    """Return where a service serves its numbers."""
    return f"/internal/keys/{service.value}"


def router(parts: Parts, service: ServiceName, table: Table) -> APIRouter:
    """Return the route; the policy lets in only a sibling that acts for a person who may see the keys."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(address(service))
    async def key_use() -> dict[str, Any]:
        async with parts.database.reading() as connection:
            found = await uses(connection, table)
        documents = {key_id: KeyUseDocument.model_validate(use, from_attributes=True) for key_id, use in found.items()}
        return KeyUses(keys=documents).model_dump(mode="json")

    return routes
