"""Reports over HTTP, in the shapes that outside programs rely on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import Depends, FastAPI, Request

from services.intake import api, app
from services.intake.answers import Accepted, LedgerCounts, PlaceList, ReportState
from services.intake.handlers.answer_request import Created
from shared.contracts.events import AlertChanged, CaseAssessed, ReportSubmitted
from shared.web.app import problem_response
from shared.web.problems import Problem
from tests.integration.intake.world import PARTNER, World, alert, assessed, submitted
from tests.unit.intake.documents import NAME, a_report


def let_in(request: Request) -> None:
    request.state.actor = PARTNER


@pytest.fixture
def web(world: World) -> FastAPI:
    made = FastAPI(dependencies=[Depends(let_in)])
    made.include_router(api.router(world.parts))
    made.add_exception_handler(Problem, problem_response)  # type: ignore[arg-type] # as the real app has it
    return made


@pytest.fixture
async def client(web: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=web)
    async with httpx.AsyncClient(transport=transport, base_url="http://heedline/api/v1") as opened:
        yield opened


async def post(
    client: httpx.AsyncClient, document: Mapping[str, Any] | bytes, key: str | None = "key", **headers: str
) -> httpx.Response:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    keyed = {} if key is None else {"Idempotency-Key": key}
    return await client.post("/reports", content=body, headers={**keyed, **headers})


async def test_new_report_is_created_with_a_receipt_shown_once(client: httpx.AsyncClient) -> None:
    first = await post(client, a_report())
    again = await post(client, a_report())
    assert (first.status_code, again.status_code) == (201, 200)
    created = Accepted.model_validate(first.json())
    assert created.receipt is not None
    assert len(created.receipt) == 16
    assert again.json() == {**first.json(), "receipt": None}


async def test_double_click_is_one_report(client: httpx.AsyncClient, world: World) -> None:
    answers = await asyncio.gather(*(post(client, a_report()) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["report_id"] for answer in answers}) == 1
    assert sum(answer.json()["receipt"] is not None for answer in answers) == 1
    assert await world.count("reports") == 1


async def test_key_of_another_report_is_a_conflict(client: httpx.AsyncClient) -> None:
    await post(client, a_report())
    answer = await post(client, a_report(concerns=["other"]))
    assert (answer.status_code, answer.json()["status"]) == (409, 409)


@pytest.mark.parametrize("key", [None, "", "k" * 1000])
async def test_request_without_a_usable_key_is_refused(
    client: httpx.AsyncClient, world: World, key: str | None
) -> None:
    assert (await post(client, a_report(), key)).status_code == 400
    assert await world.count("reports") == 0


async def test_correction_keeps_the_ids(client: httpx.AsyncClient) -> None:
    first = await post(client, a_report(external_id="1"), "a")
    corrected = await post(client, a_report(external_id="1", concerns=["other"]), "b")
    assert corrected.status_code == 200
    assert corrected.json() == {**first.json(), "receipt": None}


async def test_every_wrong_field_is_named_in_the_language_asked_for(client: httpx.AsyncClient) -> None:
    document = {"channel": "telepathy", "facts": {"danger_now": NAME}, "subject": {"age_min": -3}}
    vietnamese = await post(client, document)
    english = await post(client, document, **{"Accept-Language": "en-GB,en;q=0.9"})
    for answer in (vietnamese, english):
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert NAME not in answer.text
    assert {error["field"]: error["message"] for error in vietnamese.json()["errors"]} == {
        "channel": "Chọn một trong: hotline, web, partner, walk_in, sms",
        "facts.danger_now": "Chọn một trong: yes, no, unknown",
        "subject.age_min": "Viết số từ 0 trở lên",
    }
    assert {error["field"]: error["message"] for error in english.json()["errors"]} == {
        "channel": "Choose one of: hotline, web, partner, walk_in, sms",
        "facts.danger_now": "Choose one of: yes, no, unknown",
        "subject.age_min": "Write a number of at least 0",
    }


async def test_body_of_65536_bytes_is_taken_and_one_more_is_not(client: httpx.AsyncClient) -> None:
    body = json.dumps(a_report()).encode()
    assert (await post(client, body.ljust(64 * 1024))).status_code == 201
    assert (await post(client, body.ljust(64 * 1024 + 1), "other")).status_code == 413


async def test_broken_json_is_named_as_the_body(client: httpx.AsyncClient) -> None:
    answer = await post(client, b"{")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["body"]


async def test_report_is_shown_from_receipt_to_acknowledgement(client: httpx.AsyncClient, world: World) -> None:
    report_id = (await post(client, a_report())).json()["report_id"]
    new = (await client.get(f"/reports/{report_id}")).json()
    ReportState.model_validate(new)
    assert (new["status"], new["level"], new["rules"], new["alert"]) == ("received", None, [], None)
    created = Created(UUID(report_id), new["case_code"], "")
    await world.assess(assessed(created))
    worker, moment = UUID(int=41), datetime(2026, 11, 28, 7, 30, tzinfo=UTC)
    await world.change_alert(
        alert(created, 3, state="acknowledged", step=2, acknowledged_by=worker, acknowledged_at=moment)
    )
    shown = (await client.get(f"/reports/{report_id}")).json()
    ReportState.model_validate(shown)
    assert shown == {
        "report_id": report_id,
        "case_code": new["case_code"],
        "status": "acknowledged",
        "level": "URGENT",
        "rules": [
            {"id": "R16", "level": "URGENT", "text": "Nghi xâm hại", "source": "m"},
            {"id": "R26", "level": None, "text": "Chưa rõ tuổi", "source": "p"},
        ],
        "clocks": {
            "acknowledge_by": "2026-11-28T08:24:00Z",
            "contact_by": None,
            "visit_by": None,
            "form02_by": None,
            "legal_by": "2026-11-28T19:24:00Z",
        },
        "route": {
            "lead": "social-9190",
            "support": ["health-9190"],
            "where": "commune",
            "unit_code": 9190,
            "text": "Nhóm xã hội",
        },
        "alert": {
            "state": "acknowledged",
            "step": 2,
            "acknowledged_by": str(worker),
            "acknowledged_at": "2026-11-28T07:30:00+00:00",
        },
        "warnings": [],
    }
    english = (await client.get(f"/reports/{report_id}", headers={"Accept-Language": "en"})).json()
    assert [rule["text"] for rule in english["rules"]] == ["Young or disabled", "Age unclear"]
    assert english["route"]["text"] == "Social work"


@pytest.mark.parametrize("report_id", ["0368de79-20ca-4929-9f00-9ae6436267e6", "no-id", "0"])
async def test_unknown_report_is_not_found(client: httpx.AsyncClient, report_id: str) -> None:
    answer = await client.get(f"/reports/{report_id}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_ledger_and_places_have_their_shapes(client: httpx.AsyncClient) -> None:
    await post(client, a_report())
    ledger = (await client.get("/ledger")).json()
    assert LedgerCounts.model_validate(ledger).received == 1
    assert (ledger["waiting"], ledger["gap"]) == (1, 0)
    found = (await client.get("/places", params={"q": "vo cu"})).json()
    assert PlaceList.model_validate(found).items[0].code == 9190
    assert found["items"][0] == {
        "code": 9190,
        "name": "Phường Võ Cường",
        "province_code": 24,
        "province_name": "Bắc Ninh",
    }


async def test_description_of_the_report_points_at_its_own_parts(web: FastAPI) -> None:
    described = web.openapi()
    schema = described["paths"]["/api/v1/reports"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    pointers = {found["$ref"] for found in every_object(schema) if "$ref" in found}
    assert any(pointer.endswith("/$defs/Subject") for pointer in pointers)
    for pointer in pointers:
        assert "type" in target(described, pointer)


def every_object(value: Any) -> list[dict[str, Any]]:
    match value:
        case dict():
            return [value, *(found for inner in value.values() for found in every_object(inner))]
        case list():
            return [found for inner in value for found in every_object(inner)]
        case _:
            return []


def target(document: Any, pointer: str) -> Any:
    for step in pointer.removeprefix("#/").split("/"):
        document = document[step.replace("~1", "/").replace("~0", "~")]
    return document


async def test_service_handles_what_concerns_its_reports(world: World) -> None:
    service = app.build(world.parts)
    assert {ReportSubmitted, CaseAssessed, AlertChanged} <= set(service.events)
    event = submitted(a_report())
    async with world.database.transaction() as connection:
        await service.events[ReportSubmitted](connection, event)
    assert [told.correlation_id for told in world.told] == ["from-outside"]
