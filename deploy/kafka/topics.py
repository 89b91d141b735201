"""Topics made, checked and measured, and read again when a service must catch up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import TopicPartition
from kafka.admin import ConfigResource, KafkaAdminClient, OffsetSpec, OffsetTimestamp
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorError,
)

from shared.contracts.events import EVENTS
from shared.contracts.vocabulary import ServiceName
from shared.events.seal import PERSONAL_TOPICS

PARTITIONS = 6
"""More than the instances of any service that are planned; keys keep their order on a partition."""
REPLICATION = 1
"""For a single node; a real cluster has 3."""

DAY_MS = 24 * 60 * 60 * 1000
PERSONAL_RETENTION_MS = DAY_MS
"""Reports are kept encrypted by their receiver; the topic keeps them no longer than an outage may last."""
RETENTION_MS = 7 * DAY_MS

ANSWER_MS = 10_000
COORDINATOR_WAIT = 0.2
RETENTION = "retention.ms"


@dataclass(frozen=True)
class Topic:
    """A topic as it should be."""

    name: str
    partitions: int
    replication: int
    retention_ms: int

    def settings(self) -> dict[str, object]:
        """Return what the admin client asks for."""
        configs = {RETENTION: str(self.retention_ms)}
        return {"num_partitions": self.partitions, "replication_factor": self.replication, "configs": configs}


@dataclass(frozen=True)
class Lag:
    """How far a consumer group is behind on a partition, in records; `committed` is null before its first commit."""

    group: str
    topic: str
    partition: int
    committed: int | None
    end: int
    behind: int


def wanted(*, partitions: int = PARTITIONS, replication: int = REPLICATION, prefix: str = "") -> list[Topic]:
    """Return every topic of the events, as it should be."""
    return [
        Topic(
            prefix + event.TOPIC,
            partitions,
            replication,
            PERSONAL_RETENTION_MS if event.TOPIC in PERSONAL_TOPICS else RETENTION_MS,
        )
        for event in EVENTS
    ]


@contextmanager
def _admin(servers: str) -> Iterator[Any]:
    client = KafkaAdminClient(
        bootstrap_servers=servers.split(","), bootstrap_timeout_ms=ANSWER_MS, request_timeout_ms=ANSWER_MS
    )
    try:
        yield client
    finally:
        client.close()


def apply(servers: str, *, partitions: int = PARTITIONS, replication: int = REPLICATION, prefix: str = "") -> list[str]:
    """Make missing topics, add missing partitions and set the retention; return what was done, a sentence each.

    Raises `kafka.errors.KafkaError` when the cluster does not answer or refuses.
    """
    topics = wanted(partitions=partitions, replication=replication, prefix=prefix)
    with _admin(servers) as admin:
        return make(admin, topics)


def make(admin: Any, topics: list[Topic]) -> list[str]:
    """Bring `topics` to what they should be, through an admin client of kafka-python."""
    existing = _partitions(admin, topics)
    missing = [topic for topic in topics if topic.name not in existing]
    done = [f"{topic.name}: made with {topic.partitions} partitions" for topic in missing]
    if missing:
        admin.create_topics({topic.name: topic.settings() for topic in missing}, wait_for_metadata=True)
    for topic in topics:
        if 0 < existing.get(topic.name, 0) < topic.partitions:
            admin.create_partitions({topic.name: topic.partitions})
            done.append(f"{topic.name}: now {topic.partitions} partitions")
    return done + _set_retention(admin, [topic for topic in topics if topic.name in existing])


def _set_retention(admin: Any, topics: list[Topic]) -> list[str]:
    found = _retention(admin, topics)
    wrong = [topic for topic in topics if found.get(topic.name) != topic.retention_ms]
    if wrong:
        admin.alter_configs(
            [ConfigResource("topic", topic.name, {RETENTION: str(topic.retention_ms)}) for topic in wrong]
        )
    return [f"{topic.name}: now kept for {topic.retention_ms // DAY_MS} days" for topic in wrong]


def verify(
    servers: str, *, partitions: int = PARTITIONS, replication: int = REPLICATION, prefix: str = ""
) -> list[str]:
    """Return what is wrong with the topics, a sentence each; empty when all is well."""
    topics = wanted(partitions=partitions, replication=replication, prefix=prefix)
    try:
        with _admin(servers) as admin:
            existing = _partitions(admin, topics)
            retention = _retention(admin, [topic for topic in topics if topic.name in existing])
    except KafkaError as error:
        return [f"no Kafka broker answers at {servers} ({type(error).__name__})"]
    return [problem for topic in topics for problem in _problems(topic, existing, retention)]


def _problems(topic: Topic, existing: dict[str, int], retention: dict[str, int]) -> Iterator[str]:
    if topic.name not in existing:
        yield f"{topic.name} is missing"
        return
    if existing[topic.name] < topic.partitions:
        yield f"{topic.name} has {existing[topic.name]} partitions, not {topic.partitions}"
    if retention.get(topic.name) != topic.retention_ms:
        yield f"{topic.name} is kept for {retention.get(topic.name)} ms, not {topic.retention_ms}"


def _partitions(admin: Any, topics: list[Topic]) -> dict[str, int]:
    names = set(admin.list_topics()) & {topic.name for topic in topics}
    if not names:
        return {}
    return {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(sorted(names))}


def _retention(admin: Any, topics: list[Topic]) -> dict[str, int]:
    if not topics:
        return {}
    asked = [ConfigResource("topic", topic.name, [RETENTION]) for topic in topics]
    said = admin.describe_configs(asked, config_filter="all")["topic"]
    return {name: int(configs[RETENTION]["value"]) for name, configs in said.items() if RETENTION in configs}


def lag(servers: str, *, prefix: str = "") -> list[Lag]:
    """Return how far each service is behind on each partition of its topics."""
    with _admin(servers) as admin:
        existing = _partitions(admin, wanted(prefix=prefix))
        return [row for service in ServiceName for row in _lag_of(admin, service, existing, prefix)]


def _lag_of(admin: Any, service: ServiceName, existing: dict[str, int], prefix: str) -> list[Lag]:
    group = prefix + service.value
    partitions = [
        TopicPartition(prefix + event.TOPIC, number)
        for event in EVENTS
        if service in event.CONSUMERS
        for number in range(existing.get(prefix + event.TOPIC, 0))
    ]
    if not partitions:
        return []
    ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    starts = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
    committed = _committed(admin, group, partitions)
    return [_row(group, place, committed, starts[place].offset, ends[place].offset) for place in partitions]


def _committed(admin: Any, group: str, partitions: list[Any]) -> dict[Any, Any]:
    """Ask for a group's offsets; a new cluster makes its place for them at the first question, in a moment."""
    limit = time.monotonic() + ANSWER_MS / 1000
    while True:
        try:
            found: dict[Any, Any] = admin.list_group_offsets({group: partitions})[group]
        except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError):
            if time.monotonic() > limit:
                raise
            time.sleep(COORDINATOR_WAIT)
        else:
            return found


def _row(group: str, place: Any, committed: dict[Any, Any], start: int, end: int) -> Lag:
    said = committed.get(place)
    offset = said.offset if said is not None and said.offset >= 0 else None
    return Lag(group, place.topic, place.partition, offset, end, end - (start if offset is None else offset))


def replay(servers: str, service: ServiceName, topic: str, since: datetime, *, prefix: str = "") -> dict[int, int]:
    """Have a stopped service read a topic again from `since`; return the new offset of each partition.

    What it has handled before changes nothing. Raises `kafka.errors.KafkaError`, as when the service still runs.
    """
    name = prefix + topic
    moment = OffsetTimestamp(int(since.timestamp() * 1000))
    with _admin(servers) as admin:
        count = len(admin.describe_topics([name])[0]["partitions"])
        places = {TopicPartition(name, number): moment for number in range(count)}
        _committed(admin, prefix + service.value, list(places))
        done = admin.reset_group_offsets(prefix + service.value, places)
    for result in done.values():
        if result["error"] is not None and issubclass(result["error"], KafkaError) and result["error"].errno:
            raise result["error"](f"{service.value} could not be set back on {topic}: stop it first")
    return {place.partition: result["offset"] for place, result in done.items()}
