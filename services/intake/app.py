"""Intake, wired."""

from __future__ import annotations

from pathlib import Path

from services.intake import (
    api,
    attachment_api,
    conflict_pages,
    consumers,
    docs_pages,
    internal_api,
    jobs,
    letter_pages,
    letters,
    pages,
    public_pages,
)
from services.intake.models import IDENTITY, SCHEMA
from shared import places
from shared.contracts.vocabulary import ServiceName
from shared.service import Parts, Recipe, Service
from shared.web import key_use_api
from shared.web import letter_pages as event_letters


def build(parts: Parts) -> Service:
    """Return the service with its routes, handlers and jobs."""
    return Service(
        name=ServiceName.INTAKE,
        routers=[
            api.router(parts),
            attachment_api.router(parts),
            pages.router(parts),
            conflict_pages.router(parts),
            public_pages.router(parts),
            internal_api.router(parts),
            docs_pages.router(),
            letter_pages.router(parts),
            event_letters.router(parts, ServiceName.INTAKE, letters.count_waiting),
            key_use_api.router(parts, ServiceName.INTAKE, IDENTITY.key_use),
        ],
        events=consumers.handlers(parts),
        jobs=jobs.jobs(parts),
        start=_read_places,
    )


async def _read_places() -> None:
    """Read the units before the first report needs them."""
    places.warm_up()


RECIPE = Recipe(ServiceName.INTAKE, SCHEMA, Path(__file__).parent, build)
