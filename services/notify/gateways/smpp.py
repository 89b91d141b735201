"""A local SMS company by SMPP 3.4: one bound line that sends, and on which receipts and replies come in."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

import smpp34

from services.notify.gateways import gateway
from services.notify.gateways.gateway import Inbound, LookUpFailedError, Outgoing, Receipt, Reply
from services.notify.rules import gsm
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import NOT_A_NUMBER, Accepted, NeverRetry, OtherChannel, Outcome, RetryLater
from services.notify.rules.smpp_receipt import as_decimal, parse_receipt
from shared.observability import logger
from shared.phones import normalise
from shared.settings import Settings

BIND_SECONDS = 5.0
UNBIND_SECONDS = 1.0
SETTLE_SECONDS = 0.5
"""After the last line: the library's own threads still let go of it, and crash an interpreter that ends meanwhile."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 15.0
"""Seconds before the line is opened again, doubled each time that it fails."""
RECEIPT_PAUSES: Final = (0.05, 0.5, 2.0, 10.0)
"""Seconds after which a receipt is tried again: it may overtake the record of the message it is about."""
SHORT_MESSAGE = 254
"""Bytes; more travel in the parameter message_payload."""
INTERNATIONAL, ALPHANUMERIC, ISDN = 1, 5, 1
IS_RECEIPT, RECEIPT_BITS, HAS_HEADER = 0x04, 0x3C, 0x40
"""Bits of esm_class (SMPP 3.4, 5.2.12)."""

MESSAGE_PAYLOAD, RECEIPTED_MESSAGE_ID, MESSAGE_STATE = 0x0424, 0x001E, 0x0427
"""Tags of optional parameters (SMPP 3.4, 5.3.2)."""
THROTTLED: Final = frozenset({0x58, 0x14})
"""command_status (SMPP 3.4, 5.1.3): over the agreed rate; the queue is full."""
WRONG_NUMBER: Final = frozenset({0x0B})
OTHER_WAY: Final = frozenset({0x0A, 0x01})
"""The sender's name is not registered; the text is too long."""

CHECK: Final = "SMPP_SYSTEM_ID, SMPP_PASSWORD, and whether the SMS company lets this machine's address in"
"""What a person looks at: the library tells a centre that refuses the bind and one that says nothing the same way."""

log = logger(__name__)


def classify_status(status: int) -> Outcome:
    """Say what a refusal by command_status means; an unknown one is tried again."""
    if status in WRONG_NUMBER:
        return NeverRetry(NOT_A_NUMBER)
    if status in OTHER_WAY:
        return OtherChannel(status)
    return RetryLater("throttled" if status in THROTTLED else f"status {status}", doubtful=False)


