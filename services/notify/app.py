"""Notify, wired."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from services.notify import (
    api,
    contacts,
    duty_pages,
    internal_api,
    invite_pages,
    key_pages,
    letter_pages,
    message_pages,
    new_person_pages,
    pages,
    people_pages,
    policy_pages,
    proposal_pages,
    signin_pages,
    system_pages,
    teams_pages,
    webhooks,
)
from services.notify.api_keys import names_of
from services.notify.consumers import event_handlers
from services.notify.gateways.build import gateways
from services.notify.gateways.gateway import Gateway, Inbound, Receipt, Reply
from services.notify.gateways.pool import Pool
from services.notify.handlers.create_key import keep_bootstrap_key
from services.notify.handlers.desk import END_TASK, SEND_TASK, Desk
from services.notify.handlers.end_calls import end_call
from services.notify.handlers.record_delivery import record_delivery
from services.notify.handlers.record_reply import Incoming, record_reply
from services.notify.handlers.send_message import send_message
from services.notify.jobs import jobs
from services.notify.letter_counts import LetterCounts
from services.notify.models import SCHEMA
from services.notify.rules.contact import ContactChannel
from shared.contracts.vocabulary import ServiceName
from shared.identity.bootstrap import bootstrap_key
from shared.identity.sessions import real_now
from shared.service import Parts, Recipe, Service
from shared.web import letter_pages as event_letters


def build(parts: Parts) -> Service:
    """Return the service that pages people through the gateways of its settings."""
    return build_with(parts, gateways(parts.settings, _inbound(parts, Desk.of(parts))))


def build_with(parts: Parts, chosen: Sequence[Gateway]) -> Service:
    """Return the service with gateways of the caller's."""
    desk, counts = Desk.of(parts), LetterCounts(parts)
    pool = Pool(chosen)
    contacts.use_channels([channel for channel in ContactChannel if pool.order(channel)])
    send = partial(send_message, parts.database, desk, pool)

    async def start() -> None:
        async with parts.database.transaction() as connection:
            await keep_bootstrap_key(connection, parts.bus, raw=bootstrap_key(parts.settings), now=real_now())
        await pool.start()

    async def task(body: dict[str, Any]) -> None:
        await send(body)

    async def end(body: dict[str, Any]) -> None:
        await end_call(parts.database, desk, pool, body)

    return Service(
        name=ServiceName.NOTIFY,
        routers=[
            signin_pages.router(parts),
            key_pages.router(parts),
            letter_pages.router(counts),
            event_letters.router(parts, ServiceName.NOTIFY, names=names_of),
            pages.router(parts, desk, counts),
            policy_pages.router(parts, desk),
            system_pages.router(parts, desk),
            invite_pages.router(parts),
            teams_pages.router(parts),
            proposal_pages.router(parts),
            new_person_pages.router(parts),
            people_pages.router(parts, desk),
            message_pages.router(parts, desk),
            duty_pages.router(parts),
            api.router(parts, desk),
            webhooks.router(parts, desk),
            internal_api.router(parts),
        ],
        events=event_handlers(desk),
        tasks={SEND_TASK: task, END_TASK: end},
        jobs=jobs(parts, desk, pool.with_receipts_from_phone),
        start=start,
        stop=pool.close,
    )


def _inbound(parts: Parts, desk: Desk) -> Inbound:
    """Return what becomes of receipts and replies that come over a line of ours."""

    async def receipt(given: Receipt) -> bool:
        return await record_delivery(
            parts.database,
            desk,
            message_id=None,
            sid=given.sid,
            reported=given.reported,
            error_code=given.error_code,
            gateway=given.gateway,
        )

    async def reply(given: Reply) -> str | None:
        return await record_reply(parts.database, desk, Incoming(given.gateway, None, given.phone, given.body))

    return Inbound(receipt, reply)


RECIPE = Recipe(ServiceName.NOTIFY, SCHEMA, Path(__file__).parent, build)
