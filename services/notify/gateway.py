"""The first SMS gateway: Twilio, through its own client."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, encode_basic_auth
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from services.notify.rules.delivery import Accepted, Outcome, RetryLater, classify_error
from shared.observability import logger
from shared.settings import TWILIO, Settings

GATEWAY_SECONDS = 10.0
"""A gateway that has not answered by now is given up for this attempt; the queue's lease is longer."""
LOOK_UP_SECONDS = 2.5
"""A look-up and the sending after it fit together in the time that the queue gives a worker."""
LOOK_BACK = timedelta(days=1)
NEWEST = 200
"""Messages to one number that a look-up reads: far more than anybody gets in a day."""

log = logger(__name__)


class LookUpFailedError(Exception):
    """The gateway could not say whether it has a message."""


class Gateway(Protocol):
    """Sends an SMS and can be asked whether it has one."""

    @property
    def sender(self) -> str:
        """The number or name that messages come from."""
        ...

    async def send(self, to: str, body: str, callback: str | None) -> Outcome:
        """Hand over a message; `callback` is where delivery is reported."""
        ...

    async def find(self, to: str, body: str) -> str | None:
        """Return the id of a message sent over the last day, or None; raises `LookUpFailedError`."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class _HttpClient(AsyncTwilioHttpClient):  # type: ignore[misc] # the library has no types
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
        options["timeout"] = GATEWAY_SECONDS
        async with asyncio.timeout(GATEWAY_SECONDS):
            return await super().request(method, url, **options)


class TwilioGateway:
    """Twilio's REST API for messages. Make it inside a running event loop."""

    def __init__(self, settings: Settings) -> None:
        self._http = _HttpClient(settings.twilio_api_base)
        self._client = Client(settings.twilio_account_sid, settings.twilio_auth_token[0], http_client=self._http)
        self._messages = self._client.api.v2010.account.messages
        self._from = settings.twilio_from
        self._service = settings.twilio_messaging_service_sid

    @property
    def sender(self) -> str:
        """The number, name or messaging service that messages come from."""
        return self._from or self._service or ""

    async def send(self, to: str, body: str, callback: str | None) -> Outcome:
        """Hand over a message; a missing answer is doubtful, since Twilio may have taken it."""
        origin = {"messaging_service_sid": self._service} if self._service else {"from_": self._from}
        extra = {"status_callback": callback} if callback else {}
        try:
            message = await self._messages.create_async(to=to, body=body, **origin, **extra)
        except TwilioRestException as error:
            log.info("gateway_refused", status=error.status, code=error.code)
            return classify_error(error.status, error.code)
        except ClientConnectorError:
            return RetryLater("not reached", doubtful=False)
        except TimeoutError:
            return RetryLater("no answer in time", doubtful=True)
        except Exception as error:  # noqa: BLE001 - whatever the network did, the page must still go out
            log.warning("gateway_unreachable", cause=type(error).__name__)
            return RetryLater(type(error).__name__, doubtful=True)
        return Accepted(str(message.sid))

    async def find(self, to: str, body: str) -> str | None:
        """Look for the exact text, which its case code makes unique, among the newest to this number.

        Not by the date of sending: what Twilio has taken and not yet sent has none.
        """
        sender = {"from_": self._from} if self._from else {}
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                found = await self._messages.list_async(to=to, limit=NEWEST, **sender)
        except Exception as error:
            raise LookUpFailedError(type(error).__name__) from error
        since = datetime.now(UTC) - LOOK_BACK
        same = (message for message in found if message.body == body)
        return next((str(one.sid) for one in same if one.date_created is None or one.date_created >= since), None)

    async def close(self) -> None:
        """Close the connections to Twilio."""
        await self._http.close()
