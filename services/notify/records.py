"""Rows of notify as handlers read them: frozen, typed, without SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from services.notify.rules.escalation import Step, steps
from shared.contracts.vocabulary import Level, Where


@dataclass(frozen=True)
class Alert:
    """An alert as stored; moments in UTC, `state` open, acknowledged or closed."""

    report_id: UUID
    case_code: str
    revision: int
    level: Level
    unit_code: int | None
    led_by: Where
    received_at: datetime
    acknowledge_by: datetime
    contact_by: datetime | None
    excluded_people: frozenset[UUID]
    state: str
    plan: int
    step: int
    round: int
    sequence: int
    acknowledged_by: UUID | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    contact_at: datetime | None
    alarm_at: datetime | None
    submitted_by: UUID | None
    correlation_id: str

    @classmethod
    def of(cls, row: RowMapping) -> Alert:
        """Read a row of the alerts table."""
        values: dict[str, Any] = {name: row[name] for name in cls.__dataclass_fields__}
        values["level"] = Level(row["level"])
        values["led_by"] = Where(row["led_by"])
        values["excluded_people"] = frozenset(row["excluded_people"])
        return cls(**values)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The escalation plan that the alert follows."""
        return steps(self.level, self.led_by, self.unit_code, self.working_day)

    @property
    def working_day(self) -> timedelta:
        """How long after receipt the first working day ends, as triage's clock for ROUTINE says."""
        return self.acknowledge_by - self.received_at


class NoSuchAlertError(Exception):
    """No alert has this case code."""


class AlertClosedError(Exception):
    """The alert is closed; nothing more can be done to it."""


class NoSuchPersonError(Exception):
    """No colleague has this id."""
