"""Triage in a process of its own, to be killed: `worker MODE DATABASE_URL [KAFKA] [PREFIX]`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any
from unittest.mock import patch

from faststream_outbox.message import OutboxInnerMessage
from faststream_outbox.subscriber.usecase import OutboxSubscriber
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events import EventBus
from tests.integration.events.samples import Ping
from tests.integration.events.world import KEYS, record_effect


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


async def hang(connection: AsyncConnection, event: Ping) -> None:
    """Have the effect, and be killed before the commit."""
    await record_effect(connection, event)
    say("in-handler")
    await asyncio.Event().wait()


def cut_the_power() -> None:
    """Be killed where the row of a committed event would be deleted."""
    record = OutboxSubscriber._flush_or_buffer

    async def die(self: OutboxSubscriber, row: OutboxInnerMessage, **options: Any) -> bool:
        if row.queue == ServiceName.TRIAGE.value:
            say("committed")
            os.kill(os.getpid(), signal.SIGKILL)
        return await record(self, row, **options)

    patch.object(OutboxSubscriber, "_flush_or_buffer", die).start()


async def main(mode: str, url: str, kafka: str, prefix: str) -> None:
    if mode == "die-before-delete":
        cut_the_power()
    bus = EventBus(Database(url), kafka=kafka or None, topic_prefix=prefix, keys=KEYS)
    bus.handle_events(ServiceName.TRIAGE, {Ping: hang if mode == "hang" else record_effect})
    await bus.start()
    say("started")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
