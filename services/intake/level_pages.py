"""Beside the form: the level that the rules in force give what was typed so far, and who would be paged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from services.intake import console_form, half_typed
from services.intake.console_form import Values
from services.intake.handlers.find_conflicts import typed_exclusions
from services.intake.handlers.read_report import read_report
from services.intake.rules.announcement import judged
from services.intake.rules.conflict import Excluded
from services.intake.rules.report import says_something, without_empty
from shared.contracts.preview import Chain, ChainAsked, Foreseen, Judged
from shared.observability import logger
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.siblings import Sibling, SiblingAwayError, SiblingRefusedError
from shared.web.sources import readable_source

NO_ANSWER: Final = (SiblingAwayError, SiblingRefusedError, ValidationError)
"""Why a sibling's answer is missing; the form works without it."""

REVISION: Final = "revision"
"""The field of a form that completes a stored report, whose alert is out already."""

log = logger(__name__)


@dataclass(frozen=True)
class Level:
    """What the panel shows. `away`: triage did not answer; `chain` null: notify did not, or there is no level yet."""

    at: datetime
    away: bool = False
    case: Foreseen | None = None
    chain: Chain | None = None


@dataclass(frozen=True)
class Siblings:
    """Who is asked."""

    triage: Sibling
    notify: Sibling


def router(parts: Parts) -> APIRouter:
    """Return the route that answers a form, in the body of the request, with the panel."""
    routes = APIRouter(include_in_schema=False)
    siblings = Siblings(
        Sibling.of(parts.settings.triage_url, parts.keys, parts.settings),
        Sibling.of(parts.settings.notify_url, parts.keys, parts.settings),
    )

    @routes.post("/console/level")
    async def level(request: Request) -> HTMLResponse:
        form = await request.form()
        values = console_form.typed((name, value) for name, value in form.multi_items() if isinstance(value, str))
        context: dict[str, Any] = {
            "foreseen": await _level(parts, siblings, values, request.state.actor.id),
            "source": readable_source,
            "paged_already": REVISION in form,
        }
        pages: Pages = request.app.state.pages
        return pages.render(request, "console_level.html", context)

    return routes


async def _level(parts: Parts, siblings: Siblings, values: Values, person_id: UUID) -> Level:
    now = parts.clock.now()
    if not says_something(without_empty(console_form.document(values))):
        return Level(now)
    document = half_typed.readable(values, now)
    if document is None:
        return Level(now)
    report = read_report(document, now).report
    async with parts.database.reading() as connection:
        excluded = await typed_exclusions(connection, parts.keys, report)
    try:
        case = await _case(siblings.triage, judged(report, now, excluded=excluded), person_id)
    except NO_ANSWER as error:
        log.warning("level_not_foreseen", cause=type(error).__name__)
        return Level(now, away=True)
    return Level(now, case=case, chain=await _chain(siblings.notify, case, excluded, person_id, now))


async def _case(triage: Sibling, question: Judged, person_id: UUID) -> Foreseen:
    return Foreseen.model_validate(await triage.post("/internal/preview", person_id, question))


async def _chain(notify: Sibling, case: Foreseen, excluded: Excluded, person_id: UUID, now: datetime) -> Chain | None:
    asked = ChainAsked(
        level=case.level,
        led_by=case.route.where,
        unit_code=case.route.unit_code,
        acknowledge_within=max(0, round((case.clocks.acknowledge_by - now).total_seconds() / 60)),
        excluded_person_ids=excluded.person_ids,
        excluded_team_ids=excluded.team_ids,
    )
    try:
        return Chain.model_validate(await notify.post("/internal/oncall", person_id, asked))
    except NO_ANSWER as error:
        log.warning("chain_not_foreseen", cause=type(error).__name__)
        return None
