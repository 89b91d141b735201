"""A gateway described by settings, as local SMS companies and the Zalo notification service offer it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import aiohttp

from services.notify.gateways import gateway
from services.notify.gateways.gateway import LookUpFailedError, Outgoing
from services.notify.gateways.http_spec import HttpSpec, text_at
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import (
    NOT_A_NUMBER,
    SERVER_ERRORS,
    TOO_MANY,
    Accepted,
    NeverRetry,
    OtherChannel,
    Outcome,
    RetryLater,
)
from shared.observability import logger

LARGEST_ANSWER = 65_536
ERRORS = 300
"""HTTP statuses from here on say that nothing was taken; a redirect is not followed with a secret in hand."""
_FIELD = re.compile(r"\{([a-z_0-9]+)\}")

log = logger(__name__)


class HttpGateway:
    """One description at work."""

    def __init__(self, spec: HttpSpec, public_url: str | None) -> None:
        self._spec = spec
        self._callback = f"{(public_url or '').rstrip('/')}/webhooks/sms/{spec.name}"
        self._session: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        return self._spec.name

    @property
    def channel(self) -> ContactChannel:
        return self._spec.channel

    @property
    def receipts_from_phone(self) -> bool:
        return self._spec.receipts_from_phone

    async def start(self) -> None:
        """Do nothing: lines are opened when they are needed."""

    async def send(self, message: Outgoing) -> Outcome:
        """Hand over a message; a missing answer is doubtful."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        spec, values = self._spec, self._values(message)
        body = {"json": _filled(spec.json_, values)} if spec.form is None else {"data": _filled(spec.form, values)}
        options: dict[str, Any] = {"params": body["data"]} if spec.method == "GET" and spec.form else body
        try:
            async with (
                asyncio.timeout(gateway.GATEWAY_SECONDS),
                self._session.request(
                    spec.method,
                    str(spec.url),
                    headers=_filled(spec.headers, values),
                    allow_redirects=False,
                    **options,
                ) as answer,
            ):
                raw = await answer.content.read(LARGEST_ANSWER)
                return self._read(answer.status, raw, message)
        except aiohttp.ClientConnectorError:
            return RetryLater("not reached", doubtful=False)
        except TimeoutError:
            return RetryLater("no answer in time", doubtful=True)
        except aiohttp.ClientError as error:
            log.warning("gateway_unreachable", cause=type(error).__name__)
            return RetryLater(type(error).__name__, doubtful=True)

    def _read(self, status: int, raw: bytes, message: Outgoing) -> Outcome:
        """Say what an answer means; one that nobody can read after a good status is doubtful."""
        spec = self._spec
        if status >= SERVER_ERRORS or status == TOO_MANY:
            return RetryLater(f"status {status}", doubtful=status >= SERVER_ERRORS)
        document = _parsed(raw)
        code = text_at(document, spec.error_path) if spec.error_path else ""
        said = text_at(document, spec.accepted.path) if spec.accepted.path else ""
        if status < ERRORS and (spec.accepted.path is None or said in {_text(one) for one in spec.accepted.equals}):
            sid = text_at(document, spec.id_path) if spec.id_path else str(message.id)
            return Accepted(sid) if sid else RetryLater("no id", doubtful=True)
        log.info("gateway_refused", gateway=self.name, status=status, code=code)
        match spec.errors.get(code):
            case "never":
                return NeverRetry(NOT_A_NUMBER)
            case "channel":
                return OtherChannel(int(code) if code.lstrip("-").isdecimal() and len(code) < 9 else status)  # noqa: PLR2004 - fits the column
            case _:
                return RetryLater(
                    f"code {code}" if code else f"status {status}", doubtful=document is None and status < ERRORS
                )

    def _values(self, message: Outgoing) -> Mapping[str, str]:
        digits = message.to.removeprefix("+")
        return {
            "to": message.to,
            "to_84": digits,
            "to_local": "0" + digits[2:] if digits.startswith("84") else digits,
            "text": message.body,
            "id": str(message.id),
            "sender": self._spec.sender,
            "secret": self._spec.secret,
            "callback": self._callback,
            **message.fields,
        }

    async def find(self, message: Outgoing) -> str | None:  # noqa: ARG002 - the shape of every gateway
        """Never know: the description has no look-up."""
        raise LookUpFailedError("no look-up is described")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    """Return a part of the description with its fields filled in; a value is never read as a field itself."""
    if isinstance(part, str):
        return _FIELD.sub(lambda found: values.get(found.group(1), found.group(0)), part)
    if isinstance(part, dict):
        return {key: _filled(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    return part


def _text(value: str | int | bool) -> str:  # noqa: FBT001 - a value of JSON
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
