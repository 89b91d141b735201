"""Small events of the tests' own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.vocabulary import ServiceName


def _now() -> datetime:
    return datetime.now(UTC)


class Ping(Event):
    """Something numbered happened."""

    TOPIC: ClassVar[str] = "test.ping.v1"
    CONSUMERS: ClassVar[tuple[ServiceName, ...]] = (ServiceName.TRIAGE,)

    occurred_at: datetime = Field(default_factory=_now)
    correlation_id: str = "a-correlation"
    number: int

    @property
    def key(self) -> str:
        return str(self.number)


class PingWithMore(Ping):
    """What a newer sender of the same version writes."""

    mood: str = "calm"


class PingOfTomorrow(Ping):
    """What a sender of the next version writes."""

    version: int = 2


class UnparsablePing(Ping):
    """Claims to be a ping and lacks the number."""

    number: str = "many"  # type: ignore[assignment] # the wrong type is what is tested


class Bell(Event):
    """Something that two services hear of."""

    TOPIC: ClassVar[str] = "test.bell.v1"
    CONSUMERS: ClassVar[tuple[ServiceName, ...]] = (ServiceName.TRIAGE, ServiceName.NOTIFY)

    occurred_at: datetime = Field(default_factory=_now)
    correlation_id: str = "a-correlation"
    number: int = 0

    @property
    def key(self) -> str:
        return str(self.number)
