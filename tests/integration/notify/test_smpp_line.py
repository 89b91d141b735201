"""The SMPP line itself: long texts, a wrong password, two processes at once, ids in two notations, and the end."""

from __future__ import annotations

import asyncio
import struct
import sys
from pathlib import Path
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from services.notify.gateways.gateway import Inbound, Outgoing, Receipt
from services.notify.gateways.pool import Pool
from services.notify.gateways.smpp import SmppGateway
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import Accepted, RetryLater
from services.notify.rules.smpp_receipt import as_decimal
from tests.integration.notify.carrier import Carrier
from tests.integration.notify.test_smpp import PAGE, TO, Inbox, Smsc, bound, centre, settings, until
from tests.support.raw_smsc import INVALID_PASSWORD, raw_centre, short_message

__all__ = ["centre"]
LONG = "Đã nhận vụ, anh chị xem chi tiết trên trang bảo vệ trẻ em. " * 4


def line_to(port: int, inbox: Inbox) -> SmppGateway:
    return SmppGateway(settings(port), Inbound(inbox.receipt, inbox.reply))


async def test_a_long_text_travels_whole_as_payload() -> None:
    async with raw_centre() as centre_:
        line = await bound(line_to(centre_.port, Inbox()))
        assert await line.send(Outgoing(UUID(int=9), TO, LONG)) == Accepted("r1")
        await line.close()
    data_coding, field, rest = short_message(centre_.submitted[0])
    tag, length = struct.unpack(">HH", rest[:4])
    assert (data_coding, field, tag, length) == (8, b"", 0x0424, len(LONG) * 2)
    assert rest[4 : 4 + length].decode("utf-16-be") == LONG


async def test_a_wrong_password_is_readable_in_the_log_and_messages_go_another_way() -> None:
    other = Carrier(name="twilio")
    with capture_logs() as logs:
        async with raw_centre(bind_status=INVALID_PASSWORD) as centre_:
            line = line_to(centre_.port, Inbox())
            pool = Pool([line, other])
            await pool.start()
            await until(lambda: any(entry["event"] == "smpp_not_bound" for entry in logs))
            for _ in range(3):
                assert pool.order(ContactChannel.SMS)[0] == "smpp"
                assert await pool.send("smpp", PAGE) == RetryLater("not bound", doubtful=False)
            assert pool.order(ContactChannel.SMS) == ["twilio", "smpp"]
            await pool.close()
    told = [entry for entry in logs if entry["event"] == "smpp_not_bound"]
    assert {entry["cause"] for entry in told} == {"bind timed out"}
    assert all("SMPP_PASSWORD" in entry["check"] for entry in told)
    assert [entry["open"] for entry in logs if entry["event"] == "gateway_breaker"] == [True]
    assert "secret" not in str(logs)


async def test_two_processes_hold_a_line_each_and_both_send(centre: Smsc) -> None:
    centre.mode("silent")
    first, second = Inbox(), Inbox()
    lines = [await bound(line_to(centre.port, inbox)) for inbox in (first, second)]
    try:
        outcomes = [await line.send(PAGE) for line in lines]
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        sessions = [taken["session"] for taken in centre.state()["taken"][-2:]]
        assert len(set(sessions)) == 2
        await lines[0].close()
        assert isinstance(await lines[1].send(PAGE), Accepted), "one ending leaves the other alone"
    finally:
        for line in lines:
            await line.close()


async def test_a_receipt_in_hexadecimal_finds_its_message(centre: Smsc) -> None:
    centre.mode("hex")
    inbox = Inbox()
    chosen = settings(centre.port).model_copy(update={"smpp_hex_ids": "receipts"})
    line = await bound(SmppGateway(chosen, Inbound(inbox.receipt, inbox.reply)))
    outcome = await line.send(PAGE)
    assert isinstance(outcome, Accepted)
    assert await asyncio.wait_for(inbox.receipts.get(), 10) == Receipt("smpp", outcome.sid, "delivered")
    await line.close()


@pytest.mark.parametrize(("given", "decimal"), [("0000041A", "1050"), ("41a", "1050"), ("m-77", "m-77")])
def test_an_id_in_hexadecimal_is_told_in_decimal(given: str, decimal: str) -> None:
    assert as_decimal(given) == decimal


ENDS = """
import asyncio
from services.notify.gateways.gateway import Inbound
from services.notify.gateways.smpp import SmppGateway
from tests.integration.notify.test_smpp import Inbox, bound, settings

async def main():
    inbox = Inbox()
    line = await bound(SmppGateway(settings({port}), Inbound(inbox.receipt, inbox.reply)))
    await line.close()

asyncio.run(main())
"""


async def test_a_process_that_has_closed_its_line_ends_without_a_crash(centre: Smsc) -> None:
    code = ENDS.format(port=centre.port)
    root = str(Path(__file__).parents[3])
    for _ in range(2):
        started = [
            await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=root, env={"PYTHONPATH": root})
            for _ in range(3)
        ]
        assert [await process.wait() for process in started] == [0, 0, 0]
