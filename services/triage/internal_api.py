"""What sibling services may ask triage, for a person whose page needs it."""

from __future__ import annotations

from fastapi import APIRouter

from services.triage.handlers.preview_case import preview_case
from shared.contracts.preview import Foreseen, Judged
from shared.service import Parts


def router(parts: Parts) -> APIRouter:
    """Return the routes; the policy lets in only a sibling that acts for an operator or a supervisor."""
    routes = APIRouter(prefix="/internal", include_in_schema=False)

    @routes.post("/preview")
    async def preview(judged: Judged) -> Foreseen:
        async with parts.database.reading() as connection:
            return await preview_case(connection, judged, parts.clock.now())

    return routes
