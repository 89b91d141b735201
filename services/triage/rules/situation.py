"""What a report says, as the rules read it, and the words that the rules are written in (domain, "Words used in the table")."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.events import ChildInHome, ReportReceived
from shared.contracts.facts import YES_NO_FACTS, Facts
from shared.contracts.vocabulary import AgeBasis, AllegedRole, Answer, Concern, SubjectKind, Suicide

CHILD_AGE = 18
"""Trafficking law protects everyone under 18, so the rules follow it rather than the 16 of the Children Law."""

NOTHING_SAID = Facts()
"""Every fact unknown."""

MALTREATMENT: frozenset[Concern] = frozenset(
    {
        Concern.PHYSICAL,
        Concern.SEXUAL,
        Concern.EMOTIONAL,
        Concern.NEGLECT,
        Concern.LABOUR_EXPLOITATION,
        Concern.TRAFFICKING,
        Concern.ONLINE_SEXUAL,
        Concern.BULLYING,
        Concern.WITNESSING_DOMESTIC_VIOLENCE,
        Concern.CHILD_MARRIAGE,
        Concern.ABANDONMENT,
    }
)


@dataclass(frozen=True, slots=True)
class Situation:
    """A frozen view of one revision of a report. Ages are in years; null means unknown."""

    facts: Facts = NOTHING_SAID
    subject_kind: SubjectKind = SubjectKind.UNKNOWN
    age_min: float | None = None
    age_max: float | None = None
    age_basis: AgeBasis = AgeBasis.UNKNOWN
    disabled: Answer = Answer.UNKNOWN
    children_in_home: tuple[ChildInHome, ...] = ()
    concerns: frozenset[Concern] = frozenset()
    alleged_roles: frozenset[AllegedRole] = frozenset()
    earlier_reports: int = 0
    incident_unit_code: int | None = None
    residence_unit_code: int | None = None
    current_unit_code: int | None = None

    @classmethod
    def of(cls, report: ReportReceived) -> Situation:
        """Return the view of a received report."""
        return cls(
            facts=report.facts,
            subject_kind=report.subject_kind,
            age_min=report.age_min,
            age_max=report.age_max,
            age_basis=report.age_basis,
            disabled=report.disabled,
            children_in_home=report.children_in_home,
            concerns=frozenset(report.concerns),
            alleged_roles=frozenset(report.alleged_roles),
            earlier_reports=report.earlier_reports_12_months,
            incident_unit_code=report.incident_unit_code,
            residence_unit_code=report.residence_unit_code,
            current_unit_code=report.current_unit_code,
        )

    @property
    def adult_subject(self) -> bool:
        """Whether the report is about an adult; an unknown kind is a child."""
        return self.subject_kind is SubjectKind.ADULT

    @property
    def place_known(self) -> bool:
        """Whether the place of the incident is resolved to a commune."""
        return self.incident_unit_code is not None

    @property
    def child_elsewhere(self) -> int | None:
        """The commune where the child is now, null unless it is known not to be that of the incident."""
        return self.current_unit_code if self.current_unit_code != self.incident_unit_code else None

    @property
    def lives_elsewhere(self) -> int | None:
        """The commune of residence, null unless it is known not to be that of the incident."""
        return self.residence_unit_code if self.residence_unit_code != self.incident_unit_code else None

    def possibly_under(self, years: float) -> bool:
        """Tell whether the child may be younger than `years`: `age_min` below it, or unknown.

        With an adult subject the children in the home are read instead: any one suffices, none listed is false.
        Possibly under a lower age therefore always implies possibly under a higher one.
        """
        if self.adult_subject:
            return any(_below(child.age_min, years) for child in self.children_in_home)
        return _below(self.age_min, years)

    @property
    def disabled_child(self) -> bool:
        """Whether the child is said to be disabled; with an adult subject, any child in the home."""
        if self.adult_subject:
            return any(child.disabled is Answer.YES for child in self.children_in_home)
        return self.disabled is Answer.YES

    def young_or_disabled(self, years: float) -> bool:
        """Tell whether a child is possibly under `years`, or disabled."""
        return self.possibly_under(years) or self.disabled_child

    @property
    def maltreatment(self) -> bool:
        """Whether a person possibly under 18 may be maltreated; law-breaking by a child is not maltreatment."""
        return self.possibly_under(CHILD_AGE) and not MALTREATMENT.isdisjoint(self.concerns)

    @property
    def access_open(self) -> bool:
        """Whether it is not ruled out that the alleged person can still reach the child."""
        return self.facts.alleged_has_access is not Answer.NO

    @property
    def safe_adult(self) -> bool:
        """Whether an adult whom the child trusts is said to be there."""
        return self.facts.with_safe_adult is Answer.YES

    def nothing_told_but(self, harmless: frozenset[str]) -> bool:
        """Tell whether no fact is answered yes except `harmless` ones, nor a plan, thoughts or hours stated."""
        facts = self.facts
        if facts.suicide in (Suicide.PLAN, Suicide.THOUGHTS) or facts.hours_since_sexual_contact is not None:
            return False
        return not any(getattr(facts, name) is Answer.YES for name in YES_NO_FACTS if name not in harmless)

    @property
    def pure_information_request(self) -> bool:
        """Whether somebody only asks for information: nothing feared, nobody alleged, nothing earlier, nothing told."""
        return (
            self.facts.information_request_only is Answer.YES
            and not self.concerns
            and not self.alleged_roles
            and self.earlier_reports == 0
            and self.nothing_told_but(_HARMLESS_IN_A_REQUEST)
        )


_HARMLESS_IN_A_REQUEST = frozenset({"information_request_only", "with_safe_adult", "independently_mobile"})


def _below(age_min: float | None, years: float) -> bool:
    return age_min is None or age_min < years