class SmppGateway:
    """A transceiver that stays bound: the library keeps the line alive, this class opens it again when it ends.

    The library acknowledges what comes in before we have recorded it. A reply that a crash loses in that moment is not
    an acknowledgement, so paging goes on and the person is asked again; a lost receipt proves nothing.
    """

    name: Final = "smpp"
    channel: Final = ContactChannel.SMS

    def __init__(self, settings: Settings, inbound: Inbound) -> None:
        self._settings = settings
        self._inbound = inbound
        self._sender = settings.smpp_sender or ""
        self._line: smpp34.Smsc | None = None
        self._client: smpp34.Client | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._opened = False
        self._hex_ids = settings.smpp_hex_ids
        self.receipts_from_phone = settings.smpp_receipts_from_phone

    @property
    def bound(self) -> bool:
        """Whether the line is open."""
        return self._line is not None

    async def start(self) -> None:
        """Begin to keep the line bound."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep_bound())

    async def send(self, message: Outgoing) -> Outcome:
        """Submit a message and ask for a receipt; a missing response is doubtful."""
        line, client = self._line, self._client
        if line is None or client is None or not await client.is_alive():
            return RetryLater("not bound", doubtful=False)
        try:
            async with asyncio.timeout(gateway.GATEWAY_SECONDS):
                response = await self._submit(line, message.to, message.body)
        except TimeoutError:
            return RetryLater("no answer in time", doubtful=True)
        except smpp34.SmppError as error:
            log.warning("gateway_unreachable", cause=str(error))
            return RetryLater("line lost", doubtful=True)
        if not response.is_success:
            log.info("gateway_refused", status=response.command_status)
            return classify_status(response.command_status)
        if not response.message_id:
            return RetryLater("no id", doubtful=True)
        return Accepted(as_decimal(response.message_id) if self._hex_ids == "responses" else response.message_id)

    async def _submit(self, line: smpp34.Smsc, to: str, body: str) -> smpp34.SubmitSmResp:
        data_coding, data = gsm.encode(body)
        long = len(data) > SHORT_MESSAGE
        from_number = self._sender.lstrip("+").isdecimal()
        return await line.submit_sm(
            to.removeprefix("+"),
            b"" if long else data,
            source_addr=self._sender.removeprefix("+"),
            source_addr_ton=INTERNATIONAL if self._sender.startswith("+") else 0 if from_number else ALPHANUMERIC,
            source_addr_npi=ISDN if from_number else 0,
            dest_addr_ton=INTERNATIONAL,
            dest_addr_npi=ISDN,
            registered_delivery=1,
            data_coding=data_coding,
            tlvs=[smpp34.Tlv(MESSAGE_PAYLOAD, data)] if long else [],
        )

    async def find(self, message: Outgoing) -> str | None:  # noqa: ARG002 - the shape of every gateway
        """Never know: SMPP asks by the provider's id only, which is what was lost."""
        raise LookUpFailedError("SMPP has no look-up")

    async def close(self) -> None:
        """Unbind and stop."""
        for task in (*self._tasks, *((self._keeper,) if self._keeper else ())):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._keeper = None
        await self._end_line()
        if self._opened:
            self._opened = False
            await asyncio.sleep(SETTLE_SECONDS)

    async def _keep_bound(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._bind()
                pause = FIRST_PAUSE
                await self._listen()
            except (smpp34.SmppError, TimeoutError) as error:
                log.warning("smpp_not_bound", cause=str(error) or type(error).__name__, check=CHECK)
            await self._end_line()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _bind(self) -> None:
        chosen = self._settings
        self._opened = True
        self._client = smpp34.Client(
            chosen.smpp_host or "",
            chosen.smpp_port,
            chosen.smpp_system_id or "",
            chosen.smpp_password or "",
            bind_type="TRX",
            tls=chosen.smpp_tls,
            connect_timeout_ms=int(BIND_SECONDS * 1000),
        )
        async with asyncio.timeout(BIND_SECONDS + 1):
            self._line = await self._client.connect()
        log.info("smpp_bound")

    async def _listen(self) -> None:
        """Take what comes in until the line ends."""
        line = self._line
        while line is not None:
            event = await line.next()
            if isinstance(event, smpp34.Disconnected):
                log.warning("smpp_line_ended")
                return
            task = asyncio.create_task(self._take(event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _take(self, event: smpp34.DeliverSmEvent) -> None:
        try:
            if event.esm_class & RECEIPT_BITS == IS_RECEIPT:
                await self._take_receipt(event)
            else:
                await self._take_reply(event)
        except Exception:
            log.exception("smpp_inbound_failed")

    async def _take_receipt(self, event: smpp34.DeliverSmEvent) -> None:
        sid, state = _parameter(event, RECEIPTED_MESSAGE_ID), _parameter(event, MESSAGE_STATE)
        text = _text(event)
        number = state[0] if state else None
        receipt = parse_receipt(text, sid=sid.rstrip(b"\0").decode("ascii", "replace") if sid else None, state=number)
        if receipt is None or not receipt.status:
            log.info("smpp_receipt_unread")
            return
        given = as_decimal(receipt.sid) if self._hex_ids == "receipts" else receipt.sid
        for pause in (0.0, *RECEIPT_PAUSES):
            await asyncio.sleep(pause)
            if await self._inbound.receipt(Receipt(self.name, given, receipt.status)):
                return

    async def _take_reply(self, event: smpp34.DeliverSmEvent) -> None:
        address = event.source_addr
        phone = normalise(address) or normalise(f"+{address}") or address
        answer = await self._inbound.reply(Reply(self.name, phone, _text(event)))
        if answer and self._line is not None:
            with contextlib.suppress(smpp34.SmppError, TimeoutError):
                async with asyncio.timeout(gateway.GATEWAY_SECONDS):
                    await self._submit(self._line, phone, answer)

    async def _end_line(self) -> None:
        line, client, self._line, self._client = self._line, self._client, None, None
        if line is not None and client is not None and await client.is_alive():
            with contextlib.suppress(smpp34.SmppError, TimeoutError):
                async with asyncio.timeout(UNBIND_SECONDS):
                    await line.unbind()
        if client is not None:
            with contextlib.suppress(smpp34.SmppError, TimeoutError):
                async with asyncio.timeout(BIND_SECONDS):
                    await client.stop()


def _parameter(event: smpp34.DeliverSmEvent, tag: int) -> bytes | None:
    return next((one.value for one in event.tlvs if one.tag == tag), None)


def _text(event: smpp34.DeliverSmEvent) -> str:
    data = event.short_message or _parameter(event, MESSAGE_PAYLOAD) or b""
    if event.esm_class & HAS_HEADER and data:
        data = data[data[0] + 1 :]
    return gsm.decode(event.data_coding, data)
