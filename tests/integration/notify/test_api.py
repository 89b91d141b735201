"""Alerts, people and duty over HTTP, in the shapes that outside programs rely on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import Depends, FastAPI, Request

from services.notify import api
from shared.contracts.teams import Function, commune_team
from shared.contracts.vocabulary import Level
from shared.crypto import Keys
from shared.identity.actor import Actor
from shared.service import Parts
from shared.settings import Settings
from shared.web.app import problem_response
from shared.web.problems import Problem
from tests.integration.notify.world import FAILING, ID, UNIT, World

KEY_ID = UUID(int=7)


def let_in(request: Request) -> None:
    request.state.actor = Actor(id=KEY_ID)


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    keys = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
    parts = Parts(Settings(), world.database, world.bus, world.clock, keys)
    app = FastAPI(dependencies=[Depends(let_in)])
    app.include_router(api.router(parts, world.desk))
    app.add_exception_handler(Problem, problem_response)  # type: ignore[arg-type] # as the real app has it
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://heedline/api/v1") as opened:
        yield opened


async def act(client: httpx.AsyncClient, code: str, verb: str, who: object, note: str = "") -> httpx.Response:
    return await client.post(f"/alerts/{code}/{verb}", json={"person": str(who), "note": note})


async def test_a_list_shows_whom_each_alert_paged_and_what_became_of_it(
    world: World, client: httpx.AsyncClient
) -> None:
    event = await world.open(Level.IMMEDIATE)
    await world.reply("police", f"KHONG {event.case_code}")
    document = (await client.get("/alerts", params={"state": "open"})).json()
    (item,) = document["items"]
    assert document["next"] is None
    assert (item["case_code"], item["report_id"], item["level"]) == (event.case_code, str(event.report_id), "IMMEDIATE")
    assert (item["unit_code"], item["state"], item["step"], item["acknowledged_by"]) == (UNIT, "open", 1, None)
    assert item["acknowledge_by"] == "2026-11-28T07:20:00+00:00"
    police = next(page for page in item["paged"] if page["person"] == str(ID["police"]))
    assert (police["channel"], police["delivery"], police["reply"]) == ("sms", "accepted", "declined")
    assert police["at"] == "2026-11-28T07:10:00+00:00"


async def test_a_list_is_read_page_by_page(world: World, client: httpx.AsyncClient) -> None:
    codes = {(await world.open()).case_code for _ in range(5)}
    found: list[str] = []
    after: str | None = None
    while True:
        query: dict[str, Any] = {"limit": 2, **({"after": after} if after else {})}
        document = (await client.get("/alerts", params=query)).json()
        found += [item["case_code"] for item in document["items"]]
        after = document["next"]
        if after is None:
            break
    assert sorted(found) == sorted(codes)


async def test_a_list_holds_only_the_state_asked_for(world: World, client: httpx.AsyncClient) -> None:
    taken, waiting = await world.open(), await world.open()
    await world.reply("worker", f"OK {taken.case_code}")
    listed = {
        state: [item["case_code"] for item in (await client.get("/alerts", params={"state": state})).json()["items"]]
        for state in ("open", "acknowledged", "closed")
    }
    assert listed == {"open": [waiting.case_code], "acknowledged": [taken.case_code], "closed": []}
    assert (await client.get("/alerts", params={"state": "lost"})).status_code == 422


async def test_an_alert_tells_its_story(world: World, client: httpx.AsyncClient) -> None:
    event = await world.open()
    await act(client, event.case_code, "acknowledge", ID["head"], "gọi điện")
    story = (await client.get(f"/alerts/{event.case_code}")).json()["timeline"]
    assert [entry["what"] for entry in story] == ["opened", "step_fired", "acknowledged"]
    assert story[-1] == {
        "at": "2026-11-28T07:10:00+00:00",
        "what": "acknowledged",
        "who": "Nguyễn Thị head",
        "detail": {"how": "api", "note": "gọi điện", "by": str(KEY_ID)},
    }


async def test_a_second_acknowledgement_is_answered_with_the_first_name_and_time(
    world: World, client: httpx.AsyncClient
) -> None:
    event = await world.open()
    first = await act(client, event.case_code, "acknowledge", ID["worker"])
    await world.pass_time(minutes=1)
    second = await act(client, event.case_code, "acknowledge", ID["head"])
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["acknowledged_by"] == first.json()["acknowledged_by"] == str(ID["worker"])
    assert second.json()["acknowledged_at"] == first.json()["acknowledged_at"] == "2026-11-28T07:10:00+00:00"


async def test_declining_and_escalating_page_the_next_step(world: World, client: httpx.AsyncClient) -> None:
    event = await world.open()
    world.expect("worker")
    assert (await act(client, event.case_code, "decline", ID["worker"])).json()["step"] == 2
    assert (await act(client, event.case_code, "escalate", ID["head"])).json()["step"] == 3
    await world.work()
    world.expect("head", "province")


@pytest.mark.parametrize("verb", ["acknowledge", "decline", "escalate", "close"])
async def test_acting_on_a_closed_alert_is_refused_and_recorded(
    world: World, client: httpx.AsyncClient, verb: str
) -> None:
    event = await world.open()
    assert (await act(client, event.case_code, "close", ID["worker"], "xong")).json()["state"] == "closed"
    response = await act(client, event.case_code, verb, ID["head"])
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert (await world.story(event.case_code))[-1] == "tried_when_closed"


async def test_wrong_addresses_and_people_are_named(world: World, client: httpx.AsyncClient) -> None:
    event = await world.open(excluded_person_ids=(ID["chair"],))
    assert (await client.get("/alerts/Z9Z999")).status_code == 404
    assert (await act(client, "Z9Z999", "close", ID["worker"])).status_code == 404
    assert (await act(client, event.case_code, "forget", ID["worker"])).status_code == 404
    for who in (uuid4(), ID["chair"]):
        response = await act(client, event.case_code, "acknowledge", who)
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == "person"
    assert (await world.alert(event.case_code))["state"] == "open"


async def test_people_are_listed_without_their_numbers(world: World, client: httpx.AsyncClient) -> None:
    await world.change_contacts(["head"], **FAILING)
    response = await client.get("/people")
    items = {item["id"]: item for item in response.json()["items"]}
    assert items[str(ID["worker"])] == {
        "id": str(ID["worker"]),
        "name": "Nguyễn Thị worker",
        "team": commune_team(Function.SOCIAL, UNIT),
        "position": "worker",
        "reachable": True,
    }
    assert items[str(ID["head"])]["reachable"] is False
    assert "+84" not in response.text


async def test_the_duty_chain_says_who_would_be_paged_when(world: World, client: httpx.AsyncClient) -> None:
    await world.change_contacts(["chair"], verified_at=None)
    query: dict[str, str | int] = {"unit_code": UNIT, "level": "IMMEDIATE"}
    steps = (await client.get("/oncall", params=query)).json()["steps"]
    assert [(step["step"], step["after_minutes"]) for step in steps] == [(1, 0), (2, 10), (3, 20)]
    assert [person["person"] for person in steps[0]["people"]] == [str(ID[who]) for who in ("worker", "head", "police")]
    chair = steps[1]["people"][0]
    assert chair == {"person": str(ID["chair"]), "name": "Nguyễn Thị chair", "channel": "sms", "reachable": False}
    nobody = await client.get("/oncall", params={**query, "at": "2020-01-01T00:00:00Z"})
    assert [step["people"] for step in nobody.json()["steps"]] == [[], [], []]
    assert (await client.get("/oncall", params={"level": "HUGE"})).status_code == 422
