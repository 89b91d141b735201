"""What people do on a case: lowering its level, milestones, hand-over; what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.triage.rules.clocks import end_of_working_day
from shared.contracts.events import CaseWork, Clocks
from shared.contracts.vocabulary import Level

PLAN_WORKING_DAYS = 5
"""Decree 56/2017 Art. 28(1): the plan (Mẫu 04) is drafted within 5 working days."""


class Milestone(StrEnum):
    """What is done on a case, in the order of the procedure."""

    CONTACT = "contact"
    """First contact with the child or whoever reported."""
    SEEN = "seen"
    """The child seen face to face."""
    FORM02 = "form02"
    """Mẫu 02: preliminary assessment."""
    PLAN = "plan"
    """Mẫu 04: support and intervention plan."""
    CLOSED = "closed"
    """Mẫu 06: closed."""


class Degree(StrEnum):
    """How much, on Mẫu 06."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


CLOSING_QUESTIONS = ("harm", "access", "obstacles", "self_protection")
"""What Mẫu 06 grades: harm, the perpetrator's access, obstacles to protection, the child's self-protection."""


@dataclass(frozen=True)
class Mark:
    """A milestone as the page shows it; `due` is null where the level sets none, `done` until it is."""

    milestone: Milestone
    due: datetime | None
    done: datetime | None

    def overdue(self, now: datetime) -> bool:
        """Tell whether it was due before `now` and is not done."""
        return self.done is None and self.due is not None and self.due < now


def marks(clocks: Clocks, received_at: datetime, work: CaseWork, contacted_at: datetime | None) -> tuple[Mark, ...]:
    """Return every milestone; `contacted_at` is a first contact recorded on the alert, which counts as well."""
    contacts = [moment for moment in (work.contact_at, contacted_at) if moment is not None]
    return (
        Mark(Milestone.CONTACT, clocks.contact_by, min(contacts, default=None)),
        Mark(Milestone.SEEN, clocks.visit_by, work.seen_at),
        Mark(Milestone.FORM02, clocks.form02_by, work.form02_at),
        Mark(Milestone.PLAN, end_of_working_day(received_at, PLAN_WORKING_DAYS), work.plan_at),
        Mark(Milestone.CLOSED, None, work.closed_at),
    )


def needs_second(from_level: Level, *, by_supervisor: bool) -> bool:
    """Tell whether lowering needs another person's word: always from IMMEDIATE, and for whoever is no supervisor."""
    return from_level is Level.IMMEDIATE or not by_supervisor


def lower_levels(level: Level) -> tuple[Level, ...]:
    """Return the levels to which a case may be lowered, gravest first."""
    return tuple(sorted((other for other in Level if other < level), reverse=True))
