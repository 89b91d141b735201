"""A real Kafka for tests: the one in the environment, else one node of our own for the whole session."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient

from deploy.kafka.broker import CACHE, LocalKafka, why_not

PROJECT = Path(__file__).parents[2]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Kafka:
    """A broker's address, and the node itself when it is ours to stop."""

    servers: str
    node: LocalKafka | None

    def new_prefix(self) -> str:
        """Return a new prefix for topics and consumer groups, so that tests do not see each other's."""
        return f"t{os.getpid()}-{next(_numbers)}."

    async def make_topics(self, *names: str, partitions: int = 3) -> None:
        await asyncio.to_thread(self._make_topics, names, partitions)

    def _make_topics(self, names: tuple[str, ...], partitions: int) -> None:
        admin = KafkaAdminClient(bootstrap_servers=self.servers.split(","))
        try:
            settings = {"num_partitions": partitions, "replication_factor": 1}
            admin.create_topics(dict.fromkeys(names, settings), wait_for_metadata=True)
        finally:
            admin.close()


@contextmanager
def running_kafka() -> Iterator[Kafka]:
    """Give a broker, or skip with the reason; in CI a missing broker is a failure."""
    servers = os.environ.get("HEEDLINE_KAFKA_BOOTSTRAP_SERVERS") or os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if servers:
        yield Kafka(servers, None)
        return
    cache = PROJECT / CACHE
    reason = why_not(cache)
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with own_node(cache) as node:
        yield Kafka(node.servers, node)


@contextmanager
def own_node(cache: Path = PROJECT / CACHE) -> Iterator[LocalKafka]:
    """Run a node of one's own in a temporary directory."""
    directory = Path(tempfile.mkdtemp(prefix="hlkafka"))
    node = LocalKafka(directory, cache=cache)
    try:
        node.start()
        yield node
    finally:
        node.stop()
        shutil.rmtree(directory, ignore_errors=True)
