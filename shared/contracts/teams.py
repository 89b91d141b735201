"""Codes of teams: a function at a commune (`social-9190`) or at the province (`province-police`).

Triage routes to codes; notify knows the people behind them. A code says what a team does and where, so a
route stays readable in a log and means the same in every service. Where a team is named by an id, the id is made of
its code, so that no service needs a table of them.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

TEAM_IDS: Final = UUID("3d4f5c0e-8a3b-4f6e-9a55-0d1f6f2c7b16")
"""The namespace of the ids of teams; it never changes."""


class Function(StrEnum):
    """What a team does. The commune interdisciplinary group (Children Law art. 94(2)) has one team per function."""

    SOCIAL = "social"
    POLICE = "police"
    HEALTH = "health"
    JUSTICE = "justice"
    EDUCATION = "education"
    UNIONS = "unions"
    LEADERS = "leaders"
    """The commune People's Committee: its chair."""
    DUTY = "duty"
    """Province only: the duty desk."""
    CHILD_PROTECTION = "child-protection"
    """Province only: the child-protection office."""
    HOSPITAL = "hospital"
    LEGAL_AID = "legal-aid"
    LABOUR = "labour"
    COMMITTEE = "committee"
    """Province only: the steering committee for child protection."""


PROVINCE = "province"


def commune_team(function: Function, unit_code: int) -> str:
    """Return the code of a commune's team, `social-9190`."""
    return f"{function.value}-{unit_code}"


def province_team(function: Function) -> str:
    """Return the code of a province team, `province-police`."""
    return f"{PROVINCE}-{function.value}"


@lru_cache(maxsize=8192)
def team_id(code: str) -> UUID:
    """Return the id of a team, the same in every service: UUID 5 of its code."""
    return uuid5(TEAM_IDS, code)
