"""The only things that services know of each other."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from shared.contracts.event import Event, LevelName
from shared.contracts.facts import Facts
from shared.contracts.vocabulary import (
    AgeBasis,
    AllegedRole,
    Answer,
    Channel,
    Concern,
    Role,
    ServiceName,
    SubjectKind,
    Where,
)


class Part(BaseModel):
    """A frozen part of an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ChildInHome(Part):
    """A child living where an adult victim lives; ages in years, null when unknown."""

    age_min: float | None = None
    age_max: float | None = None
    disabled: Answer = Answer.UNKNOWN


class ReportSubmitted(Event):
    """A report as hotline systems, portals and partners send it; inbound only, and the one event that is personal.

    `report` is a document of the report format. Kept encrypted by its receiver, never forwarded. Where what was sent
    is no document, the receiver leaves `report` empty and puts the bytes, in base64, into `unreadable`.
    """

    TOPIC: ClassVar[str] = "heedline.reports.submitted.v1"
    CONSUMERS: ClassVar[tuple[ServiceName, ...]] = (ServiceName.INTAKE,)

    report: dict[str, Any]
    unreadable: SkipJsonSchema[str | None] = None

    @property
    def key(self) -> str:
        return str(self.report.get("external_id") or self.event_id)


class ReportReceived(Event):
    """A report is stored. Sent again with a higher `revision` on a correction, new facts or a confirmed link.

    `received_at` starts the clocks. Ages are in years. `unit_code`s are today's national commune codes, null when
    unresolved. `submitted_by` is the account of the operator who typed it. `derived_from` is the report of the adult
    at whose home this child lives: it joins that case and has no alert of its own. `linked_report_ids` are all that a
    person linked to it, directly or through others.
    """

    TOPIC: ClassVar[str] = "heedline.reports.received.v1"
    CONSUMERS: ClassVar[tuple[ServiceName, ...]] = (ServiceName.TRIAGE,)

    report_id: UUID
    case_code: str
    revision: int
    channel: Channel
    received_at: AwareDatetime
    subject_kind: SubjectKind = SubjectKind.UNKNOWN
    age_min: float | None = None
    age_max: float | None = None
    age_basis: AgeBasis = AgeBasis.UNKNOWN
    disabled: Answer = Answer.UNKNOWN
    children_in_home: tuple[ChildInHome, ...] = ()
    concerns: tuple[Concern, ...] = ()
    facts: Facts = Facts()
    earlier_reports_12_months: int = 0
    linked_report_ids: tuple[UUID, ...] = ()
    alleged_roles: tuple[AllegedRole, ...] = ()
    incident_unit_code: int | None = None
    residence_unit_code: int | None = None
    current_unit_code: int | None = None
    excluded_person_ids: tuple[UUID, ...] = ()
    excluded_team_ids: tuple[UUID, ...] = ()
    submitted_by: UUID | None = None
    derived_from: UUID | None = None

    @property
    def key(self) -> str:
        return str(self.report_id)


class FiredRule(Part):
    """A rule that applied; `level` is null for a rule that is only recorded. `source` is as domain sources are cited."""

    id: str
    level: LevelName | None
    text_vi: str
    text_en: str
    source: str


class Clocks(Part):
    """Deadlines in UTC; null where the level sets none."""

    acknowledge_by: AwareDatetime
    contact_by: AwareDatetime | None = None
    visit_by: AwareDatetime | None = None
    form02_by: AwareDatetime | None = None
    legal_by: AwareDatetime | None = None


class Route(Part):
    """Whose duty a case is. `lead` and `support` are team codes (`shared.contracts.teams`).

    `locate`: the place of the incident is not known, and finding it is a task of the lead.
    """

    lead: str
    support: tuple[str, ...] = ()
    where: Where
    unit_code: int | None
    told_at_once: tuple[str, ...] = ()
    text_vi: str
    text_en: str
    locate: bool = False


class CaseWork(Part):
    """What people have done on a case, as far as others need it; moments in UTC, null until it is done.

    `owner` is the team that took the case over (null: the route's lead still has it), `offered_to` the team that has
    not answered a hand-over yet, `held_by` who took it over. `contact_at`: first contact, `seen_at`: the child seen
    face to face, `form02_at`, `plan_at`: Mẫu 02 and the plan, `closed_at`, `closed_by`: Mẫu 06.
    """

    owner: str | None = None
    offered_to: str | None = None
    held_by: UUID | None = None
    contact_at: AwareDatetime | None = None
    seen_at: AwareDatetime | None = None
    form02_at: AwareDatetime | None = None
    plan_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    closed_by: UUID | None = None


