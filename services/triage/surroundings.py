"""What routing knows besides a report: who covers its commune, who must not be told, what its other communes are called."""

from __future__ import annotations

from services.triage.rules.routing import Surroundings
from shared import places
from shared.contracts.events import ReportReceived


def surroundings(report: ReportReceived, *, covered: bool) -> Surroundings:
    """Return what routing knows besides the report; `covered`: the commune of the incident has teams here."""
    units = (places.by_code(code) for code in (report.current_unit_code, report.residence_unit_code) if code)
    return Surroundings(
        covered=covered,
        excluded=frozenset(report.excluded_team_ids),
        unit_names={unit.code: unit.name for unit in units if unit is not None},
    )
