"""The carrier's HTTP: Twilio's API for messages, callbacks to the product, and the phones for a person."""

from __future__ import annotations

import asyncio
import base64
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from twilio.request_validator import RequestValidator

from deploy.demo.carrier.behaviour import BEHAVIOURS, CALL_BEHAVIOURS, EVERYBODY
from deploy.demo.carrier.call_routes import CallRoutes, refusal
from deploy.demo.carrier.calls import Exchange
from deploy.demo.carrier.phones import phones_page
from deploy.demo.carrier.store import API_PAGE, FROM_PHONE, TO_PHONE, Message, Store

HERE = Path(__file__).parent
CALLBACK_TRIES = 4
CALLBACK_PAUSE = 0.5
CREATED, BAD_REQUEST, UNAUTHORIZED, BAD_GATEWAY = 201, 400, 401, 502
ARRIVALS_PAGE = 5000


@dataclass
class Carrier:
    """A carrier with one account."""

    account_sid: str
    auth_token: str
    sms_webhook: str | None = None
    callbacks: bool = True

    def __post_init__(self) -> None:
        """Begin without messages."""
        self.store = Store()
        self.validator = RequestValidator(self.auth_token)
        self.session: aiohttp.ClientSession | None = None
        self.tasks: set[asyncio.Task[None]] = set()
        credentials = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        self.authorization = f"Basic {credentials}"
        self.calls = CallRoutes(Exchange(self.account_sid, self._post), self.authorization)

    def app(self) -> Starlette:
        """Return the app."""
        base = f"/2010-04-01/Accounts/{self.account_sid}"
        return Starlette(
            routes=[
                Route(f"{base}/Messages.json", self.create, methods=["POST"]),
                Route(f"{base}/Messages.json", self.list, methods=["GET"]),
                Route(f"{base}/Messages/{{sid}}.json", self.fetch, methods=["GET"]),
                *self.calls.routes(),
                Route("/demo/phones", self.phones, methods=["GET"]),
                Route("/demo/phones.json", self.phones_json, methods=["GET"]),
                Route("/demo/messages.json", self.messages_json, methods=["GET"]),
                Route("/demo/phones/{number}", self.reply, methods=["POST"]),
                Route("/demo/phones/{number}/behaviour", self.behave, methods=["PUT"]),
                Mount("/demo/static", StaticFiles(directory=HERE / "static")),
            ]
        )

    async def create(self, request: Request) -> Response:
        """Take a message, or refuse it as the number's behaviour says."""
        if request.headers.get("authorization") != self.authorization:
            return refusal(UNAUTHORIZED, 20003)
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        number, body, callback = form.get("To", ""), form.get("Body", ""), form.get("StatusCallback")
        sender = form.get("From") or form.get("MessagingServiceSid")
        behaviour = self.store.behaviour(number)
        if behaviour.away:
            return Response(status_code=503)
        await asyncio.sleep(behaviour.stall)
        if not number or not sender or not body:
            return refusal(BAD_REQUEST, 21604 if not number else 21603 if not sender else 21602)
        if behaviour.refuse is not None and (behaviour.refuse[1] != 21609 or callback):  # noqa: PLR2004 - Twilio's code
            return refusal(*behaviour.refuse)
        message = self.store.add(number, sender, TO_PHONE, body, "queued", callback)
        if callback and self.callbacks:
            self._later(message)
        return JSONResponse(message.resource(self.account_sid), CREATED)

    def _later(self, message: Message) -> None:
        task = asyncio.create_task(self._report(message))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _report(self, message: Message) -> None:
        """Tell the callback what became of a message, in the number's order."""
        behaviour = self.store.behaviour(message.number)
        for status in behaviour.reports:
            if message.status != "delivered":
                message.status = status
                message.error = behaviour.error if status == "undelivered" else None
            form = {
                "MessageSid": message.sid,
                "SmsSid": message.sid,
                "MessageStatus": status,
                "SmsStatus": status,
                "To": message.number,
                "From": message.other,
                "AccountSid": self.account_sid,
                "ApiVersion": "2010-04-01",
                **({"ErrorCode": str(message.error)} if message.error else {}),
            }
            for attempt in range(CALLBACK_TRIES):
                if (await self._post(message.callback or "", form))[0] < 500:  # noqa: PLR2004 - server errors
                    break
                await asyncio.sleep(CALLBACK_PAUSE * 2**attempt)

    async def _post(self, url: str, form: dict[str, str]) -> tuple[int, str]:
        if self.session is None:
            self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        headers = {"X-Twilio-Signature": self.validator.compute_signature(url, form)}
        try:
            async with self.session.post(url, data=form, headers=headers) as answer:
                return answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            return 503, ""

    async def list(self, request: Request) -> Response:
        """List messages as Twilio does: by To, From and date, newest first."""
        if request.headers.get("authorization") != self.authorization:
            return refusal(UNAUTHORIZED, 20003)
        if self.store.behaviour(EVERYBODY).away:
            return Response(status_code=503)
        asked = request.query_params
        size = min(int(asked.get("PageSize", "50")), API_PAGE)
        start = int(asked.get("Page", "0")) * size
        found = [
            message
            for message in self.store.sent_to(asked.get("To"))
            if asked.get("From") in (None, message.other) and _dated(message, asked)
        ]
        page = [message.resource(self.account_sid) for message in found[start : start + size]]
        more = {**asked, "Page": str(start // size + 1), "PageSize": str(size)}
        uri = f"{request.url.path}?{urlencode(more)}" if start + size < len(found) else None
        return JSONResponse({"messages": page, "page": start // size, "page_size": size, "next_page_uri": uri})

    async def fetch(self, request: Request) -> Response:
        """Return one message."""
        if request.headers.get("authorization") != self.authorization:
            return refusal(UNAUTHORIZED, 20003)
        message = self.store.by_sid.get(request.path_params["sid"])
        if message is None:
            return refusal(404, 20404)
        return JSONResponse(message.resource(self.account_sid))

    async def phones(self, request: Request) -> Response:
        """Show the phones."""
        return phones_page(request)

    async def phones_json(self, _request: Request) -> Response:
        """Return every number's messages."""
        numbers = {
            number: [message.line() for message in messages] for number, messages in self.store.by_number.items()
        }
        return JSONResponse(numbers)

    async def messages_json(self, request: Request) -> Response:
        """Return messages to phones from an index on, with their moment of arrival."""
        since = int(request.query_params.get("since", "0"))
        page = self.store.messages[since : since + ARRIVALS_PAGE]
        arrivals = [message.arrival() for message in page if message.direction == TO_PHONE]
        return JSONResponse({"next": since + len(page), "messages": arrivals})

    async def reply(self, request: Request) -> Response:
        """Send an SMS from a phone to the product and show the answer on the phone."""
        number = request.path_params["number"]
        body = str((await request.json()).get("body", ""))
        received = self.store.sent_to(number)
        to = received[0].other if received else ""
        webhook = self.sms_webhook or (_webhook_beside(received[0].callback) if received else None)
        if webhook is None:
            return JSONResponse({"error": "no webhook is known yet"}, BAD_GATEWAY)
        message = self.store.add(number, to, FROM_PHONE, body, "received")
        form = {
            "MessageSid": message.sid,
            "SmsMessageSid": message.sid,
            "AccountSid": self.account_sid,
            "From": number,
            "To": to,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
        }
        status, text = await self._post(webhook, form)
        if status >= BAD_REQUEST:
            return JSONResponse({"error": f"the product answered {status}"}, BAD_GATEWAY)
        answer = _answer(text)
        if answer is not None:
            self.store.add(number, to, TO_PHONE, answer, "delivered")
        return JSONResponse({"answer": answer})

    async def behave(self, request: Request) -> Response:
        """Choose how a number behaves from now on: `mode` for messages, `call` for calls."""
        number, given = request.path_params["number"], await request.json()
        chosen = {name: str(given[name]) for name in ("mode", "call") if name in given}
        for name, table in (("mode", BEHAVIOURS), ("call", CALL_BEHAVIOURS)):
            if (name in chosen and chosen[name] not in table) or not chosen:
                return JSONResponse({"error": f"{name} is one of " + ", ".join(table)}, 422)
        if "mode" in chosen:
            self.store.modes[number] = chosen["mode"]
        if "call" in chosen:
            self.calls.modes[number] = chosen["call"]
        return JSONResponse(chosen)


def _dated(message: Message, asked: Any) -> bool:
    """Tell whether a message lies within the days or moments asked for."""
    sent = datetime.fromtimestamp(message.arrived, UTC)
    after, before = asked.get("DateSent>"), asked.get("DateSent<")
    return (after is None or sent >= _moment(after)) and (before is None or sent <= _moment(before))


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _webhook_beside(callback: str | None) -> str | None:
    if not callback:
        return None
    parts = urlsplit(callback)
    return f"{parts.scheme}://{parts.netloc}/webhooks/twilio/sms"


def _answer(twiml: str) -> str | None:
    message = ET.fromstring(twiml.encode()).find("Message")  # noqa: S314 - our own product's answer
    return message.text if message is not None else None
