"""What a newer state of a case means for its alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.contracts.vocabulary import Level, Where


@dataclass(frozen=True)
class Standing:
    """What of an alert decides whether somebody must be paged again; `state` open, acknowledged or closed."""

    case_sequence: int
    state: str
    level: Level
    led_by: Where
    unit_code: int | None
    acknowledged_by: UUID | None
    excluded_people: frozenset[UUID]


@dataclass(frozen=True)
class UpToDate:
    """The state is not newer than the alert's: it was told before, or comes late."""


@dataclass(frozen=True)
class Updated:
    """Deadlines and route change; whoever was paged stays with it."""


@dataclass(frozen=True)
class LevelRaised:
    """Graver than before, whoever has taken or closed it: all are paged by the graver plan."""

    what: ClassVar[str] = "level_raised"


@dataclass(frozen=True)
class Lowered:
    """A person lowered the level: whoever was paged stays with it, and the next steps come as late as that level has them."""


@dataclass(frozen=True)
class Moved:
    """Nobody has taken it yet, and another commune or the province has to: an official is alleged, a place found."""

    what: ClassVar[str] = "moved"


@dataclass(frozen=True)
class LeadExcluded:
    """Whoever took it turns out to be somebody who must not have it."""

    what: ClassVar[str] = "lead_excluded"


Change = UpToDate | Updated | LevelRaised | Lowered | Moved | LeadExcluded


def compare(before: Standing, after: Standing, *, lowered: bool = False) -> Change:
    """Return what the state `after` changes; the gravest reason to page again counts.

    Only where a person `lowered` the level does a lower one count.
    """
    if after.case_sequence <= before.case_sequence:
        return UpToDate()
    if after.level > before.level:
        return LevelRaised()
    if lowered and after.level < before.level:
        return Lowered()
    if before.state == "acknowledged" and before.acknowledged_by in after.excluded_people:
        return LeadExcluded()
    if before.state == "open" and (before.led_by, before.unit_code) != (after.led_by, after.unit_code):
        return Moved()
    return Updated()
