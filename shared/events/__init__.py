"""Publish inside the caller's transaction; consume exactly once in effect; PostgreSQL or Kafka below."""

from shared.events.bus import EventBus
from shared.events.errors import KafkaUnreachableError, OutageError
from shared.events.kafka import check_kafka
from shared.events.tables import EVENTS_SCHEMA

__all__ = ["EVENTS_SCHEMA", "EventBus", "KafkaUnreachableError", "OutageError", "check_kafka"]
