"""Rows of notify as handlers read them: frozen, typed, without SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from services.notify.rules.escalation import REPEAT, Step, steps
from services.notify.rules.policy import Plan, plan_document, read_plan
from services.notify.rules.revision import Standing
from shared.contracts.events import CaseAssessed
from shared.contracts.vocabulary import Level, Where


@dataclass(frozen=True)
class Alert:
    """An alert as stored; moments in UTC, `state` open, acknowledged or closed.

    `policy` is null while it follows the built-in plan. `must_all`: everybody of the current step has to acknowledge.
    """

    report_id: UUID
    case_code: str
    case_sequence: int
    level: Level
    unit_code: int | None
    led_by: Where
    support: tuple[str, ...]
    told_at_once: tuple[str, ...]
    received_at: datetime
    acknowledge_by: datetime
    contact_by: datetime | None
    visit_by: datetime | None
    form02_by: datetime | None
    excluded_people: frozenset[UUID]
    excluded_teams: frozenset[str]
    locate: bool
    state: str
    plan: int
    step: int
    round: int
    sequence: int
    acknowledged_by: UUID | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    contact_at: datetime | None
    seen_at: datetime | None
    form02_at: datetime | None
    held_by: UUID | None
    offered_to: str | None
    alarm_at: datetime | None
    submitted_by: UUID | None
    correlation_id: str
    policy: Plan | None = None
    must_all: bool = False

    @classmethod
    def of(cls, row: RowMapping) -> Alert:
        """Read a row of the alerts table."""
        values: dict[str, Any] = {name: row[name] for name in cls.__dataclass_fields__}
        values["level"] = Level(row["level"])
        values["led_by"] = Where(row["led_by"])
        values["excluded_people"] = frozenset(row["excluded_people"])
        values["excluded_teams"] = frozenset(row["excluded_teams"])
        values["policy"] = read_plan(row["policy"])
        values["support"], values["told_at_once"] = tuple(row["support"]), tuple(row["told_at_once"])
        return cls(**values)

    @classmethod
    def proposed(cls, event: CaseAssessed, excluded_teams: frozenset[str]) -> Alert:
        """Return the alert that an assessment asks for, before anything is stored; `excluded_teams` are codes."""
        return cls(
            report_id=event.report_id,
            case_code=event.case_code,
            case_sequence=event.sequence,
            level=event.level,
            unit_code=event.route.unit_code,
            led_by=event.route.where,
            support=event.route.support,
            told_at_once=event.route.told_at_once,
            received_at=event.received_at,
            acknowledge_by=event.clocks.acknowledge_by,
            contact_by=event.clocks.contact_by,
            visit_by=event.clocks.visit_by,
            form02_by=event.clocks.form02_by,
            excluded_people=frozenset(event.excluded_person_ids),
            excluded_teams=excluded_teams,
            locate=event.route.locate,
            state="open",
            plan=1,
            step=1,
            round=0,
            sequence=1,
            acknowledged_by=None,
            acknowledged_at=None,
            closed_at=None,
            contact_at=None,
            seen_at=None,
            form02_at=None,
            held_by=None,
            offered_to=None,
            alarm_at=None,
            submitted_by=event.submitted_by,
            correlation_id=event.correlation_id,
        )

    @property
    def work_due(self) -> datetime | None:
        """The next deadline of whoever has taken it: first contact, then the child seen or Mẫu 02, whichever is sooner."""
        if self.contact_at is None:
            return self.contact_by
        open_ones = ((self.visit_by, self.seen_at), (self.form02_by, self.form02_at))
        return min((due for due, done in open_ones if due is not None and done is None), default=None)

    @property
    def standing(self) -> Standing:
        """What decides how a newer revision is taken."""
        return Standing(
            self.case_sequence,
            self.state,
            self.level,
            self.led_by,
            self.unit_code,
            self.acknowledged_by,
            self.excluded_people,
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        """The escalation plan that the alert follows: a policy's, taken over when it began, or the built-in one."""
        if self.policy is not None:
            return self.policy.steps
        return steps(self.level, self.led_by, self.unit_code, self.acknowledge_within)

    @property
    def policy_document(self) -> dict[str, Any] | None:
        """The policy as stored."""
        return plan_document(self.policy) if self.policy is not None else None

    @property
    def repeat(self) -> timedelta:
        """How often the last step repeats."""
        return self.policy.repeat if self.policy is not None else REPEAT[self.level]

    @property
    def acknowledge_within(self) -> timedelta:
        """How long after receipt a human has to have taken it, as triage's clocks say."""
        return self.acknowledge_by - self.received_at


class NoSuchAlertError(Exception):
    """No alert has this case code."""


class AlertClosedError(Exception):
    """The alert is closed; nothing more can be done to it."""


class NoSuchPersonError(Exception):
    """No colleague has this id."""


class PersonExcludedError(Exception):
    """A person who must not have the case: they, or their institution, may be the alleged."""
