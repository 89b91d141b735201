"""Triage, wired."""

from __future__ import annotations

from pathlib import Path

from services.triage import case_pages, internal_api, lab_pages, lab_store
from services.triage.consumers import event_handlers
from services.triage.jobs import jobs
from services.triage.models import IDENTITY, SCHEMA
from shared.contracts.vocabulary import ServiceName
from shared.service import Parts, Recipe, Service
from shared.web import key_use_api, letter_pages


def build(parts: Parts) -> Service:
    """Return the service that decides how urgent a report is and whose duty it is."""

    async def start() -> None:
        async with parts.database.transaction() as connection:
            await lab_store.keep_built_in(connection, parts.clock.now())

    return Service(
        name=ServiceName.TRIAGE,
        routers=[
            case_pages.router(parts),
            lab_pages.router(parts),
            internal_api.router(parts),
            letter_pages.router(parts, ServiceName.TRIAGE),
            key_use_api.router(parts, ServiceName.TRIAGE, IDENTITY.key_use),
        ],
        events=event_handlers(parts),
        jobs=jobs(parts),
        start=start,
    )


RECIPE = Recipe(ServiceName.TRIAGE, SCHEMA, Path(__file__).parent, build)
