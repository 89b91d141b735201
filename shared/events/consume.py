"""What the three kinds of rows ask for: an event to handle, work of a service's own, an event to forward."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from faststream_outbox.message import OutboxInnerMessage
from pydantic import ValidationError
from sqlalchemy import bindparam, func, literal
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.event import Event
from shared.contracts.events import ReportSubmitted
from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events.errors import NewerVersionError, UnknownTaskError, UnknownTopicError, UnreadableEventError
from shared.events.seal import Sealer
from shared.events.submitted import kept_unread
from shared.events.tables import HANDLED

EventHandler = Callable[[AsyncConnection, Any], Awaitable[None]]
TaskHandler = Callable[[dict[str, Any]], Awaitable[None]]

_mark_handled = (
    insert(HANDLED)
    .on_conflict_do_nothing()
    .returning(func.set_config("synchronous_commit", bindparam("commit"), literal(True)))
)
"""One statement also says whether this transaction's commit waits for the disk."""


@dataclass(frozen=True)
class EventWork:
    """Handles events of one service, each once in effect.

    Where all events stay in one database, no commit of a handler need wait for the disk: a crash of PostgreSQL
    takes back whole transactions from the newest backwards, so the row, the mark, the effects and the events
    that followed go together, and the event is delivered again. What the outside world has been told (a receipt,
    a message handed to the gateway) was preceded by a commit that did wait, and kept everything before it.
    Kafka is such an outside world: a consumer there may have seen what a crash takes back.
    """

    service: ServiceName
    handlers: Mapping[str, tuple[type[Event], EventHandler]]
    """By topic."""
    database: Database
    sealer: Sealer
    waits_for_disk: bool

    async def __call__(self, row: OutboxInnerMessage) -> str:
        """Mark the event handled and run its handler in one transaction; an event marked before changes nothing.

        Two deliveries at once cannot both run: the second waits at the mark for the first to commit or roll back.
        """
        model, handler = self._handler(row)
        event = self._read(model, row)
        async with self.database.transaction() as connection:
            mark = {
                "consumer": self.service.value,
                "event_id": event.event_id,
                "commit": "on" if self.waits_for_disk else "off",
            }
            if (await connection.execute(_mark_handled, mark)).first() is None:
                return "repeated"
            await handler(connection, event)
        return "handled"

    def _handler(self, row: OutboxInnerMessage) -> tuple[type[Event], EventHandler]:
        found = self.handlers.get((row.headers or {}).get("topic", ""))
        if found is None:
            raise UnknownTopicError
        return found

    def _read(self, model: type[Event], row: OutboxInnerMessage) -> Event:
        """Read the event; a submission that cannot be read is one that intake keeps for a person."""
        try:
            if int((row.headers or {}).get("version", "1")) > model.VERSION:
                raise NewerVersionError
            payload = self.sealer.open(model.TOPIC, row.payload)
        except ValueError:
            raise UnreadableEventError from None
        try:
            return model.model_validate_json(payload)
        except ValidationError:
            if model is ReportSubmitted:
                return kept_unread(payload, datetime.now(UTC))
            raise UnreadableEventError from None


@dataclass(frozen=True)
class TaskWork:
    """Does a service's own queued work, by name."""

    handlers: Mapping[str, TaskHandler]

    async def __call__(self, row: OutboxInnerMessage) -> str:
        """Do the work; it may be done again after a crash, so it guards itself against repetition."""
        handler = self.handlers.get((row.headers or {}).get("task", ""))
        if handler is None:
            raise UnknownTaskError
        await handler(json.loads(row.payload))
        return "handled"


class Sender(Protocol):
    """Sends one record and returns when it is kept safe."""

    async def send(self, topic: str, value: bytes, *, key: str, headers: Mapping[str, str]) -> None:
        """Send, or raise `OutageError` or `TooLargeError`."""
        ...


@dataclass(frozen=True)
class ForwardWork:
    """Sends events on."""

    sender: Sender
    topic_prefix: str

    async def __call__(self, row: OutboxInnerMessage) -> str:
        """Send the event with its headers, under its key."""
        headers = row.headers or {}
        await self.sender.send(
            self.topic_prefix + headers["topic"],
            row.payload,
            key=headers["key"],
            headers={name: headers[name] for name in ("event_id", "version", "correlation_id")},
        )
        return "forwarded"
