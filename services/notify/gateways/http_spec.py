"""A gateway that speaks HTTP, described by settings: what is sent, what an answer means, what its callbacks say."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from services.notify.rules.contact import ContactChannel
from shared.settings import PREFIX, SettingError, Settings

TAKEN = frozenset({"twilio", "smpp", "voice", "email"})
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
Path_ = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
"""Where a value stands in a JSON document: `data.0.id`."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Accepted(_Part):
    """Which answers say that a message was taken: an HTTP status below 300, and one of these values at a path."""

    path: Path_ | None = None
    equals: tuple[str | int | bool, ...] = ()


class StatusFields(_Part):
    """A callback that tells what became of a message: where it names it and its state, and what the states mean."""

    id: Path_
    state: Path_
    map: dict[str, Literal["sent", "delivered", "undelivered", "failed"]]


class ReplyFields(_Part):
    """A callback that hands over a reply: its id (null: none is given), the sender's number, the text."""

    id: Path_ | None = None
    sender: Path_ = Field(alias="from")
    text: Path_


class Callback(_Part):
    """How callbacks prove who they are: a fixed secret in a header, or an HMAC-SHA256 of the body in hex."""

    auth: Literal["bearer", "hmac-sha256"]
    secret: str = Field(min_length=16, repr=False)
    header: str = "Authorization"
    status: StatusFields | None = None
    reply: ReplyFields | None = None

    def authentic(self, given: str, body: bytes) -> bool:
        """Tell whether a callback comes from whoever knows the secret; compared in constant time."""
        proof = re.sub(r"^(bearer |sha256=)", "", given.strip(), flags=re.IGNORECASE)
        expected = self.secret
        if self.auth == "hmac-sha256":
            expected, proof = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest(), proof.lower()
        return hmac.compare_digest(proof.encode(), expected.encode())


class HttpSpec(_Part):
    """One gateway; `errors` maps the value at `error_path` of an answer.

    `{to}`, `{to_local}`, `{to_84}`, `{text}`, `{id}`, `{sender}`, `{secret}`, `{callback}`, and beside SMS `{code}`,
    `{level}` and `{time}`, are filled in wherever they stand in values of headers and fields.
    """

    name: Name
    channel: ContactChannel = ContactChannel.SMS
    url: HttpUrl
    method: Literal["POST", "PUT", "GET"] = "POST"
    headers: dict[str, str] = {}
    json_: Any = Field(default=None, alias="json")
    form: dict[str, str] | None = None
    sender: str = ""
    secret: str = Field(default="", repr=False)
    accepted: Accepted = Accepted()
    id_path: Path_ | None = None
    error_path: Path_ | None = None
    errors: dict[str, Literal["never", "later", "channel"]] = {}
    receipts_from_phone: bool = False
    callback: Callback | None = None

    @model_validator(mode="after")
    def _sends_one_body(self) -> HttpSpec:
        if (self.json_ is None) == (self.form is None):
            raise ValueError("write either json or form")
        if self.name in TAKEN:
            raise ValueError(f"the name {self.name} is taken")
        if self.channel is ContactChannel.VOICE:
            raise ValueError("a call needs the voice gateway")
        return self


_SPECS = TypeAdapter(list[HttpSpec])


def load_specs(settings: Settings) -> list[HttpSpec]:
    """Return the gateways of `HTTP_GATEWAY`: one description, a list of them, or the path of a file with either."""
    given = settings.http_gateway
    if given is None:
        return []
    setting = f"{PREFIX}HTTP_GATEWAY"
    try:
        text = given if given.lstrip().startswith(("{", "[")) else Path(given).read_text(encoding="utf-8")
        document = json.loads(text)
        specs = _SPECS.validate_python(document if isinstance(document, list) else [document])
    except OSError:
        raise SettingError(f"{setting} is wrong: write JSON, or the path of a file that can be read.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        raise SettingError(f"{setting} is wrong at {where or 'the top'}: {first['msg']}.") from None
    except ValueError:
        raise SettingError(f"{setting} is wrong: it is not JSON.") from None
    names = [spec.name for spec in specs]
    if len(set(names)) < len(names):
        raise SettingError(f"{setting} is wrong: two gateways have the same name.")
    return specs


def value_at(document: Any, path: str) -> Any:
    """Return what stands at a path of a JSON document, or None."""
    for part in path.split("."):
        if isinstance(document, dict):
            document = document.get(part)
        elif isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        else:
            return None
    return document


def text_at(document: Any, path: str) -> str:
    """Return the same as text, whole numbers and truth values included; empty when nothing is there."""
    found = value_at(document, path)
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int) else ""
