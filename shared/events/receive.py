"""Receiving from Kafka: a batch of records is copied into the service's own queue, in one transaction.

Nothing is handled here, so a slow handler can never stall a partition and a poison event cannot block others.
Offsets are committed after the database commit; a crash in between only copies again, and what is copied
twice is handled once.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID, uuid5

from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.middlewares import AckPolicy
from sqlalchemy import func, insert

from shared.clock import Clock
from shared.contracts.events import ReportSubmitted
from shared.contracts.vocabulary import ServiceName
from shared.database import Database
from shared.events.errors import SetAsideError
from shared.events.log import LibraryLog
from shared.events.rows import Envelope, Row, event_headers, event_queue, write_rows
from shared.events.seal import PERSONAL_TOPICS, Sealer
from shared.events.submitted import SUBMITTED_NAMESPACE, as_event
from shared.events.tables import DEAD_LETTERS
from shared.observability import logger

BATCH = 200
"""Records copied in one transaction at most."""
BATCH_WAIT_MS = 20
"""How long FastStream waits for records, and then rests; half of it is what a lone event waits on average."""
SESSION_MS = 6000
"""How long the group waits for a killed receiver; the least that a broker allows by default."""
HEARTBEAT_MS = 1500
FAILURE_PAUSE = 1.0
"""Seconds to rest when a batch could not be stored, before it is read again."""

_log = logger(__name__)


class Record(Protocol):
    """What is read of a Kafka record. `timestamp` is in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    value: bytes | None


@dataclass(frozen=True)
class Receiver:
    """Copies the records of one service's topics into its queue."""

    service: ServiceName
    topics: frozenset[str]
    topic_prefix: str
    database: Database
    sealer: Sealer
    clock: Clock

    async def receive(self, message: KafkaMessage) -> None:
        """Store a batch; raises when it could not be stored, so that its records are read again."""
        records = message.raw_message
        batch = records if isinstance(records, tuple) else (records,)
        try:
            await self._store(batch)
        except Exception as error:
            _log.warning("batch_not_stored", consumer=self.service.value, cause=type(error).__name__)
            await asyncio.sleep(FAILURE_PAUSE)
            raise

    async def _store(self, records: Iterable[Record]) -> None:
        rows: list[Row] = []
        letters: list[dict[str, object]] = []
        for record in records:
            try:
                rows.append(self._row(record))
            except SetAsideError as error:
                letters.append(self._letter(record, type(error).__name__))
        async with self.database.transaction() as connection:
            await write_rows(connection, rows)
            if letters:
                await connection.execute(insert(DEAD_LETTERS).values(created_at=func.now()), letters)

    def _topic(self, record: Record) -> str:
        return record.topic.removeprefix(self.topic_prefix)

    def _row(self, record: Record) -> Row:
        topic = self._topic(record)
        if topic in PERSONAL_TOPICS:
            return self._submitted(record)
        payload = record.value or b""
        return Row(event_queue(self.service), payload, event_headers(topic, Envelope.read(payload)))

    def _submitted(self, record: Record) -> Row:
        """Wrap what outside systems send bare."""
        topic = ReportSubmitted.TOPIC
        event = as_event(record.value or b"", submission_id(record), self.clock.now())
        payload = self.sealer.seal(topic, event.model_dump_json().encode())
        return Row(event_queue(self.service), payload, event_headers(topic, event))

    def _letter(self, record: Record, reason: str) -> dict[str, object]:
        topic = self._topic(record)
        _log.error(
            "record_set_aside",
            consumer=self.service.value,
            topic=topic,
            partition=record.partition,
            offset=record.offset,
            reason=reason,
        )
        return {
            "original_id": record.offset,
            "queue": event_queue(self.service),
            "payload": self.sealer.seal(topic, record.value or b""),
            "headers": {"topic": topic, "partition": str(record.partition), "offset": str(record.offset)},
            "deliveries_count": 1,
            "failure_reason": "rejected",
            "last_exception": reason,
        }


def submission_id(record: Record) -> UUID:
    """Return the event id of a submitted report: the same each time this record is read.

    Topic, partition and offset alone would repeat on a new cluster, and a report be taken for one handled
    before; the time and a digest of the content keep them apart.
    """
    digest = hashlib.sha256(record.value or b"").hexdigest()
    return uuid5(SUBMITTED_NAMESPACE, f"{record.topic}/{record.partition}/{record.offset}/{record.timestamp}/{digest}")


async def _without_headers(records: Sequence[Any], parse: Callable[[Any], Awaitable[Any]]) -> Any:
    """Parse a batch without its headers: a foreign header that is no text would stop the whole partition."""
    return await parse(tuple(replace(record, headers=()) for record in records))


async def _itself(message: Any) -> Any:
    return message


def receiving_broker(servers: str, receivers: Iterable[Receiver], *, graceful: float) -> KafkaBroker:
    """Return a broker that subscribes each receiver as the consumer group of its service."""
    broker = KafkaBroker(
        servers.split(","),
        consumer_only=True,
        allow_auto_create_topics=False,
        graceful_timeout=graceful,
        logger=LibraryLog("kafka"),
        log_level=logging.DEBUG,
        apply_types=False,
    )
    for receiver in receivers:
        subscriber = broker.subscriber(
            *sorted(receiver.topic_prefix + topic for topic in receiver.topics),
            batch=True,
            group_id=receiver.topic_prefix + receiver.service.value,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            auto_offset_reset="earliest",
            max_records=BATCH,
            batch_timeout_ms=BATCH_WAIT_MS,
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            parser=_without_headers,
            decoder=_itself,
        )
        subscriber(receiver.receive)
    return broker
