"""The base of every event that services exchange."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

from shared.contracts.vocabulary import Level, ServiceName


def _level_from_name(value: object) -> Level:
    if isinstance(value, Level):
        return value
    try:
        return Level[str(value)]
    except KeyError:
        raise ValueError(f"unknown level {value!r}") from None


LevelName = Annotated[
    Level,
    PlainValidator(_level_from_name),
    PlainSerializer(lambda level: level.name, return_type=str),
    WithJsonSchema({"type": "string", "enum": [level.name for level in Level]}),
]
"""A level that travels by its name."""


class Event(BaseModel):
    """Something that happened, told to other services once it is committed.

    Frozen. Unknown fields are ignored on arrival, so a newer sender may add some; a `version` greater
    than the receiver's `VERSION` is set aside. No field may hold personal data: names, phones, addresses
    and free text stay in intake. `correlation_id` is one for everything a report causes.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    TOPIC: ClassVar[str]
    VERSION: ClassVar[int] = 1
    CONSUMERS: ClassVar[tuple[ServiceName, ...]]

    version: int = 1
    event_id: UUID = Field(default_factory=uuid4)
    occurred_at: AwareDatetime
    correlation_id: str

    @property
    def key(self) -> str:
        """The Kafka key: events with equal keys keep their order on a partition."""
        raise NotImplementedError


Moment = datetime
"""An aware point in time; UTC in events and in the database."""
