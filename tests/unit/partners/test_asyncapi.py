"""The description of the events is that of the models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest

from services.intake.rules.report import Report
from shared.contracts import events
from shared.contracts.asyncapi import EVENTS, asyncapi
from shared.contracts.event import Event
from shared.contracts.vocabulary import Level
from tests.unit.intake.documents import a_personal_report

NOW = datetime(2026, 11, 28, 7, 24, tzinfo=UTC)
CHANGED = events.AlertChanged(
    occurred_at=NOW,
    correlation_id="walk",
    report_id=UUID(int=1),
    case_code="M9X021",
    sequence=1,
    level=Level.URGENT,
    state="open",
    step=1,
    paged=1,
)
SUBMITTED = events.ReportSubmitted(occurred_at=NOW, correlation_id="walk", report=a_personal_report())


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return asyncapi(Report)


def references(part: object) -> Iterator[str]:
    match part:
        case dict():
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for inner in part.values():
                yield from references(inner)
        case list():
            for inner in part:
                yield from references(inner)
        case _:
            return


def pointed_at(document: Any, reference: str) -> object:
    for name in reference.removeprefix("#/").split("/"):
        document = document[name]
    return document


def test_every_event_and_no_other_is_described(described: dict[str, Any]) -> None:
    declared = {one for one in vars(events).values() if isinstance(one, type) and issubclass(one, Event)} - {Event}
    assert set(EVENTS) == declared
    assert {channel["address"] for channel in described["channels"].values()} == {one.TOPIC for one in declared}


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    found = set(references(described))
    assert "#/components/schemas/Report" in found
    assert all(pointed_at(described, reference) for reference in found)


def test_only_reports_are_taken_from_outside(described: dict[str, Any]) -> None:
    received_only = {
        name.removeprefix("receive")
        for name, operation in described["operations"].items()
        if operation["action"] == "receive" and name.replace("receive", "send", 1) not in described["operations"]
    }
    assert received_only == {"ReportSubmitted"}


def problems(described: dict[str, Any], event: Event, **said: object) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{type(event).__name__}", "components": described["components"]}
    document = {**event.model_dump(mode="json"), **said}
    return [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(document)]


@pytest.mark.parametrize("event", [CHANGED, SUBMITTED], ids=lambda event: type(event).__name__)
def test_an_event_as_it_travels_fits_its_schema(described: dict[str, Any], event: Event) -> None:
    assert problems(described, event) == []


def test_what_does_not_fit_is_found(described: dict[str, Any]) -> None:
    assert problems(described, CHANGED, level="GRAVE")
    assert problems(described, SUBMITTED, report={"narrative": "no channel"})
