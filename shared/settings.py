"""Every setting, typed; nothing else reads the environment."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AwareDatetime, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.clock import Clock, FastClock, SystemClock
from shared.crypto import KeyFormatError, Keys, local_key, parse_key

PREFIX = "HEEDLINE_"
BOOTSTRAP_KEY_MINIMUM = 32
SENDER_NAME_LIMIT = 11
TWILIO = "https://api.twilio.com"
_NUMBER = re.compile(r"\+\d{6,15}")


class SettingError(Exception):
    """A setting is missing or wrong; the message names it and says what to write."""


class Settings(BaseSettings):
    """The settings of docs/operations.md, read from `HEEDLINE_*`; an empty text counts as absent."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: str | None = None
    data_dir: Path = Path(".heedline")
    kafka_bootstrap_servers: str | None = None
    intake_url: str | None = None
    triage_url: str | None = None
    notify_url: str | None = None
    service_key: str | None = None
    encryption_keys: Annotated[tuple[str, ...], NoDecode] = ()
    index_key: str | None = None
    session_key: str | None = None
    public_url: str | None = None
    twilio_account_sid: str | None = None
    twilio_auth_token: Annotated[tuple[str, ...], NoDecode] = ()
    twilio_from: str | None = None
    twilio_messaging_service_sid: str | None = None
    twilio_api_base: str = TWILIO
    twilio_receipts_from_phone: bool = False
    voice_from: str | None = None
    reply_number: str | None = None
    sender_per_second: float | None = Field(default=None, ge=0)
    person_sms_in_ten_minutes: int | None = Field(default=None, ge=0)
    smpp_host: str | None = None
    smpp_port: int = Field(default=2775, ge=1, le=65535)
    smpp_tls: bool = False
    smpp_system_id: str | None = Field(default=None, max_length=15)
    smpp_password: str | None = Field(default=None, max_length=8, repr=False)
    smpp_sender: str | None = None
    smpp_receipts_from_phone: bool = False
    smpp_hex_ids: Literal["responses", "receipts"] | None = None
    http_gateway: str | None = Field(default=None, repr=False)
    smtp_url: str | None = Field(default=None, repr=False)
    smtp_sender: str | None = None
    gateway_order: Annotated[tuple[str, ...], NoDecode] = ()
    sample_data: str | None = None
    bootstrap_api_key: str | None = Field(default=None, repr=False)
    clock_speed: float = Field(default=1.0, gt=0)
    clock_anchor: AwareDatetime | None = None
    port: int = Field(default=8000, ge=1, le=65535)
    host: str = "127.0.0.1"
    locale: str = "vi"
    quick_exit_url: str = "https://www.google.com.vn/"

    @field_validator("encryption_keys", "twilio_auth_token", "gateway_order", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def carrier_is_local(self) -> bool:
        """Whether messages go to a carrier on this machine (demonstrations and checks), never to the real one."""
        return _is_loopback(urlsplit(self.twilio_api_base).hostname or "")

    @property
    def calls_from(self) -> str | None:
        """The number that calls come from; null where nothing can call: no number, or no address for the keypad."""
        number = self.voice_from or self.twilio_from or ""
        return number if number.startswith("+") and self.public_url else None

    @property
    def clock(self) -> Clock:
        """The clock these settings ask for."""
        if self.clock_speed == 1 or self.clock_anchor is None:
            return SystemClock()
        return FastClock(anchor=self.clock_anchor, speed=self.clock_speed)

    @property
    def embedded(self) -> bool:
        """Whether the embedded PostgreSQL is used."""
        return self.database_url is None


def load_settings() -> Settings:
    """Read and check the settings, or raise `SettingError` with one sentence."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"][:1]).upper()
        raise SettingError(f"{name} is wrong: {first['msg']}.") from None
    _check_clock(settings)
    _check_sample_data(settings)
    return settings


def check_sending(settings: Settings) -> None:
    """Check what sending messages needs, or raise `SettingError`."""
    if settings.twilio_account_sid is None:
        raise SettingError(f"{PREFIX}TWILIO_ACCOUNT_SID is missing: write the account's SID, which starts with AC.")
    if not settings.twilio_auth_token:
        raise SettingError(f"{PREFIX}TWILIO_AUTH_TOKEN is missing: write the account's auth token.")
    if settings.twilio_from is None and settings.twilio_messaging_service_sid is None:
        raise SettingError(
            f"{PREFIX}TWILIO_FROM is missing: write the sending number, a registered sender name, "
            f"or set {PREFIX}TWILIO_MESSAGING_SERVICE_SID."
        )
    sender = settings.twilio_from or ""
    if sender and not sender.startswith("+") and len(sender) > SENDER_NAME_LIMIT:
        raise SettingError(f"{PREFIX}TWILIO_FROM is too long: a sender name has at most 11 characters.")
    _check_other_gateways(settings)
    _check_public_url(settings)


def _check_other_gateways(settings: Settings) -> None:
    if settings.voice_from is not None and not _NUMBER.fullmatch(settings.voice_from):
        raise SettingError(f"{PREFIX}VOICE_FROM is wrong: write the number that calls come from, as +842223800000.")
    if settings.smpp_host is not None:
        for name in ("system_id", "password", "sender"):
            if getattr(settings, f"smpp_{name}") is None:
                raise SettingError(f"{PREFIX}SMPP_{name.upper()} is missing: write what the SMS company gave for SMPP.")
    sender = settings.smpp_sender or ""
    if not sender.lstrip("+").isdecimal() and len(sender) > SENDER_NAME_LIMIT:
        raise SettingError(f"{PREFIX}SMPP_SENDER is too long: a sender name has at most 11 characters.")
    if settings.smtp_url is not None:
        parts = urlsplit(settings.smtp_url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _has_port(parts):
            raise SettingError(f"{PREFIX}SMTP_URL is wrong: write smtps://user:password@host:465 or smtp://host:587.")
        if "@" not in (settings.smtp_sender or ""):
            raise SettingError(f"{PREFIX}SMTP_SENDER is missing: write the address that mail comes from.")


def _has_port(parts: SplitResult) -> bool:
    """Tell whether an address's port is one, or left out."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def load_keys(settings: Settings) -> Keys:
    """Return the keys; with the embedded database they are created once under the data directory."""
    named = {
        "ENCRYPTION_KEYS": settings.encryption_keys,
        "INDEX_KEY": (settings.index_key,) if settings.index_key else (),
        "SESSION_KEY": (settings.session_key,) if settings.session_key else (),
    }
    parsed = {name: _parse_keys(settings, name, texts) for name, texts in named.items()}
    return Keys(encryption=parsed["ENCRYPTION_KEYS"], index=parsed["INDEX_KEY"][0], session=parsed["SESSION_KEY"][0])


def _parse_keys(settings: Settings, name: str, texts: tuple[str, ...]) -> tuple[bytes, ...]:
    if not texts:
        if not settings.embedded:
            raise SettingError(f"{PREFIX}{name} is missing: write a key that `heedline keys generate` prints.")
        texts = (local_key(settings.data_dir, name.lower()),)
    try:
        return tuple(parse_key(text) for text in texts)
    except KeyFormatError as error:
        raise SettingError(f"{PREFIX}{name} is wrong: {error}.") from None


def _check_clock(settings: Settings) -> None:
    if settings.clock_speed != 1 and settings.clock_anchor is None:
        raise SettingError(
            f"{PREFIX}CLOCK_ANCHOR is missing: with a clock speed other than 1 write the moment, "
            "as 2026-11-28T14:00:00+07:00, from which the clock runs faster."
        )


def _check_sample_data(settings: Settings) -> None:
    if settings.sample_data is None:
        return
    if settings.sample_data != "bac-ninh":
        raise SettingError(f"{PREFIX}SAMPLE_DATA is wrong: the one sample organisation is bac-ninh.")
    if not settings.carrier_is_local:
        raise SettingError(
            f"{PREFIX}SAMPLE_DATA is refused: invented people must never be paged through a real gateway; "
            f"point {PREFIX}TWILIO_API_BASE at a carrier on this machine or leave the sample data out."
        )


def _check_public_url(settings: Settings) -> None:
    if settings.carrier_is_local:
        return
    sentence = "write the https address at which Twilio reaches this installation, as https://heedline.example.vn."
    if settings.public_url is None:
        raise SettingError(f"{PREFIX}PUBLIC_URL is missing: {sentence}")
    parts = urlsplit(settings.public_url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host or _is_loopback(host) or _is_private(host):
        raise SettingError(f"{PREFIX}PUBLIC_URL is one that Twilio refuses: {sentence}")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan"))


def moment(text: str) -> datetime:
    """Parse an RFC 3339 moment."""
    return datetime.fromisoformat(text)
