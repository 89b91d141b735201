"""Sends reports to intake's API one by one; what the network loses for a moment is sent again with the same key."""

from __future__ import annotations

import hmac
import ipaddress
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx

from shared.settings import SettingError

REPORTS: Final = "/api/v1/reports"
PAUSES: Final = (1.0, 2.0, 4.0)
"""Seconds before each further try of a report that did not get through."""
CREATED: Final = 201
TIMEOUT_SECONDS: Final = 30.0
LONGEST_WAIT: Final = 120.0
"""Seconds that a program waits at most when the key is over its limit of a minute; a day's limit ends the run."""

Wrong = tuple[str, str]
"""A field and what is wrong with it."""


@dataclass(frozen=True)
class Taken:
    """Intake has the report; `new` is false when it was there before, perhaps with other content."""

    new: bool


@dataclass(frozen=True)
class Refused:
    """Intake refuses the report; `wrong` names the fields."""

    wrong: tuple[Wrong, ...]


Answer = Taken | Refused


class ConnectionLostError(Exception):
    """Intake did not answer, or said that it cannot now, at every try."""


class Intake:
    """A connection to intake's API with a partner's key."""

    def __init__(
        self,
        url: str,
        key: str,
        language: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._key = _usable(key)
        self._sleep = sleep
        self._client = httpx.Client(
            base_url=_checked(url),
            headers={"Authorization": f"Bearer {key}", "Accept-Language": language, "Content-Type": "application/json"},
            timeout=TIMEOUT_SECONDS,
            transport=transport,
            trust_env=not _is_loopback(urlsplit(url).hostname or ""),
        )

    def __enter__(self) -> Self:
        """Keep the connection open from here on."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._client.close()

    def send(self, document: Mapping[str, Any], file_digest: str) -> Answer:
        """Send a report; raise `ConnectionLostError`, or `SettingError` when the key or the address is wrong."""
        body = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
        headers = {"Idempotency-Key": self._request_key(body, file_digest)}
        answer = self._answered(body, headers)
        match answer.status_code:
            case 200 | 201:
                return Taken(new=answer.status_code == CREATED)
            case 401 | 403:
                raise SettingError(f"The key is refused: {_detail(answer)} It needs the scope reports:write.")
            case 400 | 409 | 413 | 422:
                return Refused(_wrong(answer))
            case status:
                raise SettingError(f"The address answers {status}: write the address of intake, as https://host.")

    def _request_key(self, body: bytes, file_digest: str) -> str:
        """Return the same key for the same report of the same file; keyed, so that it tells nothing of the report."""
        return hmac.new(self._key.encode(), file_digest.encode() + body, "sha256").hexdigest()

    def _answered(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        for planned in (*PAUSES, None):
            pause = planned
            try:
                answer = self._client.post(REPORTS, content=body, headers=headers)
            except httpx.TransportError:
                pass
            else:
                if answer.status_code != httpx.codes.TOO_MANY_REQUESTS and not answer.is_server_error:
                    return answer
                if answer.status_code == httpx.codes.TOO_MANY_REQUESTS and pause is not None:
                    pause = _wait(answer, pause)
            if pause is not None:
                self._sleep(pause)
        raise ConnectionLostError


def _wait(answer: httpx.Response, otherwise: float) -> float:
    """Return the seconds to wait as the answer says, `otherwise` when it does not say or says too many."""
    said = answer.headers.get("Retry-After", "")
    return float(said) if said.isdigit() and float(said) <= LONGEST_WAIT else otherwise


def _detail(answer: httpx.Response) -> str:
    document = _document(answer)
    return str(document.get("detail") or document.get("title") or f"status {answer.status_code}.")


def _wrong(answer: httpx.Response) -> tuple[Wrong, ...]:
    errors: Sequence[Mapping[str, str]] = _document(answer).get("errors", ())
    named = tuple((error["field"], error["message"]) for error in errors)
    return named or (("", _detail(answer)),)


def _document(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _usable(key: str) -> str:
    if not key or not all("!" <= character <= "~" for character in key):
        raise SettingError("The key is wrong: write it as `heedline keys create` printed it, without spaces.")
    return key


def _checked(url: str) -> str:
    """Return the address, unless reports would travel readable over a network."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingError("The address is wrong: write it as https://host.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise SettingError("The address is not encrypted: reports are personal, write it as https://host.")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
