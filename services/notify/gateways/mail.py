"""E-mail by SMTP: the words of the SMS, and a subject that says nothing of the case."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.notify.gateways import gateway
from services.notify.gateways.gateway import LookUpFailedError, Outgoing
from services.notify.rules.contact import ContactChannel
from services.notify.rules.delivery import Accepted, NeverRetry, OtherChannel, Outcome, RetryLater
from shared.observability import logger
from shared.settings import Settings

SUBJECT: Final = "BVTE: co viec cho anh/chi"
PERMANENT = range(500, 600)
"""SMTP: the server says not to try again."""

log = logger(__name__)


class EmailGateway:
    """One SMTP server. `smtps://` speaks TLS from the start; `smtp://` takes it up where the server offers it.

    A password is never sent without TLS: a server that offers none is taken as one that is away.
    """

    name: Final = "email"
    channel: Final = ContactChannel.EMAIL
    receipts_from_phone: Final = False

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.smtp_url or "")
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or (465 if self._tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = settings.smtp_sender or ""

    async def start(self) -> None:
        """Do nothing: each message has its own line."""

    async def send(self, message: Outgoing) -> Outcome:
        """Hand over a message under an id that is the same at every attempt, so that mail boxes show it once."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, message.to, SUBJECT
        mail["Date"] = formatdate()
        mail["Message-ID"] = _message_id(message, self._sender)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        try:
            async with asyncio.timeout(gateway.GATEWAY_SECONDS):
                return await self._hand_over(mail)
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = error.recipients[0].code
            return NeverRetry(code) if code in PERMANENT else RetryLater(f"status {code}", doubtful=False)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error.code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            log.warning("gateway_unreachable", gateway=self.name, cause=type(error).__name__)
            return RetryLater(type(error).__name__, doubtful=True)

    async def _hand_over(self, mail: EmailMessage) -> Outcome:
        line = self._line()
        try:
            await line.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("gateway_unreachable", gateway=self.name, cause=type(error.__cause__ or error).__name__)
            line.close()
            return RetryLater("not reached", doubtful=False)
        try:
            await line.send_message(mail)
        finally:
            line.close()
        return Accepted(str(mail["Message-ID"]))

    def _line(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=True if self._user and not self._tls else None,
            timeout=gateway.GATEWAY_SECONDS,
        )

    async def find(self, message: Outgoing) -> str | None:  # noqa: ARG002 - the shape of every gateway
        """Never know: SMTP has no look-up."""
        raise LookUpFailedError("mail cannot be looked up")

    async def close(self) -> None:
        """Do nothing: no line stays open."""


def _message_id(message: Outgoing, sender: str) -> str:
    return f"<{message.id}@{sender.partition('@')[2]}>"


def _refused(code: int) -> Outcome:
    return OtherChannel(code) if code in PERMANENT else RetryLater(f"status {code}", doubtful=False)
