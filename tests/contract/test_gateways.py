"""What every gateway promises, each against the real thing or a server that stands for it."""

from __future__ import annotations

import asyncio
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from aiohttp import web

from deploy.demo.processes import ACCOUNT_SID, AUTH_TOKEN, SENDER, Process, call, free_port, wait_for
from services.notify.gateways import gateway
from services.notify.gateways.gateway import Gateway, Inbound, LookUpFailedError, Outgoing, Receipt, Reply
from services.notify.gateways.http import HttpGateway
from services.notify.gateways.http_spec import load_specs
from services.notify.gateways.mail import EmailGateway
from services.notify.gateways.smpp import SmppGateway
from services.notify.gateways.twilio import TwilioGateway
from services.notify.gateways.voice import VoiceGateway
from services.notify.rules.delivery import Accepted, NeverRetry, RetryLater
from shared.settings import Settings
from tests.support.carrier import RunningCarrier, running_carrier
from tests.support.mail_server import MailServer, mail_server

PHONE, TEXT = "+84990100001", "BVTE: MUC GAP, ma K7Q281. Nhan viec truoc 14:20 28/11."
FIELDS = {"code": "K7Q281", "level": "GAP", "time": "14:20 28/11"}


class Bench(ABC):
    """A gateway and the other side of it; modes: accept, never, later, stall, doubtful."""

    to: ClassVar[str] = PHONE
    looks_up: ClassVar[bool] = False
    gateway: Gateway

    @abstractmethod
    async def behave(self, mode: str) -> None:
        """Let the other side behave so from now on."""

    @abstractmethod
    async def taken(self) -> int:
        """Return how many messages the other side has for this number."""

    async def ready(self) -> None:  # noqa: B027 - most have no line that stays open
        """Return once lines that stay open are open."""

    @property
    def page(self) -> Outgoing:
        return Outgoing(UUID(int=7), self.to, TEXT, FIELDS)


class OfCarrier(Bench):
    """Messages by Twilio's API, the carrier a process of its own."""

    modes: ClassVar = {"accept": "deliver", "never": "21211", "later": "429", "stall": "stall", "doubtful": "500"}
    looks_up = True
    to = "+84990200001"

    def __init__(self, carrier: RunningCarrier) -> None:
        self.carrier = carrier
        self.gateway = self._made(
            Settings(
                twilio_account_sid=ACCOUNT_SID,
                twilio_auth_token=(AUTH_TOKEN,),
                twilio_from=SENDER,
                twilio_api_base=carrier.url,
                public_url="http://127.0.0.1:9",
            )
        )

    def _made(self, settings: Settings) -> Gateway:
        return TwilioGateway(settings)

    async def behave(self, mode: str) -> None:
        await asyncio.to_thread(self.carrier.behave, self.to, self.modes[mode])

    async def taken(self) -> int:
        return len((await asyncio.to_thread(call, "GET", f"{self.carrier.url}/demo/phones.json"))[1].get(self.to, []))


class OfCalls(OfCarrier):
    """Calls by the same."""

    modes: ClassVar = {**OfCarrier.modes, "accept": "busy"}
    looks_up = False
    to = "+84990300001"

    def _made(self, settings: Settings) -> Gateway:
        return VoiceGateway(settings)

    async def behave(self, mode: str) -> None:
        await asyncio.to_thread(self.carrier.behave_in_calls, self.to, self.modes[mode])

    async def taken(self) -> int:
        return len((await asyncio.to_thread(call, "GET", f"{self.carrier.url}/demo/calls.json"))[1].get(self.to, []))


class OfSmpp(Bench):
    """An SMS centre as a process of its own."""

    modes: ClassVar = {"accept": "silent", "never": "11", "later": "88", "stall": "stall", "doubtful": "cut"}

    def __init__(self, port: int, control: str) -> None:
        self.control = control
        self.line = SmppGateway(smpp_settings(port), Inbound(_receipt, _reply))
        self.gateway = self.line

    async def behave(self, mode: str) -> None:
        await asyncio.to_thread(call, "PUT", f"{self.control}/mode", {"mode": self.modes[mode]})

    async def taken(self) -> int:
        return len((await asyncio.to_thread(call, "GET", f"{self.control}/state"))[1]["taken"])

    async def ready(self) -> None:
        await asyncio.to_thread(wait_for, lambda: self.line.bound or None, 20)


class OfHttp(Bench):
    """A description of settings, and a server in this loop."""

    answers: ClassVar[dict[str, tuple[int, Any]]] = {
        "accept": (200, {"code": 0, "id": "m1"}),
        "never": (400, {"code": 12}),
        "later": (429, {"code": 99}),
        "stall": (200, {"code": 0, "id": "m1"}),
        "doubtful": (502, {}),
    }

    def __init__(self) -> None:
        self.mode, self.got, self.over = "accept", 0, asyncio.Event()

    async def take(self, _request: web.Request) -> web.Response:
        if self.mode == "stall":
            await self.over.wait()
        status, body = self.answers[self.mode]
        self.got += self.mode == "accept"
        return web.json_response(body, status=status)

    def describe(self, port: int) -> None:
        text = f"""{{"name": "local", "url": "http://127.0.0.1:{port}/sms", "json": {{"to": "{{to}}", "text": "{{text}}"}},
            "accepted": {{"path": "code", "equals": [0]}}, "id_path": "id", "error_path": "code",
            "errors": {{"12": "never"}}}}"""
        self.gateway = HttpGateway(load_specs(Settings(http_gateway=text))[0], None)

    async def behave(self, mode: str) -> None:
        self.mode = mode

    async def taken(self) -> int:
        return self.got


