"""The watch's own settings: it shares none with what it watches."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.phones import normalise
from shared.settings import TWILIO, SettingError

PREFIX = "HEEDLINE_WATCH_"


class WatchSettings(BaseSettings):
    """Settings of `heedline watch`, read from `HEEDLINE_WATCH_*`; an empty text counts as absent.

    `url`, `key`: what is watched, and an API key with the scopes reports:write, alerts:read and alerts:write.
    `phone`: the number of the test unit's only person, as `heedline watch prepare` stored it. `inbox_*`: the Twilio
    account in whose messages the SMS has to appear; without it, what the product says of the gateway's answer counts,
    which is weaker. `reply_to`: where that phone answers from its own account; without it the answer goes by the API.

    `alarm_*`: channels of its own. Numbers are E.164 or as they are dialled in Việt Nam; addresses of mail as usual.
    `alarm_url` gets a POST with JSON; `ping_url` a GET after every round that went well (a dead man's switch).
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    url: str
    key: str = Field(repr=False)
    phone: str
    every_seconds: float = Field(default=900.0, gt=0)
    limit_seconds: float = Field(default=180.0, gt=0)
    alarm_again_seconds: float = Field(default=3600.0, gt=0)
    duty_number: str = "111"
    inbox_account_sid: str | None = None
    inbox_auth_token: str | None = Field(default=None, repr=False)
    inbox_api_base: str = TWILIO
    reply_to: str | None = None
    alarm_to: Annotated[tuple[str, ...], NoDecode] = ()
    alarm_account_sid: str | None = None
    alarm_auth_token: str | None = Field(default=None, repr=False)
    alarm_from: str | None = None
    alarm_api_base: str = TWILIO
    alarm_smtp: str | None = Field(default=None, repr=False)
    alarm_mail_from: str | None = None
    alarm_mail_to: Annotated[tuple[str, ...], NoDecode] = ()
    alarm_url: str | None = None
    ping_url: str | None = None

    @field_validator("alarm_to", "alarm_mail_to", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("phone")
    @classmethod
    def _number(cls, value: str) -> str:
        return _e164(value)

    @field_validator("alarm_to")
    @classmethod
    def _numbers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_e164(number) for number in value)

    @model_validator(mode="after")
    def _complete(self) -> WatchSettings:
        if self.alarm_to and not (self.alarm_account_sid and self.alarm_auth_token and self.alarm_from):
            raise ValueError(f"an alarm by SMS needs {PREFIX}ALARM_ACCOUNT_SID, _ALARM_AUTH_TOKEN and _ALARM_FROM")
        if bool(self.alarm_smtp) != bool(self.alarm_mail_to) or (self.alarm_smtp and not self.alarm_mail_from):
            raise ValueError(f"an alarm by mail needs {PREFIX}ALARM_SMTP, _ALARM_MAIL_FROM and _ALARM_MAIL_TO")
        if not (self.alarm_to or self.alarm_mail_to or self.alarm_url or self.ping_url):
            raise ValueError(
                f"no way to raise an alarm: set {PREFIX}ALARM_TO, _ALARM_MAIL_TO, _ALARM_URL or _PING_URL, "
                "on accounts that the watched system does not use"
            )
        if bool(self.inbox_account_sid) != bool(self.inbox_auth_token):
            raise ValueError(f"set {PREFIX}INBOX_ACCOUNT_SID and {PREFIX}INBOX_AUTH_TOKEN together")
        return self

    @property
    def every(self) -> timedelta:
        """From the start of one round to the next."""
        return timedelta(seconds=self.every_seconds)

    @property
    def limit(self) -> timedelta:
        """From the report to its acknowledgement; later is an alarm."""
        return timedelta(seconds=self.limit_seconds)


def load_watch_settings() -> WatchSettings:
    """Read the settings, or raise `SettingError` that names what is missing or wrong."""
    try:
        return WatchSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "".join(PREFIX + str(part).upper() for part in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        raise SettingError(f"{name or 'Settings of the watch'}: {said}.") from None


def _e164(value: str) -> str:
    number = normalise(value)
    if number is None:
        raise ValueError("write a phone number as +84912345678 or 0912345678")
    return number
