"""Callbacks of gateways over HTTP: signed or refused, repeated, odd, and never an error of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from twilio.request_validator import RequestValidator

from services.notify import webhooks
from services.notify.webhooks import SECRET_HEADER, gateway_secret
from shared.crypto import Keys
from shared.service import Parts
from shared.settings import Settings
from shared.web.app import problem_response
from shared.web.problems import Problem
from tests.integration.notify.world import ID, PHONE, World

PUBLIC = "https://heedline.example.vn:8443"
OLD, NEW = "o" * 32, "n" * 32
SMS = "/webhooks/twilio/sms"
Pairs = list[tuple[str, str]]


class Fields(dict[str, list[str]]):
    """Parameters as the validator reads repeated ones."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def sign(path: str, fields: Pairs, *, token: str = NEW, base: str = PUBLIC) -> str:
    form = Fields()
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return str(RequestValidator(token).compute_signature(base + path, form))


@pytest.fixture
async def parts(world: World) -> Parts:
    settings = Settings(
        public_url=PUBLIC, twilio_account_sid="AC" + "0" * 32, twilio_auth_token=(NEW, OLD), twilio_from="+15005550006"
    )
    keys = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
    return Parts(settings, world.database, world.bus, world.clock, keys)


@pytest.fixture
async def client(world: World, parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(webhooks.router(parts, world.desk))
    app.add_exception_handler(Problem, problem_response)  # type: ignore[arg-type] # as the real app has it
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7:8000") as opened:
        yield opened


async def post(
    client: httpx.AsyncClient, path: str, fields: Pairs, signature: str | None = None, **headers: str
) -> httpx.Response:
    signed = sign(path, fields) if signature is None else signature
    sent = {"content-type": "application/x-www-form-urlencoded", **headers}
    if signed:
        sent["X-Twilio-Signature"] = signed
    return await client.post(path, content=urlencode(fields), headers=sent)


def reply(body: str, *, sid: str = "SM1", phone: str = PHONE["worker"]) -> Pairs:
    return [("MessageSid", sid), ("From", phone), ("To", "+15005550006"), ("Body", body)]


async def state(world: World, code: str) -> str:
    return str((await world.alert(code))["state"])


async def test_a_signed_reply_takes_the_case_and_is_answered_in_twiml(world: World, client: httpx.AsyncClient) -> None:
    event = await world.open()
    response = await post(client, SMS, reply(f"OK {event.case_code}"))
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/xml")
    assert f"<Response><Message>BVTE: anh/chi da nhan ma {event.case_code}" in response.text
    assert await state(world, event.case_code) == "acknowledged"


@pytest.mark.parametrize("signature", ["", "AAAA", "không phải chữ ký".encode().hex(), "=" * 28])
async def test_unsigned_or_wrongly_signed_is_refused_and_changes_nothing(
    world: World, client: httpx.AsyncClient, signature: str
) -> None:
    event = await world.open()
    response = await post(client, SMS, reply(f"OK {event.case_code}"), signature=signature)
    assert response.status_code == 403
    assert await state(world, event.case_code) == "open"


@pytest.mark.parametrize("path", [SMS, "/webhooks/twilio/status", "/webhooks/twilio/voice"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a=1&a=2", b"Body=" + b"x" * 20000])
async def test_whatever_is_posted_without_a_signature_is_refused(
    client: httpx.AsyncClient, path: str, content: bytes
) -> None:
    response = await client.post(path, content=content, headers={"X-Twilio-Signature": "é".encode("latin-1").hex()})
    assert response.status_code == 403


async def test_changing_a_signed_field_is_refused(world: World, client: httpx.AsyncClient) -> None:
    event = await world.open()
    signature = sign(SMS, reply("hello"))
    assert (await post(client, SMS, reply(f"OK {event.case_code}"), signature=signature)).status_code == 403


@pytest.mark.parametrize("base", [PUBLIC, "https://heedline.example.vn"])
async def test_the_public_address_counts_with_or_without_its_port_behind_a_proxy(
    world: World, client: httpx.AsyncClient, base: str
) -> None:
    event = await world.open()
    fields = reply(f"OK {event.case_code}")
    assert (await post(client, SMS, fields, signature=sign(SMS, fields, base=base))).status_code == 200


async def test_the_address_that_the_proxy_uses_inside_counts_for_nothing(client: httpx.AsyncClient) -> None:
    fields = reply("OK")
    signature = sign(SMS, fields, base="http://10.0.0.7:8000")
    assert (await post(client, SMS, fields, signature=signature, host="evil.example")).status_code == 403


@pytest.mark.parametrize("token", [NEW, OLD])
async def test_either_token_counts_while_they_are_changed(client: httpx.AsyncClient, token: str) -> None:
    fields = reply("OK")
    assert (await post(client, SMS, fields, signature=sign(SMS, fields, token=token))).status_code == 200


@pytest.mark.parametrize("values", [("a", "b"), ("b", "a"), ("a", "a")])
async def test_parameters_that_come_twice_are_accepted(client: httpx.AsyncClient, values: tuple[str, str]) -> None:
    fields = [*reply("OK"), *(("MediaUrl", value) for value in values)]
    assert (await post(client, SMS, fields)).status_code == 200


async def test_a_query_in_the_address_is_signed_too(world: World, client: httpx.AsyncClient) -> None:
    await world.open()
    (sms,) = world.expect("worker")
    path = "/webhooks/twilio/status?message=" + str(sms.message_id)
    fields = [("MessageSid", sms.sid), ("MessageStatus", "undelivered"), ("ErrorCode", "30005")]
    assert (await post(client, path, fields, signature=sign("/webhooks/twilio/status", fields))).status_code == 403
    assert (await post(client, path, fields)).status_code == 200
    await world.work()
    world.expect("head")


async def test_the_same_callback_twice_gets_the_same_answer(world: World, client: httpx.AsyncClient) -> None:
    event = await world.open()
    fields = reply(f"OK {event.case_code}")
    first, second = await post(client, SMS, fields), await post(client, SMS, fields)
    assert first.text == second.text
    assert (await world.story(event.case_code)).count("acknowledged") == 1


async def test_nothing_to_say_is_an_empty_answer(client: httpx.AsyncClient) -> None:
    response = await post(client, SMS, reply("STOP"))
    assert response.text.endswith("<Response></Response>")


@pytest.mark.parametrize("status", ["delivered", "", "made up"])
async def test_a_status_of_an_unknown_message_is_taken(client: httpx.AsyncClient, status: str) -> None:
    fields = [("MessageSid", "SM404"), ("MessageStatus", status), ("ErrorCode", "²")]
    assert (await post(client, "/webhooks/twilio/status?message=nonsense", fields)).status_code == 200


async def gateway(client: httpx.AsyncClient, document: Any, secret: str, name: str = "viettel") -> httpx.Response:
    return await client.post(f"/webhooks/sms/{name}", json=document, headers={SECRET_HEADER: secret})


async def test_another_gateway_hands_over_replies(world: World, parts: Parts, client: httpx.AsyncClient) -> None:
    event = await world.open()
    local = "0" + PHONE["worker"][3:]
    document = {"id": "42", "from": local, "body": f"OK {event.case_code}"}
    response = await gateway(client, document, gateway_secret(parts, "viettel"))
    assert response.status_code == 200
    assert event.case_code in response.json()["answer"]
    assert (await world.alert(event.case_code))["acknowledged_by"] == str(ID["worker"])
    again = await gateway(client, document, gateway_secret(parts, "viettel"))
    assert again.json() == response.json()


async def test_a_gateways_key_is_its_own(world: World, parts: Parts, client: httpx.AsyncClient) -> None:
    event = await world.open()
    document = {"id": "42", "from": PHONE["worker"], "body": f"OK {event.case_code}"}
    for secret in ("", "x", gateway_secret(parts, "vinaphone")):
        assert (await gateway(client, document, secret)).status_code == 403
    assert await state(world, event.case_code) == "open"


@pytest.mark.parametrize(
    "document", [{}, [], {"id": "", "from": "1", "body": ""}, {"id": "\x00", "from": "+8499", "body": "x"}]
)
async def test_a_gateway_that_sends_something_else_is_told(
    parts: Parts, client: httpx.AsyncClient, document: Any
) -> None:
    assert (await gateway(client, document, gateway_secret(parts, "viettel"))).status_code == 422
