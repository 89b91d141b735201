"""Read a document as a report: every wrong field named, places resolved, contradictions settled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from services.intake.rules.field_errors import FieldError, InvalidReportError, field_errors
from services.intake.rules.place import Meaning, settle_places
from services.intake.rules.plausibility import VIETNAM, Warn, make_plausible
from services.intake.rules.report import Reading, Report, says_something, without_empty
from shared import phones, places

Document = bytes | Mapping[str, Any]
"""A report as it was sent: JSON, or what JSON means."""


@dataclass(frozen=True)
class ReadReport:
    """A report that can be stored. `content` is the same for two documents that say the same; it is personal."""

    report: Report
    received_at: datetime
    warnings: tuple[Warn, ...]
    content: str


def read_report(document: Document, arrival: datetime) -> ReadReport:
    """Read a document that arrived at `arrival` (aware), or raise `InvalidReportError`."""
    fields = without_empty(_parsed(document))
    report = _validated(fields, arrival)
    place, about_places = settle_places(report.place, _meaning, incident_date=report.incident_date)
    plausible = make_plausible(report.model_copy(update={"place": place, "reporter": _reachable(report)}), arrival)
    content = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return ReadReport(plausible.report, plausible.received_at, (*plausible.warnings, *about_places), content)


def _parsed(document: Document) -> dict[str, Any]:
    try:
        parsed = from_json(document, allow_inf_nan=False) if isinstance(document, bytes) else document
    except ValueError:
        raise InvalidReportError([FieldError("body", "json")]) from None
    if not isinstance(parsed, Mapping):
        raise InvalidReportError([FieldError("body", "section")])
    return dict(parsed)


def _validated(fields: dict[str, Any], arrival: datetime) -> Report:
    errors = [] if says_something(fields) else [FieldError("narrative", "no_content")]
    reading = Reading(today=arrival.astimezone(VIETNAM).date(), unit_name=_unit_name, successor=_successor)
    try:
        report = Report.model_validate(fields, context=reading)
    except ValidationError as error:
        raise InvalidReportError([*errors, *field_errors(error)]) from None
    if errors:
        raise InvalidReportError(errors)
    return report


def _reachable(report: Report) -> Any:
    """Return the reporter with the phone as E.164 where it is a number, else as it was said."""
    phone = phones.normalise(report.reporter.phone) or report.reporter.phone
    return report.reporter.model_copy(update={"phone": phone})


def _unit_name(code: int) -> str | None:
    unit = places.by_code(code)
    return None if unit is None else unit.name


def _successor(code: int) -> str | None:
    unit = places.successor(code)
    return None if unit is None else f"{unit.code} {unit.name}"


def _meaning(text: str, on: date | None) -> Meaning:
    match places.resolve(text, on):
        case places.Resolved(code):
            return Meaning(code, frozenset({code}))
        case places.Ambiguous(candidates, complete=True):
            return Meaning(None, frozenset(unit.code for unit in candidates))
        case places.Ambiguous() | places.Unknown():
            return Meaning(None, frozenset())
