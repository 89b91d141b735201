"""The report format: what a hotline, a page or a partner may send, and what nobody said.

Everything is optional but the channel and one of narrative, concerns, facts. A field that is absent, null or empty
text is unknown. Fields that the format does not know are kept with the report and never leave it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.contracts.facts import Facts
from shared.contracts.vocabulary import AgeBasis, AllegedRole, Answer, Channel, Concern, SubjectKind

NARRATIVE_LIMIT = 20_000
"""Characters of the narrative."""

TEXT_LIMIT = 2_000
"""Characters of any other text."""

LARGEST_BODY = 64 * 1024
"""Bytes of a report as it is sent; a narrative of that length fits with room for everything else."""

OLDEST_AGE = 120
"""Years."""

CONTENT_FIELDS = ("narrative", "concerns", "facts")
"""A report must have at least one of these."""

_LISTS_OF_PEOPLE = frozenset({"children_in_home", "alleged"})
"""An empty entry of these is somebody of whom nothing is known, which must not be lost."""


@dataclass(frozen=True)
class Reading:
    """What a report is read against: today's date in Việt Nam, and which unit codes exist.

    `unit_name` returns the name of a unit that exists today, else null; `successor` names, with its code, the unit
    that a former code became, else null.
    """

    today: date
    unit_name: Callable[[int], str | None]
    successor: Callable[[int], str | None]


def without_empty(value: Any) -> Any:
    """Return a JSON value without what says nothing: null, blank text, empty parts. Text becomes NFC, as it is stored."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            entries = ((name, _entries(name, inner)) for name, inner in value.items())
            return {name: inner for name, inner in entries if not _is_empty(inner)}
        case list():
            return [inner for inner in map(without_empty, value) if not _is_empty(inner)]
        case _:
            return value


def _entries(name: str, value: Any) -> Any:
    if name in _LISTS_OF_PEOPLE and isinstance(value, list):
        return [{} if _is_empty(entry) else without_empty(entry) for entry in value]
    return without_empty(value)


def _is_empty(value: Any) -> bool:
    return value in (None, {}, []) or (isinstance(value, str) and not value.strip())


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("number", "a number")
    return value


def _representable(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("moment", "a moment of our time") from None


Age = Annotated[float, Field(ge=0, le=OLDEST_AGE, allow_inf_nan=False), BeforeValidator(_number)]
"""Years; fractions are allowed."""

Hours = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(_number)]

Text = Annotated[str, Field(max_length=TEXT_LIMIT)]

Received = Annotated[AwareDatetime, AfterValidator(_representable)]
"""A moment with its offset; held in UTC."""


class Sex(StrEnum):
    """As form Mẫu 01 asks it."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class Section(BaseModel):
    """A part of a report. Frozen; keeps fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow", coerce_numbers_to_str=True, hide_input_in_errors=True)


class AgeInterval(Section):
    """An age in years on any basis; `age_min` null is unknown even when `age_max` is given."""

    age_min: Age | None = None
    age_max: Age | None = None
    disabled: Answer = Answer.UNKNOWN

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.age_min is not None and self.age_max is not None and self.age_max < self.age_min:
            raise PydanticCustomError("age_order", "age_min is at most age_max")
        return self


class Subject(AgeInterval):
    """Whom the report is about."""

    kind: SubjectKind = SubjectKind.UNKNOWN
    name: Text = ""
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = None
    age_basis: AgeBasis = AgeBasis.UNKNOWN

    @field_validator("birth_date")
    @classmethod
    def _born(cls, born: date | None, info: ValidationInfo) -> date | None:
        if born is not None and isinstance(info.context, Reading) and born > info.context.today:
            raise PydanticCustomError("birth_in_future", "not in the future")
        return born


class Parent(Section):
    """Father or mother, as form Mẫu 01 asks; `age` and whatever else is sent are kept as they are."""

    name: Text = ""
    job: Text = ""


class Family(Section):
    """Who brings the child up."""

    father: Parent = Parent()
    mother: Parent = Parent()
    carer: Text = ""


class Alleged(Section):
    """Somebody said to have done harm."""

    role: AllegedRole = AllegedRole.UNKNOWN
    name: Text = ""
    institution: Text = ""


class Location(Section):
    """A place as it was said, and the national code of its commune today, null while unresolved."""

    text: Text = ""
    unit_code: Annotated[int, BeforeValidator(_number)] | None = None
    detail: Text = ""

    @field_validator("unit_code")
    @classmethod
    def _exists(cls, code: int | None, info: ValidationInfo) -> int | None:
        if code is None or not isinstance(info.context, Reading) or info.context.unit_name(code) is not None:
            return code
        successor = info.context.successor(code)
        if successor is None:
            raise PydanticCustomError("unit_unknown", "a code of today")
        raise PydanticCustomError("unit_former", "a code of today", {"successor": successor})


class Places(Section):
    """Three places that the procedure keeps apart (Decree 56/2017): each may be in another commune."""

    incident: Location = Location()
    residence: Location = Location()
    current: Location = Location()


class Reporter(Section):
    """Who told; `anonymous` null is unknown."""

    anonymous: bool | None = None
    name: Text = ""
    phone: Text = ""
    relation: Text = ""
    safe_to_contact: Answer = Answer.UNKNOWN
    share_identity: Answer = Answer.UNKNOWN


class ReportedFacts(Facts):
    """Facts as they were sent, with those that the format does not know."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    hours_since_sexual_contact: Hours | None = None

    def known(self) -> Facts:
        """Return the facts of the format alone: nothing else may leave with an event."""
        return Facts.model_construct(**{name: getattr(self, name) for name in Facts.model_fields})


class Report(Section):
    """A report of harm or fear of harm. Personal: it is sealed where it is kept and never becomes part of an event."""

    channel: Channel
    external_id: Text = ""
    received_at: Received | None = None
    incident_date: date | None = None
    narrative: Annotated[str, Field(max_length=NARRATIVE_LIMIT)] = ""
    subject: Subject = Subject()
    family: Family = Family()
    children_in_home: tuple[AgeInterval, ...] = ()
    concerns: tuple[Concern, ...] = ()
    facts: ReportedFacts = ReportedFacts()
    prior_reports_12_months: Annotated[int, Field(ge=0, le=10_000), BeforeValidator(_number)] = 0
    alleged: tuple[Alleged, ...] = ()
    place: Places = Places()
    reporter: Reporter = Reporter()


def says_something(document: Mapping[str, Any]) -> bool:
    """Tell whether a document without its empty fields has a narrative, a concern or a fact."""
    return not document.keys().isdisjoint(CONTENT_FIELDS)
