"""Sending to Kafka through a producer that survives a broker's absence."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from contextvars import Context
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, UnknownTopicOrPartitionError

from shared.events.errors import KafkaUnreachableError, OutageError, TooLargeError
from shared.observability import logger

FIRST_ANSWER = 10.0
"""Seconds that a broker has to answer at a start."""
AWAY_WAIT = 4.0
"""Seconds for which a send waits for a broker that is away, before its row goes back to the queue."""
SEND_LIMIT = 5.0
"""Seconds until an unconfirmed send counts as the broker's absence; a confirmed one takes about 2 ms."""
PROBE_EVERY = 0.5
"""Seconds between attempts to reach a broker that is away."""
PROBE_LIMIT = 2.0
STOP_LIMIT = 2.0
REQUEST_TIMEOUT_MS = 4000
"""Shorter than `SEND_LIMIT`, so that a topic that does not exist is told from a broker that is away."""

_log = logger(__name__)


async def check_kafka(servers: str) -> None:
    """Return when a broker answers at `host:port,…`, or raise `KafkaUnreachableError`."""
    client = AIOKafkaClient(bootstrap_servers=servers, request_timeout_ms=REQUEST_TIMEOUT_MS)
    try:
        async with asyncio.timeout(FIRST_ANSWER):
            await client.bootstrap()
    except (KafkaError, OSError) as error:
        raise KafkaUnreachableError(
            f"No Kafka broker answers at {servers}: start it, or write another address in HEEDLINE_KAFKA_BOOTSTRAP_SERVERS."
        ) from error
    finally:
        await client.close()


class KafkaSender:
    """A confirmed, idempotent producer.

    An unconfirmed record stays in the producer for as long as the broker is away, and its row is tried again;
    so while the broker is away nothing more is given to the producer, and a new producer takes over when it
    is back. The old one may still deliver what it held: a duplicate, which consumers drop.
    """

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._up = asyncio.Event()
        self._producer: AIOKafkaProducer | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect."""
        self._producer = await self._connect()
        self._up.set()

    async def stop(self) -> None:
        """Send what is held and close; what cannot be sent is still in the queue."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._producer is not None:
            await _stop(self._producer, STOP_LIMIT)

    async def send(self, topic: str, value: bytes, *, key: str, headers: Mapping[str, str]) -> None:
        """Send a record and wait until every in-sync replica has it; raises `OutageError`, `TooLargeError`."""
        producer = await self._available()
        try:
            async with asyncio.timeout(SEND_LIMIT):
                sent = await producer.send(
                    topic,
                    value=value,
                    key=key.encode(),
                    headers=[(name, text.encode()) for name, text in headers.items()],
                )
                await sent
        except MessageSizeTooLargeError:
            raise TooLargeError from None
        except UnknownTopicOrPartitionError:
            _log.error("kafka_topic_missing", topic=topic)
            raise OutageError from None
        except (TimeoutError, KafkaError) as error:
            self._lost(producer, error)
            raise OutageError from None

    async def answers(self) -> bool:
        """Tell whether a broker answers."""
        if self._producer is None or not self._up.is_set():
            return False
        try:
            async with asyncio.timeout(PROBE_LIMIT):
                await self._producer.client.fetch_all_metadata()
        except (TimeoutError, KafkaError, OSError):
            return False
        return True

    async def _available(self) -> AIOKafkaProducer:
        try:
            async with asyncio.timeout(AWAY_WAIT):
                await self._up.wait()
        except TimeoutError:
            raise OutageError from None
        if self._producer is None:
            raise OutageError
        return self._producer

    def _lost(self, producer: AIOKafkaProducer, error: Exception) -> None:
        if producer is not self._producer or not self._up.is_set():
            return
        self._up.clear()
        _log.warning("kafka_away", cause=type(error).__name__)
        self._background(_stop(producer, None))
        self._background(self._return())

    async def _return(self) -> None:
        while True:
            try:
                self._producer = await self._connect()
                break
            except (TimeoutError, KafkaError, OSError):
                await asyncio.sleep(PROBE_EVERY)
        self._up.set()
        _log.info("kafka_back")

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            acks="all",
            enable_idempotence=True,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
        )
        try:
            async with asyncio.timeout(FIRST_ANSWER):
                await producer.start()
        except BaseException:
            await _stop(producer, STOP_LIMIT)
            raise
        return producer


async def _stop(producer: AIOKafkaProducer, limit: float | None) -> None:
    """Stop a producer when what it holds is delivered, or after `limit` seconds."""
    try:
        async with asyncio.timeout(limit):
            await producer.stop()
    except (TimeoutError, KafkaError, OSError) as error:
        _log.warning("kafka_producer_dropped", cause=type(error).__name__)
    finally:
        with contextlib.suppress(KafkaError, OSError):
            await producer.client.close()
