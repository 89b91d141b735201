"""What other services may know of a report: codes, facts and intervals, never words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.rules.conflict import Excluded
from services.intake.rules.derived import child_report_id, child_reports
from services.intake.rules.report import Report
from shared.contracts.events import ChildInHome, ReportReceived
from shared.contracts.preview import Judged


@dataclass(frozen=True)
class Identity:
    """A stored report's names: `submitted_by` is the account of the operator who typed it, null for other senders."""

    report_id: UUID
    case_code: str
    revision: int
    submitted_by: UUID | None
    correlation_id: str


def with_children(event: ReportReceived, report: Report) -> tuple[ReportReceived, ...]:
    """Return the event of a report and one for each child at the home of an adult victim, to be judged on its own."""
    children = (
        announce(
            Identity(
                child_report_id(event.report_id, number),
                event.case_code,
                event.revision,
                event.submitted_by,
                event.correlation_id,
            ),
            child,
            event.received_at,
            event.occurred_at,
            excluded=Excluded(event.excluded_person_ids, event.excluded_team_ids),
        ).model_copy(update={"derived_from": event.report_id})
        for number, child in enumerate(child_reports(report))
    )
    return event, *children


def announce(
    identity: Identity, report: Report, received_at: datetime, now: datetime, *, excluded: Excluded
) -> ReportReceived:
    """Return the event that tells of a report (its newest revision). `received_at`: first receipt, in UTC.

    `excluded` are colleagues and teams who must not hear of it: every revision names them all, or they would be told.
    """
    subject = report.subject
    return ReportReceived(
        occurred_at=now,
        correlation_id=identity.correlation_id,
        report_id=identity.report_id,
        case_code=identity.case_code,
        revision=identity.revision,
        channel=report.channel,
        received_at=received_at,
        subject_kind=subject.kind,
        age_min=subject.age_min,
        age_max=subject.age_max,
        age_basis=subject.age_basis,
        disabled=subject.disabled,
        children_in_home=tuple(
            ChildInHome(age_min=child.age_min, age_max=child.age_max, disabled=child.disabled)
            for child in report.children_in_home
        ),
        concerns=tuple(dict.fromkeys(report.concerns)),
        facts=report.facts.known(),
        earlier_reports_12_months=report.prior_reports_12_months,
        alleged_roles=tuple(person.role for person in report.alleged),
        incident_unit_code=report.place.incident.unit_code,
        residence_unit_code=report.place.residence.unit_code,
        current_unit_code=report.place.current.unit_code,
        excluded_person_ids=excluded.person_ids,
        excluded_team_ids=excluded.team_ids,
        submitted_by=identity.submitted_by,
    )


def judged(report: Report, received_at: datetime, *, excluded: Excluded) -> Judged:
    """Return what the rules would read of a report that is still being typed: what `announce` would tell, unnamed."""
    told = announce(_UNNAMED, report, received_at, received_at, excluded=excluded)
    return Judged(**{name: getattr(told, name) for name in Judged.model_fields})


_UNNAMED = Identity(UUID(int=0), "", 1, None, "")
