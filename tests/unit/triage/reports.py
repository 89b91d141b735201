"""Reports for tests: nothing said, unless a test says it."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.triage.rules.situation import Situation
from services.triage.rules.urgency import Assessment, assess
from shared.contracts.events import ChildInHome, ReportReceived
from shared.contracts.vocabulary import Answer, Channel

RECEIVED = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
"""A Wednesday, 14:00 in Việt Nam."""

WARD = 9190

SAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "samples.json").read_text(encoding="utf-8"))


_numbers = itertools.count(1)


def child_at_home(age_min: float | None, disabled: str = "unknown") -> ChildInHome:
    return ChildInHome(age_min=age_min, age_max=age_min, disabled=Answer(disabled))


def a_report(**said: Any) -> ReportReceived:
    """A report of a 10-year-old at a known place, where nothing is said but `said`."""
    number = next(_numbers)
    document: dict[str, Any] = {
        "occurred_at": RECEIVED,
        "correlation_id": "walk-1",
        "report_id": uuid4(),
        "case_code": f"K{number // 1000 % 10}Q{number % 1000:03}",
        "revision": 1,
        "channel": Channel.HOTLINE,
        "received_at": RECEIVED,
        "age_min": 10,
        "age_max": 10,
        "age_basis": "stated",
        "incident_unit_code": WARD,
    }
    return ReportReceived.model_validate({**document, **said})


def a_situation(**said: Any) -> Situation:
    return Situation.of(a_report(**said))


def fired(**said: Any) -> set[str]:
    return set(assess(a_situation(**said)).ids)


def assessed(**said: Any) -> Assessment:
    return assess(a_situation(**said))


def from_document(document: dict[str, Any], report_id: UUID | None = None) -> ReportReceived:
    """The event that a report of the report format becomes, as far as the samples go."""
    subject, place = document["subject"], document["place"]
    return a_report(
        report_id=report_id or uuid4(),
        channel=document["channel"],
        subject_kind=subject["kind"],
        age_min=subject["age_min"],
        age_max=subject["age_max"],
        age_basis=subject["age_basis"],
        disabled=subject["disabled"],
        children_in_home=document["children_in_home"],
        concerns=document["concerns"],
        facts=document["facts"],
        earlier_reports_12_months=document["prior_reports_12_months"],
        alleged_roles=[person["role"] for person in document["alleged"]],
        incident_unit_code=place["incident"]["unit_code"],
    )
