"""A wrong setting of a gateway stops the start with one line that names it and says what to write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.notify.gateways.build import gateways
from services.notify.gateways.gateway import Inbound, Receipt, Reply
from services.notify.gateways.http_spec import load_specs
from shared.settings import PREFIX, SettingError, Settings, check_sending, load_settings

RIGHT = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_FROM": "+15005550006",
    "TWILIO_API_BASE": "http://127.0.0.1:9000",
    "PUBLIC_URL": "http://127.0.0.1:8000",
}
SMPP = {
    "SMPP_HOST": "smpp.example.vn",
    "SMPP_SYSTEM_ID": "heedline",
    "SMPP_PASSWORD": "secret",
    "SMPP_SENDER": "BVTE",
}
MAIL = {"SMTP_URL": "smtps://truc:pass@mail.example.vn", "SMTP_SENDER": "truc@example.vn"}
HTTP: dict[str, Any] = {"name": "local", "url": "https://sms.example.vn/send", "json": {"to": "{to}"}}


async def started(monkeypatch: pytest.MonkeyPatch, **values: str) -> list[str]:
    """Return the names of the gateways that a start with these settings makes."""
    for name, value in {**RIGHT, **values}.items():
        monkeypatch.setenv(PREFIX + name, value)
    settings = load_settings()
    check_sending(settings)
    made = gateways(settings, Inbound(_receipt, _reply))
    for one in made:
        await one.close()
    return [one.name for one in made]


async def _receipt(_given: Receipt) -> bool:
    return True


async def _reply(_given: Reply) -> str | None:
    return None


async def test_all_gateways_stand_in_the_order_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    names = await started(monkeypatch, **SMPP, **MAIL, HTTP_GATEWAY=json.dumps(HTTP), GATEWAY_ORDER="smpp, local")
    assert names == ["smpp", "local", "twilio", "voice", "email"]


async def test_twilio_alone_calls_too_where_its_sender_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await started(monkeypatch) == ["twilio", "voice"]


async def test_a_sender_name_cannot_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await started(monkeypatch, TWILIO_FROM="BVTE") == ["twilio"]


async def test_a_number_to_call_from_beside_a_sender_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await started(monkeypatch, TWILIO_FROM="BVTE", VOICE_FROM="+842223800000") == ["twilio", "voice"]


@pytest.mark.parametrize(
    ("values", "named", "says"),
    [
        ({"SMPP_HOST": "smpp.example.vn"}, "SMPP_SYSTEM_ID", "write what the SMS company gave"),
        ({**SMPP, "SMPP_PASSWORD": ""}, "SMPP_PASSWORD", "write what the SMS company gave"),
        ({**SMPP, "SMPP_PASSWORD": "ninechars"}, "SMPP_PASSWORD", "at most 8"),
        ({**SMPP, "SMPP_SYSTEM_ID": "s" * 16}, "SMPP_SYSTEM_ID", "at most 15"),
        ({**SMPP, "SMPP_SENDER": ""}, "SMPP_SENDER", "write what the SMS company gave"),
        ({**SMPP, "SMPP_SENDER": "BAOVETREEMBN"}, "SMPP_SENDER", "at most 11"),
        ({**SMPP, "SMPP_PORT": "70000"}, "SMPP_PORT", "65535"),
        ({**SMPP, "SMPP_PORT": "smpp"}, "SMPP_PORT", "integer"),
        ({**SMPP, "SMPP_TLS": "perhaps"}, "SMPP_TLS", "boolean"),
        ({**SMPP, "SMPP_HEX_IDS": "yes"}, "SMPP_HEX_IDS", "'responses' or 'receipts'"),
        ({**MAIL, "SMTP_URL": "mail.example.vn"}, "SMTP_URL", "write smtps://"),
        ({**MAIL, "SMTP_URL": "https://mail.example.vn"}, "SMTP_URL", "write smtps://"),
        ({**MAIL, "SMTP_URL": "smtps://mail.example.vn:99999"}, "SMTP_URL", "write smtps://"),
        ({**MAIL, "SMTP_SENDER": ""}, "SMTP_SENDER", "write the address"),
        ({**MAIL, "SMTP_SENDER": "truc"}, "SMTP_SENDER", "write the address"),
        ({"VOICE_FROM": "02223800000"}, "VOICE_FROM", "as +84"),
        ({"VOICE_FROM": "BVTE"}, "VOICE_FROM", "as +84"),
        ({"VOICE_FROM": "+84 abc"}, "VOICE_FROM", "as +84"),
        ({"GATEWAY_ORDER": "twilio,smpp"}, "GATEWAY_ORDER", "write twilio, voice"),
        ({"HTTP_GATEWAY": "/no/such/file.json"}, "HTTP_GATEWAY", "the path of a file that can be read"),
        ({"HTTP_GATEWAY": "{"}, "HTTP_GATEWAY", "JSON"),
        ({"HTTP_GATEWAY": json.dumps({**HTTP, "name": "twilio"})}, "HTTP_GATEWAY", "taken"),
        ({"HTTP_GATEWAY": json.dumps({**HTTP, "name": "Tên"})}, "HTTP_GATEWAY", "name"),
        ({"HTTP_GATEWAY": json.dumps({**HTTP, "url": "sms.example.vn"})}, "HTTP_GATEWAY", "url"),
        ({"HTTP_GATEWAY": json.dumps({**HTTP, "form": {"to": "{to}"}})}, "HTTP_GATEWAY", "either json or form"),
        ({"HTTP_GATEWAY": json.dumps({**HTTP, "channel": "voice"})}, "HTTP_GATEWAY", "voice gateway"),
        ({"HTTP_GATEWAY": json.dumps({**HTTP, "colour": "red"})}, "HTTP_GATEWAY", "colour"),
        ({"HTTP_GATEWAY": json.dumps([HTTP, HTTP])}, "HTTP_GATEWAY", "the same name"),
        (
            {"HTTP_GATEWAY": json.dumps({**HTTP, "callback": {"auth": "bearer", "secret": "short"}})},
            "HTTP_GATEWAY",
            "callback.secret",
        ),
    ],
)
async def test_a_wrong_value_is_named_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str, says: str
) -> None:
    with pytest.raises(SettingError) as stopped:
        await started(monkeypatch, **values)
    sentence = str(stopped.value)
    assert sentence.startswith(f"{PREFIX}{named} ")
    assert says in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("secret", ["a-password-to-keep", "another-one"])
async def test_a_wrong_description_never_shows_its_secret(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    wrong = {**HTTP, "secret": secret, "url": "no address", "headers": {"Authorization": secret}}
    with pytest.raises(SettingError) as stopped:
        await started(monkeypatch, HTTP_GATEWAY=json.dumps(wrong))
    assert secret not in str(stopped.value)


def test_a_description_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "gateway.json"
    path.write_text(json.dumps([HTTP]), encoding="utf-8")
    assert [spec.name for spec in load_specs(Settings(http_gateway=str(path)))] == ["local"]
