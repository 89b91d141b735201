"""Children at home of an adult victim: each has a report of its own within the adult's case (rule R30)."""

from __future__ import annotations

from uuid import UUID, uuid5

from services.intake.rules.report import Report, Subject
from shared.contracts.vocabulary import SubjectKind


def child_reports(report: Report) -> tuple[Report, ...]:
    """Return a report for each child at home of an adult subject, in the order they were given; otherwise none.

    A child's report holds who, when, where and the kinds of concern; the story and the people stay in the adult's.
    """
    if report.subject.kind is not SubjectKind.ADULT:
        return ()
    return tuple(
        Report(
            channel=report.channel,
            received_at=report.received_at,
            incident_date=report.incident_date,
            concerns=report.concerns,
            subject=Subject.model_validate({**child.model_dump(), "kind": SubjectKind.CHILD}),
            place=report.place,
        )
        for child in report.children_in_home
    )


def child_report_id(adult_report_id: UUID, number: int) -> UUID:
    """Return the id of the report of the child at place `number` (from 0): the same again after a correction."""
    return uuid5(adult_report_id, f"child {number}")
