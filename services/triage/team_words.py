"""What people call a team, from its code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.triage.rules.seats import Seat
from shared import places
from shared.contracts.teams import Function, commune_team, province_team
from shared.contracts.vocabulary import Where

COMMUNE_FUNCTIONS: Final = (Function.SOCIAL, Function.POLICE, Function.HEALTH, Function.JUSTICE, Function.EDUCATION)
"""Functions of a commune that can own a case."""
PROVINCE_FUNCTIONS: Final = (
    Function.DUTY,
    Function.CHILD_PROTECTION,
    Function.SOCIAL,
    Function.POLICE,
    Function.HEALTH,
    Function.HOSPITAL,
    Function.EDUCATION,
    Function.JUSTICE,
    Function.LEGAL_AID,
    Function.LABOUR,
)


def team_words(code: str, locale: str) -> str:
    """Return the name of a team in `locale` (vi, en); the code itself where it is none of ours."""
    try:
        function, unit_code = _parts(code)
        where = Where.PROVINCE if unit_code is None else Where.COMMUNE
        words = Seat(function, where).words[1 if locale == "en" else 0]
    except (ValueError, KeyError):
        return code
    if unit_code is None:
        return _capital(words)
    unit = places.by_code(unit_code)
    return f"{_capital(words)}, {unit.name if unit else unit_code}"


def is_team(code: str) -> bool:
    """Tell whether a case can be handed over to this team."""
    try:
        function, unit_code = _parts(code)
    except ValueError:
        return False
    if unit_code is None:
        return function in PROVINCE_FUNCTIONS
    return function in COMMUNE_FUNCTIONS and unit_code in {unit.code for unit in places.bac_ninh()}


def choices(unit_code: int | None) -> Iterator[tuple[str, list[str]]]:
    """Give the teams that may take a case over, in groups: here, the province, social work elsewhere."""
    if unit_code is not None:
        yield "Xã, phường này", [commune_team(function, unit_code) for function in COMMUNE_FUNCTIONS]
    yield "Cấp tỉnh", [province_team(function) for function in PROVINCE_FUNCTIONS]
    others = [unit.code for unit in places.bac_ninh() if unit.code != unit_code]
    yield "Xã, phường khác", [commune_team(Function.SOCIAL, code) for code in others]


def _parts(code: str) -> tuple[Function, int | None]:
    """Return function and commune of a code; raises `ValueError`."""
    if code.startswith("province-"):
        return Function(code.removeprefix("province-")), None
    function, _, unit = code.rpartition("-")
    return Function(function), int(unit)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
