"""Triage, wired."""

from __future__ import annotations

from pathlib import Path

from services.triage import case_pages
from services.triage.consumers import event_handlers
from services.triage.jobs import jobs
from services.triage.models import SCHEMA
from shared.contracts.vocabulary import ServiceName
from shared.service import Parts, Recipe, Service


def build(parts: Parts) -> Service:
    """Return the service that decides how urgent a report is and whose duty it is."""
    return Service(
        name=ServiceName.TRIAGE, routers=[case_pages.router(parts)], events=event_handlers(parts), jobs=jobs(parts)
    )


RECIPE = Recipe(ServiceName.TRIAGE, SCHEMA, Path(__file__).parent, build)
