"""A gateway described by settings, against an HTTP server: what it is sent, what its answers and callbacks mean."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiohttp import web
from fastapi import FastAPI

from services.notify import webhooks
from services.notify.gateways import gateway
from services.notify.gateways.gateway import LookUpFailedError, Outgoing
from services.notify.gateways.http import HttpGateway
from services.notify.gateways.http_spec import load_specs
from services.notify.gateways.pool import Pool
from services.notify.rules.delivery import Accepted, NeverRetry, OtherChannel, Outcome, RetryLater
from shared.crypto import Keys
from shared.service import Parts
from shared.settings import Settings
from shared.web.app import problem_response
from shared.web.problems import Problem
from tests.integration.notify.world import PHONE, World

PAGE = Outgoing(UUID(int=7), "+84990100001", "BVTE: {secret}", {"code": "K7Q281"})
SECRET = "a-secret-of-the-sms-company"


def described(url: str) -> dict[str, Any]:
    return {
        "name": "local",
        "url": url,
        "headers": {"Authorization": "Bearer {secret}"},
        "json": {"phone": "{to_84}", "message": "{text}", "ref": "{id}", "data": {"ma": "{code}"}},
        "secret": "key",
        "accepted": {"path": "code", "equals": [0]},
        "id_path": "data.id",
        "error_path": "code",
        "errors": {"12": "never", "30": "channel"},
        "callback": {
            "auth": "hmac-sha256",
            "secret": SECRET,
            "header": "X-Signature",
            "status": {"id": "id", "state": "state", "map": {"1": "delivered", "2": "failed"}},
            "reply": {"id": "mo", "from": "phone", "text": "content"},
        },
    }


@dataclass
class Company:
    answer: Any = field(default_factory=lambda: {"code": 0, "data": {"id": 42}})
    status: int = 200
    stalls: bool = False
    got: list[tuple[str, Any]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((request.headers["Authorization"], await request.json()))
        if self.stalls:
            await self.ended.wait()
        return web.Response(text=json.dumps(self.answer), status=self.status)


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    made = Company()
    app = web.Application()
    app.router.add_post("/send", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    made.url = f"http://{host}:{port}/send"
    yield made
    made.ended.set()
    await runner.cleanup()


@pytest.fixture
async def line(company: Company) -> AsyncIterator[HttpGateway]:
    (spec,) = load_specs(Settings(http_gateway=json.dumps(described(company.url))))
    made = HttpGateway(spec, "https://heedline.example.vn")
    yield made
    await made.close()


async def test_fields_are_filled_in_once_and_the_id_is_read(company: Company, line: HttpGateway) -> None:
    assert await line.send(PAGE) == Accepted("42")
    sent = {"phone": "84990100001", "message": "BVTE: {secret}", "ref": str(PAGE.id), "data": {"ma": "K7Q281"}}
    assert company.got == [("Bearer key", sent)]


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (200, {"code": 12}, NeverRetry(21211)),
        (400, {"code": 30}, OtherChannel(30)),
        (200, {"code": 99}, RetryLater("code 99", doubtful=False)),
        (429, {}, RetryLater("status 429", doubtful=False)),
        (503, {}, RetryLater("status 503", doubtful=True)),
        (200, {"code": 0}, RetryLater("no id", doubtful=True)),
        (302, {"code": 0, "data": {"id": 1}}, RetryLater("code 0", doubtful=False)),
    ],
)
async def test_each_answer_has_its_class(
    company: Company, line: HttpGateway, status: int, answer: Any, outcome: Outcome
) -> None:
    company.status, company.answer = status, answer
    assert await line.send(PAGE) == outcome


async def test_a_stalled_company_is_given_up_in_time_and_in_doubt(
    company: Company, line: HttpGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "GATEWAY_SECONDS", 0.1)
    company.stalls = True
    assert await line.send(PAGE) == RetryLater("no answer in time", doubtful=True)
    with pytest.raises(LookUpFailedError):
        await line.find(PAGE)


async def test_reports_and_replies_count_only_with_their_proof(
    world: World, company: Company, line: HttpGateway
) -> None:
    world.pool = Pool([line])
    event = await world.open()
    text = json.dumps(described(company.url))
    settings = Settings(http_gateway=text, twilio_account_sid="AC1", twilio_auth_token=("t" * 32,))
    keys = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
    app = FastAPI()
    app.include_router(webhooks.router(Parts(settings, world.database, world.bus, world.clock, keys), world.desk))
    app.add_exception_handler(Problem, problem_response)  # type: ignore[arg-type] # as the real app has it
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://10.0.0.7") as client:

        async def post(document: Any, proof: str | None = None) -> int:
            body = json.dumps(document).encode()
            right = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            headers = {"X-Signature": f"sha256={right}" if proof is None else proof}
            return (await client.post("/webhooks/sms/local", content=body, headers=headers)).status_code

        report, reply = {"id": 42, "state": 1}, {"mo": 7, "phone": PHONE["worker"], "content": f"OK {event.case_code}"}
        for wrong in ("", "00", "é".encode().hex()):
            assert await post(reply, wrong) == 403
        assert (await world.alert(event.case_code))["state"] == "open"
        assert [await post(report), await post(reply), await post(reply), await post({})] == [200, 200, 200, 422]
    alert = await world.alert(event.case_code)
    assert (alert["state"], alert["paged"][0]["delivery"]) == ("acknowledged", "delivered")
    assert (await world.story(event.case_code)).count("acknowledged") == 1
