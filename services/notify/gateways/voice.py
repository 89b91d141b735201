"""Calls by Twilio: the words and the keys are told by our own address, once the call is answered."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from twilio.rest import Client

from services.notify.gateways.gateway import LookUpFailedError, Outgoing
from services.notify.gateways.twilio import STATUS_PATH, TwilioHttpClient, create
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import NO_CALLS, NOT_FOR_US, OtherChannel, Outcome, classify_call_error
from shared.observability import logger
from shared.settings import Settings

VOICE_PATH = "/webhooks/twilio/voice"
RING_SECONDS = 40
"""Long enough to find a phone at night, shorter than most voice mails wait."""
EVENTS: Final = ("initiated", "ringing", "answered", "completed")
REFUSED_FOR = 900.0
"""Seconds for which an account that may not call is not asked again."""

log = logger(__name__)


class VoiceGateway:
    """Twilio's REST API for calls, with machines told from people. Make it inside a running event loop."""

    name: Final = "voice"
    channel: Final = ContactChannel.VOICE
    receipts_from_phone: Final = True

    def __init__(self, settings: Settings, now: Callable[[], float] = time.monotonic) -> None:
        self._http = TwilioHttpClient(settings.twilio_api_base)
        client = Client(settings.twilio_account_sid, settings.twilio_auth_token[0], http_client=self._http)
        self._calls = client.api.v2010.account.calls
        self._from = settings.calls_from
        self._base = (settings.public_url or "").rstrip("/")
        self._now = now
        self._refused: tuple[int, float] | None = None

    async def start(self) -> None:
        """Do nothing: each request has its own line."""

    async def send(self, message: Outgoing) -> Outcome:
        """Place a call; while the account may not call, say so without asking each time."""
        if self._refused is not None and self._now() - self._refused[1] < REFUSED_FOR:
            return OtherChannel(self._refused[0])
        outcome = await self._place(message)
        if isinstance(outcome, OtherChannel) and outcome.code in NO_CALLS | NOT_FOR_US:
            if self._refused is None:
                log.warning("calls_refused", code=outcome.code)
            self._refused = (outcome.code, self._now())
        else:
            self._refused = None
        return outcome

    async def _place(self, message: Outgoing) -> Outcome:
        fields = {
            "to": message.to,
            "from_": self._from,
            "url": f"{self._base}{VOICE_PATH}?message={message.id}",
            "status_callback": f"{self._base}{STATUS_PATH}?message={message.id}",
            "status_callback_event": list(EVENTS),
            "machine_detection": "Enable",
            "timeout": RING_SECONDS,
        }
        return await create(self._calls, fields, classify_call_error)

    async def end(self, sid: str) -> None:
        """Stop the ringing; a call that is answered goes on, since `canceled` ends only what still rings."""
        try:
            await self._calls(sid).update_async(status="canceled")
        except Exception as error:  # noqa: BLE001 - it rings out by itself
            log.info("call_not_ended", cause=type(error).__name__)

    async def find(self, message: Outgoing) -> str | None:  # noqa: ARG002 - the shape of every gateway
        """Never know: a call carries no mark of ours, so nothing tells this one from another to the same number."""
        raise LookUpFailedError("a call cannot be looked up")

    async def close(self) -> None:
        """Close the connections to Twilio."""
        await self._http.close()
