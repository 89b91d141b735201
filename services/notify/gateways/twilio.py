"""Twilio's SMS, through its own client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, encode_basic_auth
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from services.notify.gateways import gateway
from services.notify.gateways.gateway import LookUpFailedError, Outgoing
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import CALLBACK_REFUSED, Accepted, Outcome, RetryLater, classify_error
from shared.observability import logger
from shared.settings import TWILIO, Settings

STATUS_PATH = "/webhooks/twilio/status"
LOOK_BACK = timedelta(days=1)
NEWEST = 200
"""Messages to one number that a look-up reads: far more than anybody gets in a day."""

log = logger(__name__)


class TwilioHttpClient(AsyncTwilioHttpClient):  # type: ignore[misc] # the library has no types
    """Twilio's asynchronous HTTP client with a limit that holds, and the address of a local carrier where set.

    The library ignores the timeout that the client was made with, so each request is bounded here. A request costs
    0.13 ms of CPU; the synchronous client in a thread 0.85 ms, and httpx 1.2 ms.
    """

    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base.rstrip("/")

    async def request(self, method: str, url: str, **options: Any) -> Response:
        """Make a request within the limit."""
        if self._base != TWILIO:
            parts = urlsplit(url)
            url = f"{self._base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        if (auth := options.pop("auth", None)) is not None:
            # The library hands it on in a form that aiohttp is about to drop.
            options["headers"] = {**(options.get("headers") or {}), "Authorization": encode_basic_auth(*auth)}
        options["timeout"] = gateway.GATEWAY_SECONDS
        async with asyncio.timeout(gateway.GATEWAY_SECONDS):
            return await super().request(method, url, **options)


Classify = Callable[[int, int | None], Outcome]


async def create(resource: Any, fields: Mapping[str, Any], classify: Classify = classify_error) -> Outcome:
    """Create a message or a call at Twilio; a missing answer is doubtful, since Twilio may have taken it.

    Where Twilio refuses the address of the callback it is asked again without one.
    """
    try:
        made = await resource.create_async(**fields)
    except (TwilioRestException, TwilioServiceException) as error:
        log.info("gateway_refused", status=error.status, code=error.code)
        if error.code == CALLBACK_REFUSED and "status_callback" in fields:
            kept = {name: value for name, value in fields.items() if name != "status_callback"}
            return await create(resource, kept, classify)
        return classify(error.status, error.code)
    except ClientConnectorError:
        return RetryLater("not reached", doubtful=False)
    except TimeoutError:
        return RetryLater("no answer in time", doubtful=True)
    except Exception as error:  # noqa: BLE001 - whatever the network did, the page must still go out
        log.warning("gateway_unreachable", cause=type(error).__name__)
        return RetryLater(type(error).__name__, doubtful=True)
    return Accepted(str(made.sid))


class TwilioGateway:
    """Twilio's REST API for messages. Make it inside a running event loop."""

    name: Final = "twilio"
    channel: Final = ContactChannel.SMS

    def __init__(self, settings: Settings) -> None:
        self._http = TwilioHttpClient(settings.twilio_api_base)
        client = Client(settings.twilio_account_sid, settings.twilio_auth_token[0], http_client=self._http)
        self._messages = client.api.v2010.account.messages
        self._from = settings.twilio_from
        self._service = settings.twilio_messaging_service_sid
        self._callback = f"{settings.public_url.rstrip('/')}{STATUS_PATH}" if settings.public_url else None
        self.receipts_from_phone = settings.twilio_receipts_from_phone

    async def start(self) -> None:
        """Do nothing: each request has its own line."""

    async def send(self, message: Outgoing) -> Outcome:
        """Hand over a message."""
        origin = {"messaging_service_sid": self._service} if self._service else {"from_": self._from}
        extra = {"status_callback": f"{self._callback}?message={message.id}"} if self._callback else {}
        return await create(self._messages, {"to": message.to, "body": message.body, **origin, **extra})

    async def find(self, message: Outgoing) -> str | None:
        """Look for the exact text, which its case code makes unique, among the newest to this number.

        Not by the date of sending: what Twilio has taken and not yet sent has none.
        """
        sender = {"from_": self._from} if self._from else {}
        try:
            async with asyncio.timeout(gateway.LOOK_UP_SECONDS):
                found = await self._messages.list_async(to=message.to, limit=NEWEST, **sender)
        except Exception as error:
            raise LookUpFailedError(type(error).__name__) from error
        since = datetime.now(UTC) - LOOK_BACK
        same = (one for one in found if one.body == message.body)
        return next((str(one.sid) for one in same if one.date_created is None or one.date_created >= since), None)

    async def close(self) -> None:
        """Close the connections to Twilio."""
        await self._http.close()
