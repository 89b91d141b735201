"""The API keeps what its description promises, whatever is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.integration.partners.site import KEY, Site, running_site
from tests.support.postgres import Postgres
from tests.unit.intake.documents import a_report

EXAMPLES = 40
HEADERS = {"Authorization": f"Bearer {KEY}"}
TAKE = "POST /api/v1/reports"
SHOW = "GET /api/v1/reports/{report_id}"
ATTACH = "POST /api/v1/reports/{report_id}/attachments"
OPERATIONS = [TAKE, SHOW, ATTACH, "GET /api/v1/ledger", "GET /api/v1/places"]
ANSWERS = {
    (TAKE, "POSITIVE"): {201},
    (TAKE, "NEGATIVE"): {400, 422},
    (SHOW, "POSITIVE"): {404},
    (ATTACH, "POSITIVE"): {404},
    ("GET /api/v1/ledger", "POSITIVE"): {200},
    ("GET /api/v1/places", "POSITIVE"): {200},
    ("GET /api/v1/places", "NEGATIVE"): {422},
}
"""Answers that must be among those of a run, so that the examples are known to reach what they are meant to."""
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def site(postgres: Postgres) -> Iterator[Site]:
    with running_site(postgres) as running:
        yield running


@pytest.fixture(scope="module")
def described(site: Site) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{site.url}/api/openapi.json")


def operations(described: BaseSchema) -> list[Any]:
    """Return the operations of the description, all of which must be readable."""
    found = list(described.get_all_operations())
    assert all(isinstance(one, Ok) for one in found)
    return [one.ok() for one in found if isinstance(one, Ok)]


def operation(described: BaseSchema, label: str) -> Any:
    return next(one for one in operations(described) if one.label == label)


def test_every_operation_is_tried(described: BaseSchema) -> None:
    assert {one.label for one in operations(described)} == set(OPERATIONS)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")  # of schemathesis itself
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.name)
@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_as_described(described: BaseSchema, label: str, mode: GenerationMode) -> None:
    statuses: Counter[int] = Counter()

    @given(operation(described, label).as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def every_example(case: schemathesis.Case[Any]) -> None:
        statuses[case.call_and_validate(checks=PROMISES, headers=HEADERS).status_code] += 1

    every_example()
    assert statuses.keys() >= ANSWERS.get((label, mode.name), set())


def test_a_report_that_is_there_is_shown_as_described(described: BaseSchema) -> None:
    take, show = operation(described, TAKE), operation(described, SHOW)
    keyed = {**HEADERS, "Idempotency-Key": "shown"}
    taken = take.Case(body=a_report(), media_type="application/json").call_and_validate(checks=PROMISES, headers=keyed)
    case = show.Case(path_parameters={"report_id": taken.json()["report_id"]})
    assert case.call_and_validate(checks=PROMISES, headers=HEADERS).status_code == 200


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_operation_answers_without_a_key(described: BaseSchema, label: str) -> None:
    case = operation(described, label).Case(
        path_parameters={"report_id": "x"}, query={"q": "x"}, body={}, media_type="application/json"
    )
    assert case.call_and_validate(checks=PROMISES, headers={"Idempotency-Key": "k"}).status_code == 401
