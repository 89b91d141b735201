"""Topics made, checked, measured and read again; a node that is stopped and started."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from deploy.kafka import topics
from deploy.kafka.broker import KafkaNotStartedError, LocalKafka, why_not
from shared.contracts.events import ReportReceived, ReportSubmitted
from shared.contracts.vocabulary import ServiceName
from tests.integration.events.samples import Ping
from tests.integration.events.world import World
from tests.support.kafka import Kafka

pytestmark = pytest.mark.kafka


def test_apply_makes_what_verify_misses_and_then_has_nothing_to_do(kafka: Kafka) -> None:
    prefix = kafka.new_prefix()
    missing = topics.verify(kafka.servers, prefix=prefix)
    assert f"{prefix}{ReportSubmitted.TOPIC} is missing" in missing
    assert len(topics.apply(kafka.servers, prefix=prefix)) == len(missing)
    assert topics.verify(kafka.servers, prefix=prefix) == []
    assert topics.apply(kafka.servers, prefix=prefix) == []


def test_personal_topic_is_kept_for_a_day_and_others_for_a_week(kafka: Kafka) -> None:
    kept = {topic.name: topic.retention_ms // topics.DAY_MS for topic in topics.wanted()}
    assert kept.pop(ReportSubmitted.TOPIC) == 1
    assert set(kept.values()) == {7}


async def test_lag_counts_what_a_service_has_not_read(kafka: Kafka) -> None:
    prefix = kafka.new_prefix()
    await asyncio.to_thread(topics.apply, kafka.servers, prefix=prefix)
    async with AIOKafkaProducer(bootstrap_servers=kafka.servers) as producer:
        await producer.send_and_wait(prefix + ReportReceived.TOPIC, b"{}")
    rows = await asyncio.to_thread(topics.lag, kafka.servers, prefix=prefix)
    behind = {row.group: row.behind for row in rows if row.behind}
    assert behind == {f"{prefix}triage": 1}


@pytest.mark.parametrize("transport", ["kafka"], indirect=True)
async def test_replay_reads_again_and_changes_nothing(world: World) -> None:
    assert world.kafka is not None
    bus = await world.triage()
    await world.publish(bus, *(Ping(number=number) for number in range(5)))
    await world.has_effects(5)
    await bus.stop()
    since = datetime(2026, 1, 1, tzinfo=UTC)
    offsets = await asyncio.to_thread(
        topics.replay, world.kafka.servers, ServiceName.TRIAGE, Ping.TOPIC, since, prefix=world.prefix
    )
    assert set(offsets.values()) == {0}
    again = await world.triage()
    await world.publish(again, Ping(number=5))
    await world.has_effects(6)
    assert await world.effects() == list(range(6))


def test_missing_java_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    reason = why_not(tmp_path)
    assert reason is not None
    assert reason.startswith("Java is missing")
    with pytest.raises(KafkaNotStartedError, match="Java is missing"):
        LocalKafka(tmp_path, cache=tmp_path).start()
