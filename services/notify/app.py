"""Notify, wired."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from services.notify import (
    api,
    invite_pages,
    new_person_pages,
    pages,
    people_pages,
    proposal_pages,
    signin_pages,
    teams_pages,
    webhooks,
)
from services.notify.consumers import event_handlers
from services.notify.gateway import Gateway, TwilioGateway
from services.notify.handlers.create_key import keep_bootstrap_key
from services.notify.handlers.desk import SEND_TASK, Desk
from services.notify.handlers.send_message import send_message
from services.notify.jobs import jobs
from services.notify.models import SCHEMA
from shared.contracts.vocabulary import ServiceName
from shared.identity.bootstrap import bootstrap_key
from shared.identity.sessions import real_now
from shared.service import Parts, Recipe, Service

STATUS_PATH = "/webhooks/twilio/status"


def build(parts: Parts) -> Service:
    """Return the service that pages people; it sends through Twilio."""
    return build_with(parts, TwilioGateway(parts.settings))


def build_with(parts: Parts, gateway: Gateway) -> Service:
    """Return the service with a gateway of the caller's."""
    desk = Desk.of(parts)
    callback = f"{parts.settings.public_url.rstrip('/')}{STATUS_PATH}" if parts.settings.public_url else None
    send = partial(send_message, parts.database, desk, gateway, callback)

    async def start() -> None:
        async with parts.database.transaction() as connection:
            await keep_bootstrap_key(connection, parts.bus, raw=bootstrap_key(parts.settings), now=real_now())

    async def task(body: dict[str, Any]) -> None:
        await send(body)

    return Service(
        name=ServiceName.NOTIFY,
        routers=[
            signin_pages.router(parts),
            pages.router(parts, desk),
            invite_pages.router(parts),
            teams_pages.router(parts),
            proposal_pages.router(parts),
            new_person_pages.router(parts),
            people_pages.router(parts, desk),
            api.router(parts, desk),
            webhooks.router(parts, desk),
        ],
        events=event_handlers(desk),
        tasks={SEND_TASK: task},
        jobs=jobs(parts, desk),
        start=start,
        stop=gateway.close,
    )


RECIPE = Recipe(ServiceName.NOTIFY, SCHEMA, Path(__file__).parent, build)