NOTHING_DONE = CaseWork()


class CaseAssessed(Event):
    """A case has a level, the rules that gave it, deadlines and a route.

    `sequence` grows from 1 with each state of the case, whether a revision of its report brought it or a person;
    `revision` is the report's that was judged. `lowered`: a person set a level below what the rules gave.
    """

    TOPIC: ClassVar[str] = "heedline.cases.assessed.v1"
    CONSUMERS: ClassVar[tuple[ServiceName, ...]] = (ServiceName.NOTIFY, ServiceName.INTAKE)

    report_id: UUID
    case_code: str
    sequence: int
    revision: int
    channel: Channel
    received_at: AwareDatetime
    level: LevelName
    rules: tuple[FiredRule, ...]
    table_version: str
    clocks: Clocks
    route: Route
    excluded_person_ids: tuple[UUID, ...] = ()
    excluded_team_ids: tuple[UUID, ...] = ()
    submitted_by: UUID | None = None
    lowered: bool = False
    derived_from: UUID | None = None
    work: CaseWork = NOTHING_DONE

    @property
    def key(self) -> str:
        return str(self.report_id)


AlertState = Literal["open", "acknowledged", "closed"]


class AlertChanged(Event):
    """An alert opened, moved a step, was acknowledged or closed. `sequence` grows with each change of the alert.

    `acknowledged_by` is a person's id; names stay in notify. `paged` counts the people paged so far. `contact_at` is
    the first contact, when it was recorded on the alert.
    """

    TOPIC: ClassVar[str] = "heedline.alerts.changed.v1"
    CONSUMERS: ClassVar[tuple[ServiceName, ...]] = (ServiceName.TRIAGE, ServiceName.INTAKE)

    report_id: UUID
    case_code: str
    sequence: int
    level: LevelName
    state: AlertState
    step: int
    paged: int
    acknowledged_by: UUID | None = None
    acknowledged_at: AwareDatetime | None = None
    contact_at: AwareDatetime | None = None

    @property
    def key(self) -> str:
        return str(self.report_id)


NO_ACCOUNT = 0
"""The `sequence` of an event that only tells of marks: nobody's account or key has changed."""


class Marks(Part):
    """Keyed hashes (`shared.marks`, in hex) by which a colleague is recognised when a report alleges them.

    `sequence` grows with each change of the person's marks. `member_of` are codes of the person's teams, `institution_hashes`
    have the codes of the teams of that institution. Empty for whoever has left.
    """

    person_id: UUID
    sequence: int
    member_of: tuple[str, ...] = ()
    name_hashes: tuple[str, ...] = ()
    phone_hashes: tuple[str, ...] = ()
    institution_hashes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class KeyTerms(Part):
    """How often an API key may ask, null for no limit, and when each of its secrets that will end does, in real time.

    `ends` is by the hash of the secret.
    """

    per_minute: int | None = None
    per_day: int | None = None
    ends: dict[str, AwareDatetime] = Field(default_factory=dict)


NO_TERMS = KeyTerms()


class PersonChanged(Event):
    """A colleague, an account or an API key was made, changed or disabled.

    `sequence` grows with each change of the account or key; it is `NO_ACCOUNT` where only `marks` are told of, which
    may be those of many colleagues at once. `key_hashes` are SHA-256 of API keys in hex with their scopes, and
    `key_terms` are the key's; names and phones stay in notify.
    """

    TOPIC: ClassVar[str] = "heedline.people.changed.v1"
    CONSUMERS: ClassVar[tuple[ServiceName, ...]] = (ServiceName.INTAKE, ServiceName.TRIAGE)

    person_id: UUID
    sequence: int
    roles: tuple[Role, ...] = ()
    team_codes: tuple[str, ...] = ()
    unit_codes: tuple[int, ...] = ()
    disabled: bool = False
    sessions_valid_from: AwareDatetime
    key_hashes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    key_terms: KeyTerms = NO_TERMS
    marks: tuple[Marks, ...] = ()

    @property
    def key(self) -> str:
        return str(self.person_id)


EVENTS: tuple[type[Event], ...] = (ReportSubmitted, ReportReceived, CaseAssessed, AlertChanged, PersonChanged)
"""Every event, in the order of a report's walk."""

BY_TOPIC: dict[str, type[Event]] = {event.TOPIC: event for event in EVENTS}
