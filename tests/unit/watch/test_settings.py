from __future__ import annotations

import pytest

from deploy.watch.settings import PREFIX, load_watch_settings
from shared.settings import SettingError

GOOD = {
    "URL": "https://heedline.example.vn",
    "KEY": "k" * 40,
    "PHONE": "0912 345 678",
    "ALARM_URL": "https://a.example/x",
}


def write(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(PREFIX + name, value)


def test_numbers_are_brought_into_one_form(monkeypatch: pytest.MonkeyPatch) -> None:
    sms = {"ALARM_ACCOUNT_SID": "AC1", "ALARM_AUTH_TOKEN": "t", "ALARM_FROM": "+15005550006"}
    write(monkeypatch, {**GOOD, **sms, "ALARM_TO": "0912345678, +84 98 765 4321"})
    settings = load_watch_settings()
    assert settings.phone == "+84912345678"
    assert settings.alarm_to == ("+84912345678", "+84987654321")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"URL": ""}, "URL"),
        ({"PHONE": "111"}, "phone number"),
        ({"ALARM_URL": ""}, "no way to raise an alarm"),
        ({"ALARM_TO": "0912345678"}, "ALARM_FROM"),
        ({"ALARM_SMTP": "smtp://mail.example"}, "ALARM_MAIL_TO"),
        ({"INBOX_ACCOUNT_SID": "AC1"}, "INBOX_AUTH_TOKEN"),
    ],
)
def test_what_is_missing_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], named: str
) -> None:
    write(monkeypatch, {**GOOD, **changed})
    with pytest.raises(SettingError, match=named):
        load_watch_settings()
