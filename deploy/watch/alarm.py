"""The alarm: by SMS, mail and HTTP, on accounts that the watched system does not use."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

import httpx
from twilio.rest import Client

from shared.observability import logger

REQUEST_LIMIT: Final = 10.0
SMTPS: Final = 465
SUBMISSION: Final = 587

log = logger(__name__)


@dataclass(frozen=True)
class Notice:
    """What to say: `failing` or well again; `text` is plain GSM-7 within one SMS; `detail` for machines."""

    failing: bool
    text: str
    detail: str


class Channel(Protocol):
    """A way to tell somebody; raises whatever went wrong."""

    def tell(self, notice: Notice) -> None:
        """Tell them."""
        ...


@dataclass(frozen=True)
class SmsAlarm:
    """An SMS to each number from an account of the watch's own."""

    client: Client
    sender: str
    to: Sequence[str]

    def tell(self, notice: Notice) -> None:
        """Send to all; one refused number keeps no other from hearing, and is raised at the end."""
        trouble: Exception | None = None
        for number in self.to:
            try:
                self.client.messages.create(to=number, from_=self.sender, body=notice.text)
            except Exception as error:  # noqa: BLE001 - the next number still has to be told
                trouble = error
        if trouble is not None:
            raise trouble


@dataclass(frozen=True)
class MailAlarm:
    """A mail by SMTP; `server` as smtp://user:password@host:587, or smtps://…:465."""

    server: str
    sender: str
    to: Sequence[str]

    def tell(self, notice: Notice) -> None:
        """Send one mail to all; a server that offers TLS gets it."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, ", ".join(self.to), notice.text
        mail.set_content(f"{notice.text}\n\n{notice.detail}\n")
        parts = urlsplit(self.server)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        if parts.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or SMTPS, timeout=REQUEST_LIMIT, context=context)
        else:
            smtp = smtplib.SMTP(host, parts.port or SUBMISSION, timeout=REQUEST_LIMIT)
        with smtp:
            if parts.scheme != "smtps" and smtp.has_extn("starttls"):
                smtp.starttls(context=context)
            if parts.username:
                smtp.login(unquote(parts.username), unquote(parts.password or ""))
            smtp.send_message(mail)


@dataclass(frozen=True)
class HttpAlarm:
    """A POST of `{"failing", "text", "detail"}` to a chat, a pager or a monitor."""

    url: str

    def tell(self, notice: Notice) -> None:
        """Post it."""
        body = {"failing": notice.failing, "text": notice.text, "detail": notice.detail}
        httpx.post(self.url, json=body, timeout=REQUEST_LIMIT).raise_for_status()


@dataclass
class Alarm:
    """Tells every channel when rounds begin to fail, again while they do, and once when they go well again.

    A channel that fails is tried at the next round, whatever the others did. `again` and `now` in seconds.
    """

    channels: Sequence[Channel]
    again: float
    now: Callable[[], float]
    _failing: bool = False
    _told: dict[int, float] = field(default_factory=dict)
    """When each channel heard last of the present failure."""

    def failed(self, notice: Notice) -> None:
        """Tell the channels that have not heard lately."""
        self._failing = True
        for number, channel in enumerate(self.channels):
            heard = self._told.get(number)
            if (heard is None or self.now() - heard >= self.again) and self._tell(channel, notice):
                self._told[number] = self.now()

    def went_well(self, notice: Notice) -> None:
        """Tell whoever heard of the failure that it is over."""
        for number in self._told if self._failing else ():
            self._tell(self.channels[number], notice)
        self._failing = False
        self._told.clear()

    @staticmethod
    def _tell(channel: Channel, notice: Notice) -> bool:
        try:
            channel.tell(notice)
        except Exception as error:  # noqa: BLE001 - other channels must still be told
            log.error("alarm_not_sent", channel=type(channel).__name__, cause=type(error).__name__)  # noqa: TRY400 - its text may hold an address
            return False
        return True
