"""The SMPP gateway against an SMS centre in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from deploy.demo.processes import Process, call, free_port
from services.notify.gateways import gateway
from services.notify.gateways.gateway import Inbound, LookUpFailedError, Outgoing, Receipt, Reply
from services.notify.gateways.pool import Pool
from services.notify.gateways.smpp import SmppGateway
from services.notify.handlers.record_delivery import record_delivery
from services.notify.handlers.record_reply import Incoming, record_reply
from services.notify.rules.delivery import Accepted, NeverRetry, OtherChannel, Outcome, RetryLater
from shared.settings import Settings
from tests.integration.notify.world import PHONE, World

TO, TEXT = "+84990100001", "BVTE: MUC GAP, ma K7Q281. Nhan viec truoc 14:20 28/11."
PAGE = Outgoing(UUID(int=7), TO, TEXT)


@dataclass
class Smsc:
    port: int
    control: str

    def mode(self, mode: str) -> None:
        assert call("PUT", f"{self.control}/mode", {"mode": mode})[0] == 200

    def state(self) -> dict[str, Any]:
        return dict(call("GET", f"{self.control}/state")[1])

    async def reply(self, phone: str, text: str, **more: Any) -> None:
        body = {"from": phone.removeprefix("+"), "data": text.encode().hex(), **more}
        status, answers = await asyncio.to_thread(call, "POST", f"{self.control}/reply", body)
        assert (status, set(answers)) == (200, {0})

    async def hang_up(self) -> None:
        await asyncio.to_thread(call, "POST", f"{self.control}/hang-up", {})


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smsc]:
    port, control = free_port(), free_port()
    url = f"http://127.0.0.1:{control}"
    log: Path = tmp_path_factory.mktemp("smsc") / "log"
    command = [sys.executable, "-m", "tests.support.smsc", "--port", str(port), "--control", str(control)]
    process = Process("smsc", command, {}, log, f"{url}/state")
    process.start()
    yield Smsc(port, url)
    process.kill()


@pytest.fixture
def smsc(centre: Smsc) -> Smsc:
    centre.mode("deliver")
    return centre


@dataclass
class Inbox:
    """What the gateway handed in; it is told of receipts only from the `known_after`th time on."""

    receipts: asyncio.Queue[Receipt] = field(default_factory=asyncio.Queue)
    replies: asyncio.Queue[Reply] = field(default_factory=asyncio.Queue)
    answer: str | None = None
    unknown: int = 0

    async def receipt(self, given: Receipt) -> bool:
        if self.unknown:
            self.unknown -= 1
            return False
        self.receipts.put_nowait(given)
        return True

    async def reply(self, given: Reply) -> str | None:
        self.replies.put_nowait(given)
        return self.answer


def settings(port: int) -> Settings:
    return Settings(
        smpp_host="127.0.0.1", smpp_port=port, smpp_system_id="heedline", smpp_password="secret", smpp_sender="BVTE"
    )


async def until(probe: Callable[[], bool | Awaitable[bool]]) -> None:
    """Ask until it is so; fail after a time that no machine needs."""
    async with asyncio.timeout(20):
        while True:
            found = probe()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.02)


async def bound(line: SmppGateway) -> SmppGateway:
    await line.start()
    await until(lambda: line._line is not None)
    return line


@pytest.fixture
async def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def line(smsc: Smsc, inbox: Inbox) -> AsyncIterator[SmppGateway]:
    made = await bound(SmppGateway(settings(smsc.port), Inbound(inbox.receipt, inbox.reply)))
    yield made
    await made.close()


async def test_a_message_goes_out_in_gsm_with_a_receipt_asked_for(smsc: Smsc, line: SmppGateway, inbox: Inbox) -> None:
    outcome = await line.send(PAGE)
    taken = smsc.state()["taken"][-1]
    assert outcome == Accepted(taken["id"])
    assert bytes.fromhex(taken["data"]) == TEXT.encode()
    assert (taken["to"], taken["from"], taken["data_coding"], taken["ton"]) == ("84990100001", "BVTE", 0, [5, 1])
    assert taken["registered_delivery"] == 1
    assert await asyncio.wait_for(inbox.receipts.get(), 10) == Receipt("smpp", taken["id"], "delivered")


async def test_vietnamese_with_diacritics_goes_out_as_ucs_2(smsc: Smsc, line: SmppGateway) -> None:
    await line.send(Outgoing(UUID(int=8), TO, "Đã nhận"))
    taken = smsc.state()["taken"][-1]
    assert taken["data_coding"] == 8
    assert bytes.fromhex(taken["data"]).decode("utf-16-be") == "Đã nhận"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0x58, RetryLater("throttled", doubtful=False)),
        (0x14, RetryLater("throttled", doubtful=False)),
        (0x0B, NeverRetry(21211)),
        (0x0A, OtherChannel(0x0A)),
        (0x08, RetryLater("status 8", doubtful=False)),
    ],
)
async def test_each_refusal_has_its_class(smsc: Smsc, line: SmppGateway, status: int, outcome: Outcome) -> None:
    smsc.mode(str(status))
    assert await line.send(PAGE) == outcome


async def test_a_stalled_centre_is_given_up_in_time_and_in_doubt(
    smsc: Smsc, line: SmppGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gateway.GATEWAY_SECONDS <= 10
    monkeypatch.setattr(gateway, "GATEWAY_SECONDS", 0.2)
    smsc.mode("stall")
    assert await line.send(PAGE) == RetryLater("no answer in time", doubtful=True)


async def test_a_line_cut_before_the_response_is_in_doubt_and_opened_again(smsc: Smsc, line: SmppGateway) -> None:
    smsc.mode("cut")
    outcome = await line.send(PAGE)
    assert isinstance(outcome, RetryLater)
    assert outcome.doubtful
    smsc.mode("silent")

    async def accepted() -> bool:
        return isinstance(await line.send(PAGE), Accepted)

    await until(accepted)


async def test_a_centre_that_is_not_there_took_nothing(inbox: Inbox) -> None:
    line = SmppGateway(settings(free_port()), Inbound(inbox.receipt, inbox.reply))
    await line.start()
    assert await line.send(PAGE) == RetryLater("not bound", doubtful=False)
    await line.close()


async def test_whether_it_has_a_message_cannot_be_known(line: SmppGateway) -> None:
    with pytest.raises(LookUpFailedError):
        await line.find(PAGE)


async def test_a_receipt_that_overtakes_the_record_is_tried_again(line: SmppGateway, inbox: Inbox) -> None:
    inbox.unknown = 2
    outcome = await line.send(PAGE)
    assert isinstance(outcome, Accepted)
    assert (await asyncio.wait_for(inbox.receipts.get(), 10)).sid == outcome.sid


async def test_a_reply_is_handed_in_and_answered_on_the_same_line(smsc: Smsc, line: SmppGateway, inbox: Inbox) -> None:
    inbox.answer = "BVTE: da nhan"
    before = len(smsc.state()["taken"])
    await smsc.reply(TO, "OK K7Q281")
    assert await asyncio.wait_for(inbox.replies.get(), 10) == Reply("smpp", TO, "OK K7Q281")
    await until(lambda: len(smsc.state()["taken"]) > before)
    assert smsc.state()["taken"][-1]["to"] == TO.removeprefix("+")


async def test_a_reply_with_diacritics_is_read(smsc: Smsc, line: SmppGateway, inbox: Inbox) -> None:
    body = {"data": "Nhận K7Q281".encode("utf-16-be").hex(), "data_coding": 8}
    await smsc.reply(TO, "", **body)
    assert (await asyncio.wait_for(inbox.replies.get(), 10)).body == "Nhận K7Q281"


async def test_after_the_line_ended_replies_come_on_the_next_one(smsc: Smsc, line: SmppGateway, inbox: Inbox) -> None:
    first = line._line
    await smsc.hang_up()
    await until(lambda: line._line not in {None, first})
    await smsc.reply(TO, "OK K7Q281")
    assert (await asyncio.wait_for(inbox.replies.get(), 10)).body == "OK K7Q281"


@pytest.mark.parametrize(("mode", "state"), [("disorder", "delivered"), ("undeliverable", "undelivered")])
async def test_a_page_by_smpp_from_sending_to_taking(smsc: Smsc, world: World, mode: str, state: str) -> None:
    """The whole way: page, receipts twice and out of order or a failure, and the reply that takes the case."""
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def receipt(given: Receipt) -> bool:
        known = await record_delivery(
            world.database,
            world.desk,
            message_id=None,
            sid=given.sid,
            reported=given.reported,
            error_code=None,
            gateway=given.gateway,
        )
        heard.put_nowait(given.reported) if known else None
        return known

    async def reply(given: Reply) -> str | None:
        answer = await record_reply(world.database, world.desk, Incoming(given.gateway, None, given.phone, given.body))
        heard.put_nowait("reply")
        return answer

    line = await bound(SmppGateway(settings(smsc.port), Inbound(receipt, reply)))
    smsc.mode(mode)
    world.pool = Pool([line])
    event = await world.open()
    for _ in range(3 if mode == "disorder" else 1):
        await asyncio.wait_for(heard.get(), 20)
    assert (await world.message_states())[0] == state
    assert (await world.alert(event.case_code))["paged"][0]["gateway"] == "smpp"
    assert (await world.alert(event.case_code))["step"] == (1 if mode == "disorder" else 2)
    smsc.mode("silent")
    await smsc.reply(PHONE["worker"], f"OK {event.case_code}")
    while await asyncio.wait_for(heard.get(), 20) != "reply":
        pass
    assert (await world.alert(event.case_code))["state"] == "acknowledged"
    await line.close()
