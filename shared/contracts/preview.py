"""What services ask each other about a report that is still being typed: codes and facts alone, and nothing is kept.

Unlike events, a question refuses fields that it does not know, so that nothing of the report can travel by mistake.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import LevelName
from shared.contracts.events import ChildInHome, Clocks, FiredRule, Route
from shared.contracts.facts import Facts
from shared.contracts.vocabulary import AgeBasis, AllegedRole, Answer, Concern, SubjectKind, Where

Minutes = Annotated[int, Field(ge=0, le=30 * 24 * 60)]


class Question(BaseModel):
    """A frozen question to a sibling."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Judged(Question):
    """What the rules read of a report, as `ReportReceived` has it; ages in years, today's national commune codes.

    `excluded_team_ids`: teams that must not be told, as what was typed names them.
    """

    subject_kind: SubjectKind = SubjectKind.UNKNOWN
    age_min: float | None = None
    age_max: float | None = None
    age_basis: AgeBasis = AgeBasis.UNKNOWN
    disabled: Answer = Answer.UNKNOWN
    children_in_home: tuple[ChildInHome, ...] = ()
    concerns: tuple[Concern, ...] = ()
    facts: Facts = Facts()
    earlier_reports_12_months: int = 0
    alleged_roles: tuple[AllegedRole, ...] = ()
    incident_unit_code: int | None = None
    residence_unit_code: int | None = None
    current_unit_code: int | None = None
    excluded_team_ids: tuple[UUID, ...] = ()


class Foreseen(BaseModel):
    """What the rules in force would make of it, were it received now; deadlines in UTC."""

    model_config = ConfigDict(frozen=True)

    level: LevelName
    rules: tuple[FiredRule, ...]
    table_version: str
    clocks: Clocks
    route: Route


class ChainAsked(Question):
    """Whom a case would page: `led_by`, `unit_code` and `acknowledge_within` are those of its route and clocks.

    `excluded_person_ids`, `excluded_team_ids`: whoever must not hear of it.
    """

    level: LevelName
    led_by: Where
    unit_code: int | None = None
    acknowledge_within: Minutes
    excluded_person_ids: tuple[UUID, ...] = ()
    excluded_team_ids: tuple[UUID, ...] = ()


class ChainPerson(BaseModel):
    """A colleague on duty. `role` in Vietnamese; `reachable`: has a verified number that is not known to fail."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: str
    reachable: bool


class ChainStep(BaseModel):
    """People paged together, `after_minutes` after receipt; `number` from 1."""

    model_config = ConfigDict(frozen=True)

    number: int
    after_minutes: int
    people: tuple[ChainPerson, ...]


class Chain(BaseModel):
    """Every step of an alert's plan, with who is on duty for it now."""

    model_config = ConfigDict(frozen=True)

    steps: tuple[ChainStep, ...]


class PagedPerson(BaseModel):
    """Somebody who was paged. `state` is Vietnamese: what became of the message or what they answered; `at` in ISO."""

    model_config = ConfigDict(frozen=True)

    name: str
    role: str
    step: int
    state: str
    icon: str
    css: str
    at: str


class Paging(BaseModel):
    """Who was paged for a report, in order; `acknowledged_by` is a name, null while nobody has the case."""

    model_config = ConfigDict(frozen=True)

    people: tuple[PagedPerson, ...]
    acknowledged_by: str | None


class NamesAsked(Question):
    """Which colleagues a page of a report names."""

    ids: Annotated[tuple[UUID, ...], Field(max_length=500)]


class Names(BaseModel):
    """Names of colleagues by id; whoever is not known is not in it."""

    model_config = ConfigDict(frozen=True)

    names: dict[UUID, str]
