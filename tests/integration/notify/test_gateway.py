"""The Twilio client against a carrier over HTTP: every way to answer has its outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

import pytest
from aiohttp import encode_basic_auth, web

from services.notify.gateways import gateway
from services.notify.gateways.gateway import LookUpFailedError, Outgoing
from services.notify.gateways.twilio import TwilioGateway
from services.notify.rules.delivery import Accepted, NeverRetry, OtherChannel, RetryLater
from shared.settings import Settings

SID, TOKEN, SENDER = "AC" + "0" * 32, "t" * 32, "+15005550006"
TO, TEXT = "+84990100001", "BVTE: MUC GAP, ma K7Q281. Nhan viec truoc 14:20 28/11."
PAGE = Outgoing(UUID(int=7), TO, TEXT)
CALLBACK = f"https://heedline.example.vn/webhooks/twilio/status?message={PAGE.id}"
BASE = f"/2010-04-01/Accounts/{SID}/Messages.json"


@dataclass
class Twilio:
    """Answers as told: a status with an error code, never, or by cutting the line."""

    address: str = ""
    status: int = 201
    code: int | None = None
    stalls: bool = False
    cuts: bool = False
    garbled: bool = False
    callbacks_refused: bool = False
    forms: list[dict[str, Any]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"] == encode_basic_auth(SID, TOKEN)
        if self.stalls:
            await self.ended.wait()
        if self.cuts and request.transport is not None:
            request.transport.abort()
        if self.garbled:
            return web.Response(text="<html>", status=self.status)
        if self.code is not None or self.status >= 400:
            return web.json_response({"code": self.code, "message": "no", "status": self.status}, status=self.status)
        if request.method == "GET":
            self.queries.append(dict(request.query))
            return web.json_response({"messages": self.kept, "next_page_uri": None, "page": 0, "page_size": 50})
        form = dict(await request.post())
        if self.callbacks_refused and "StatusCallback" in form:
            return web.json_response({"code": 21609, "message": "no", "status": 400}, status=400)
        self.forms.append(form)
        return web.json_response({"sid": "SM1", "status": "queued"}, status=201)

    def keep(self, sid: str, body: str, *, ago: timedelta = timedelta()) -> None:
        created = format_datetime(datetime.now(UTC) - ago)
        self.kept.append({"sid": sid, "to": TO, "body": body, "date_created": created, "date_sent": None})


@pytest.fixture
async def twilio() -> AsyncIterator[Twilio]:
    made = Twilio()
    app = web.Application()
    app.router.add_route("*", BASE, made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    made.address = f"http://{host}:{port}"
    yield made
    made.ended.set()
    await runner.cleanup()


def settings(twilio: Twilio, **changes: Any) -> Settings:
    values = {"twilio_account_sid": SID, "twilio_auth_token": (TOKEN, "old"), "twilio_from": SENDER}
    values |= {"public_url": "https://heedline.example.vn"}
    return Settings(**{**values, "twilio_api_base": twilio.address, **changes})


@pytest.fixture
async def phone(twilio: Twilio) -> AsyncIterator[TwilioGateway]:
    made = TwilioGateway(settings(twilio))
    yield made
    await made.close()


async def test_an_accepted_message_has_its_id_and_carries_what_was_asked(twilio: Twilio, phone: TwilioGateway) -> None:
    assert await phone.send(PAGE) == Accepted("SM1")
    assert twilio.forms == [{"To": TO, "From": SENDER, "Body": TEXT, "StatusCallback": CALLBACK}]


async def test_without_a_public_address_no_callback_is_named(twilio: Twilio) -> None:
    phone = TwilioGateway(settings(twilio, public_url=None))
    await phone.send(PAGE)
    await phone.close()
    assert "StatusCallback" not in twilio.forms[0]


async def test_a_messaging_service_sends_instead_of_a_number(twilio: Twilio) -> None:
    service = TwilioGateway(settings(twilio, twilio_from=None, twilio_messaging_service_sid="MG1", public_url=None))
    await service.send(PAGE)
    await service.close()
    assert twilio.forms == [{"To": TO, "MessagingServiceSid": "MG1", "Body": TEXT}]


@pytest.mark.parametrize("code", [21211, 21610, 21614])
async def test_a_number_that_never_works_is_said_so(twilio: Twilio, phone: TwilioGateway, code: int) -> None:
    twilio.status, twilio.code = 400, code
    assert await phone.send(PAGE) == NeverRetry(code)


@pytest.mark.parametrize("code", [21408, 21612])
async def test_a_number_that_another_way_may_reach_is_said_so(twilio: Twilio, phone: TwilioGateway, code: int) -> None:
    twilio.status, twilio.code = 400, code
    assert await phone.send(PAGE) == OtherChannel(code)


async def test_a_refused_callback_is_left_out_and_the_message_goes(twilio: Twilio, phone: TwilioGateway) -> None:
    twilio.callbacks_refused = True
    assert await phone.send(PAGE) == Accepted("SM1")
    assert twilio.forms == [{"To": TO, "From": SENDER, "Body": TEXT}]


@pytest.mark.parametrize(("status", "code", "doubtful"), [(429, 20429, False), (401, 20003, False), (503, 20503, True)])
async def test_trouble_that_passes_is_tried_later(
    twilio: Twilio, phone: TwilioGateway, status: int, code: int, *, doubtful: bool
) -> None:
    twilio.status, twilio.code = status, code
    assert await phone.send(PAGE) == RetryLater(f"status {status}", doubtful)


@pytest.mark.parametrize("trouble", ["cuts", "garbled"])
async def test_an_answer_that_is_none_is_in_doubt(twilio: Twilio, phone: TwilioGateway, trouble: str) -> None:
    setattr(twilio, trouble, True)
    outcome = await phone.send(PAGE)
    assert isinstance(outcome, RetryLater)
    assert outcome.doubtful


async def test_a_stalled_gateway_is_given_up_in_time_and_in_doubt(
    twilio: Twilio, phone: TwilioGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gateway.GATEWAY_SECONDS <= 10
    monkeypatch.setattr(gateway, "GATEWAY_SECONDS", 0.05)
    twilio.stalls = True
    assert await phone.send(PAGE) == RetryLater("no answer in time", doubtful=True)


async def test_a_gateway_that_is_not_there_took_nothing(twilio: Twilio) -> None:
    nowhere = TwilioGateway(settings(twilio, twilio_api_base="http://127.0.0.1:9"))
    assert await nowhere.send(PAGE) == RetryLater("not reached", doubtful=False)
    await nowhere.close()


async def test_a_look_up_finds_the_very_text_to_this_number(twilio: Twilio, phone: TwilioGateway) -> None:
    twilio.keep("SM2", TEXT + " ")
    twilio.keep("SM3", TEXT)
    assert await phone.find(PAGE) == "SM3"
    assert twilio.queries[0]["To"] == TO
    assert twilio.queries[0]["From"] == SENDER


async def test_a_look_up_finds_nothing_where_nothing_is(twilio: Twilio, phone: TwilioGateway) -> None:
    twilio.keep("SM2", TEXT, ago=timedelta(hours=25))
    assert await phone.find(PAGE) is None


@pytest.mark.parametrize("trouble", ["cuts", "stalls", "garbled"])
async def test_a_look_up_that_fails_is_no_answer(
    twilio: Twilio, phone: TwilioGateway, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "LOOK_UP_SECONDS", 0.5)
    setattr(twilio, trouble, True)
    with pytest.raises(LookUpFailedError):
        await phone.find(PAGE)


async def test_a_refused_look_up_is_no_answer(twilio: Twilio, phone: TwilioGateway) -> None:
    twilio.status, twilio.code = 503, 20503
    with pytest.raises(LookUpFailedError):
        await phone.find(PAGE)
