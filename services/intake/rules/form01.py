"""What form Mẫu số 01 asks, answered from a report; an empty text is a line to fill in by hand."""

from __future__ import annotations

from dataclasses import dataclass

from services.intake.rules.report import AgeInterval, Location, Parent, Report, Sex
from shared.contracts.facts import YES_NO_FACTS
from shared.contracts.vocabulary import Answer

SEXES = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ", Sex.UNKNOWN: "Không biết"}


@dataclass(frozen=True)
class Form01:
    """The form's fields, in Vietnamese as they are printed.

    `facts` are names of facts answered yes, `concerns` of concerns, both printed in words by the page. Who told is
    given only where they agreed (the form says so).
    """

    name: str
    born: str
    age: str
    sex: str
    incident: str
    narrative: str
    facts: tuple[str, ...]
    concerns: tuple[str, ...]
    father: str
    father_age: str
    father_job: str
    mother: str
    mother_age: str
    mother_job: str
    residence: str
    carer: str
    informant_agreed: bool
    informant: str
    informant_phone: str
    informant_relation: str


def fill(report: Report) -> Form01:
    """Return the form of a report."""
    subject, family, reporter = report.subject, report.family, report.reporter
    agreed = reporter.share_identity is Answer.YES and not reporter.anonymous
    return Form01(
        name=subject.name,
        born=subject.birth_date.strftime("%d/%m/%Y") if subject.birth_date else "",
        age=_age(subject),
        sex=SEXES[subject.sex],
        incident=_place(report.place.incident),
        narrative=report.narrative,
        facts=tuple(name for name in YES_NO_FACTS if getattr(report.facts, name) is Answer.YES),
        concerns=tuple(concern.value for concern in dict.fromkeys(report.concerns)),
        father=family.father.name,
        father_age=_said(family.father),
        father_job=family.father.job,
        mother=family.mother.name,
        mother_age=_said(family.mother),
        mother_job=family.mother.job,
        residence=_place(report.place.residence),
        carer=family.carer,
        informant_agreed=agreed,
        informant=reporter.name if agreed else "",
        informant_phone=reporter.phone if agreed else "",
        informant_relation=reporter.relation if agreed else "",
    )


def _age(interval: AgeInterval) -> str:
    if interval.age_min is None:
        return ""
    low, high = f"{interval.age_min:g}", interval.age_max
    return low if high is None or f"{high:g}" == low else f"{low}–{high:g}"


def _place(place: Location) -> str:
    return ", ".join(part for part in (place.detail, place.text) if part)


def _said(parent: Parent) -> str:
    """Return the age as it was sent: the format keeps it as an unknown field."""
    age = (parent.model_extra or {}).get("age")
    return str(age) if isinstance(age, int | float | str) else ""
