"""What of a report somebody who works on its case may read, and who that is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.intake.rules.report import Report
from shared.contracts.vocabulary import Answer


@dataclass(frozen=True)
class Reader:
    """Who asks: a supervisor, or a person of some teams."""

    person_id: UUID
    supervisor: bool
    teams: Collection[str]


@dataclass(frozen=True)
class Standing:
    """How the case stands: the teams of its route, who has taken it, and who must not hear of it."""

    teams: Collection[str]
    taken_by: UUID | None
    excluded: Collection[UUID]


def may_read(reader: Reader, case: Standing) -> bool:
    """Tell whether somebody may read it: a supervisor always, a team once the case is taken, the alleged never."""
    if reader.person_id in case.excluded:
        return False
    if reader.supervisor or reader.person_id == case.taken_by:
        return True
    return case.taken_by is not None and not set(reader.teams).isdisjoint(case.teams)


def details(report: Report) -> dict[str, object]:
    """Return what the people on a case need of a report; who told only where they agreed (Mẫu 01)."""
    subject, reporter = report.subject, report.reporter
    told = reporter.share_identity is Answer.YES and not reporter.anonymous
    return {
        "narrative": report.narrative,
        "incident_date": report.incident_date.isoformat() if report.incident_date else None,
        "subject": {
            "name": subject.name,
            "sex": subject.sex.value,
            "birth_date": subject.birth_date.isoformat() if subject.birth_date else None,
            "age_min": subject.age_min,
            "age_max": subject.age_max,
        },
        "family": {
            "father": report.family.father.name,
            "mother": report.family.mother.name,
            "carer": report.family.carer,
        },
        "alleged": [
            {"role": person.role.value, "name": person.name, "institution": person.institution}
            for person in report.alleged
        ],
        "places": {
            name: {"text": place.text, "unit_code": place.unit_code, "detail": place.detail}
            for name, place in (
                ("incident", report.place.incident),
                ("residence", report.place.residence),
                ("current", report.place.current),
            )
        },
        "reporter": {
            "shared": told,
            "name": reporter.name if told else "",
            "phone": reporter.phone if told else "",
            "relation": reporter.relation if told else "",
            "safe_to_contact": reporter.safe_to_contact.value,
        },
    }
