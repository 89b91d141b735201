"""What a team must be like: a code of a function and a place, names in both languages, a phone that fits messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.contracts.teams import Function, commune_team, province_team

DUTY_PHONE_LONGEST: Final = 11
"""Characters: the messages that name it are one segment at their longest."""
DUTY_PHONE_SHORTEST: Final = 3
NAME_LONGEST: Final = 120
INSTITUTIONS_MOST: Final = 40

COMMUNE_FUNCTIONS: Final = (
    Function.SOCIAL,
    Function.POLICE,
    Function.HEALTH,
    Function.JUSTICE,
    Function.EDUCATION,
    Function.UNIONS,
    Function.LEADERS,
)
"""What a team of a commune can do; a province has teams of every function but the last."""


class TeamFault(StrEnum):
    """What is wrong with a field of a team."""

    NAME_MISSING = "name_missing"
    NAME_LONG = "name_long"
    PHONE_SHORT = "phone_short"
    PHONE_LONG = "phone_long"
    PHONE_CHARACTERS = "phone_characters"
    INSTITUTIONS_MANY = "institutions_many"
    INSTITUTION_LONG = "institution_long"
    FUNCTION = "function"


@dataclass(frozen=True)
class TeamForm:
    """A team as it is to be; `institutions` are names, without those that are empty."""

    name_vi: str
    name_en: str
    duty_phone: str
    institutions: tuple[str, ...]

    @classmethod
    def of(cls, name_vi: str, name_en: str, duty_phone: str, institutions: str) -> TeamForm:
        """Read the fields of a form: outer and repeated spaces go, institutions stand one a line."""
        names = dict.fromkeys(_plain(line) for line in institutions.splitlines())
        return cls(_plain(name_vi), _plain(name_en), _plain(duty_phone), tuple(name for name in names if name))

    def faults(self) -> Mapping[str, TeamFault]:
        """Return what is wrong, by field; nothing when the team can be kept."""
        found = {
            "name_vi": _name_fault(self.name_vi),
            "name_en": _name_fault(self.name_en),
            "duty_phone": _phone_fault(self.duty_phone),
            "institutions": self._institutions_fault(),
        }
        return {field: fault for field, fault in found.items() if fault is not None}

    def _institutions_fault(self) -> TeamFault | None:
        if len(self.institutions) > INSTITUTIONS_MOST:
            return TeamFault.INSTITUTIONS_MANY
        too_long = any(len(name) > NAME_LONGEST for name in self.institutions)
        return TeamFault.INSTITUTION_LONG if too_long else None


def new_team_code(function: Function, unit_code: int | None) -> str | None:
    """Return the code of a team, `unit_code` null at the province; None where there is no such team."""
    if unit_code is None:
        return None if function is Function.LEADERS else province_team(function)
    return commune_team(function, unit_code) if function in COMMUNE_FUNCTIONS else None


def unit_of(team_code: str) -> int | None:
    """Return the commune's code in the code of a team; None at the province."""
    end = team_code.rpartition("-")[2]
    return int(end) if end.isascii() and end.isdigit() else None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _name_fault(name: str) -> TeamFault | None:
    if not name:
        return TeamFault.NAME_MISSING
    return TeamFault.NAME_LONG if len(name) > NAME_LONGEST else None


def _phone_fault(phone: str) -> TeamFault | None:
    if re.fullmatch(r"[0-9 ]*", phone) is None:
        return TeamFault.PHONE_CHARACTERS
    if len(phone) > DUTY_PHONE_LONGEST:
        return TeamFault.PHONE_LONG
    return TeamFault.PHONE_SHORT if len(phone) < DUTY_PHONE_SHORTEST else None