class OfMail(Bench):
    """A mail server in this loop."""

    to = "canbo@bacninh.example"

    def __init__(self, server: MailServer) -> None:
        self.server = server
        url = f"smtp://127.0.0.1:{server.port}"
        self.gateway = EmailGateway(Settings(smtp_url=url, smtp_sender="truc@heedline.example"))

    async def behave(self, mode: str) -> None:
        self.server.rcpt = {"never": "550 5.1.1 no such user", "later": "451 4.3.0 later"}.get(mode, "250 OK")
        self.server.stalls = mode in {"stall", "doubtful"}

    async def taken(self) -> int:
        return len(self.server.mails)


async def _receipt(_given: Receipt) -> bool:
    return True


async def _reply(_given: Reply) -> str | None:
    return None


def smpp_settings(port: int) -> Settings:
    return Settings(
        smpp_host="127.0.0.1", smpp_port=port, smpp_system_id="heedline", smpp_password="secret", smpp_sender="BVTE"
    )


@pytest.fixture(scope="module")
def carrier() -> Iterator[RunningCarrier]:
    with running_carrier() as running:
        yield running


@pytest.fixture(scope="module")
def smsc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    port, control = free_port(), free_port()
    log: Path = tmp_path_factory.mktemp("smsc") / "log"
    command = [sys.executable, "-m", "tests.support.smsc", "--port", str(port), "--control", str(control)]
    process = Process("smsc", command, {}, log, f"http://127.0.0.1:{control}/state")
    process.start()
    yield port, f"http://127.0.0.1:{control}"
    process.kill()


@pytest.fixture(params=["twilio", "voice", "smpp", "http", "email"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    match request.param:
        case "twilio" | "voice":
            of = OfCarrier if request.param == "twilio" else OfCalls
            async for made in _ready(of(request.getfixturevalue("carrier"))):
                yield made
        case "smpp":
            async for made in _ready(OfSmpp(*request.getfixturevalue("smsc"))):
                yield made
        case "http":
            served = OfHttp()
            app = web.Application()
            app.router.add_post("/sms", served.take)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", port := free_port())
            await site.start()
            served.describe(port)
            async for made in _ready(served):
                yield made
            served.over.set()
            await runner.cleanup()
        case _:
            async with mail_server() as server:
                async for made in _ready(OfMail(server)):
                    yield made


async def _ready(made: Bench) -> AsyncIterator[Bench]:
    await made.behave("accept")
    await made.gateway.start()
    await made.ready()
    yield made
    await made.gateway.close()


async def test_what_it_takes_has_an_id_and_has_arrived(bench: Bench) -> None:
    before = await bench.taken()
    outcome = await bench.gateway.send(bench.page)
    assert isinstance(outcome, Accepted)
    assert outcome.sid
    assert await bench.taken() == before + 1


async def test_an_address_that_never_works_is_said_so(bench: Bench) -> None:
    await bench.behave("never")
    before = await bench.taken()
    assert isinstance(await bench.gateway.send(bench.page), NeverRetry)
    assert await bench.taken() == before


async def test_what_it_cannot_take_now_is_tried_later_and_was_not_taken(bench: Bench) -> None:
    await bench.behave("later")
    before = await bench.taken()
    outcome = await bench.gateway.send(bench.page)
    assert isinstance(outcome, RetryLater)
    assert not outcome.doubtful
    assert await bench.taken() == before


async def test_no_answer_is_given_up_at_the_limit_in_doubt(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gateway.GATEWAY_SECONDS <= 10
    monkeypatch.setattr(gateway, "GATEWAY_SECONDS", 0.3)
    await bench.behave("stall")
    async with asyncio.timeout(8):
        outcome = await bench.gateway.send(bench.page)
    assert isinstance(outcome, RetryLater)
    assert outcome.doubtful


async def test_a_fault_in_which_it_may_have_taken_the_message_is_in_doubt(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "GATEWAY_SECONDS", 3.0)
    await bench.behave("doubtful")
    outcome = await bench.gateway.send(bench.page)
    assert isinstance(outcome, RetryLater)
    assert outcome.doubtful


async def test_it_finds_what_it_has_or_says_that_it_cannot_look(bench: Bench) -> None:
    outcome = await bench.gateway.send(bench.page)
    assert isinstance(outcome, Accepted)
    if not bench.looks_up:
        with pytest.raises(LookUpFailedError):
            await bench.gateway.find(bench.page)
        return
    found = await bench.gateway.find(bench.page)
    assert found is not None
    assert await bench.gateway.find(Outgoing(UUID(int=8), bench.to, "BVTE: tin khac")) is None


async def test_it_closes_twice_without_a_fault(bench: Bench) -> None:
    await bench.gateway.send(bench.page)
    await bench.gateway.close()
    await bench.gateway.close()
