"""The last step repeats with a call to each person: keys do what an SMS reply does, and nothing else is an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI

from services.notify import webhooks
from services.notify.gateways.pool import Pool
from services.notify.handlers.escalate_due import escalate_due
from services.notify.handlers.send_message import send_message
from services.notify.rules.contact import ContactChannel
from shared.contracts.events import CaseAssessed
from shared.contracts.vocabulary import Level
from shared.crypto import Keys
from shared.service import Parts
from shared.settings import Settings
from shared.web.app import problem_response
from shared.web.problems import Problem
from tests.integration.notify.carrier import Carrier, Sms
from tests.integration.notify.test_webhooks import NEW, PUBLIC, Pairs, sign
from tests.integration.notify.world import ID, PHONE, World


@pytest.fixture
async def calls(world: World) -> Carrier:
    made = Carrier(name="voice", channel=ContactChannel.VOICE, receipts_from_phone=True)
    world.pool = Pool([world.carrier, made])
    world.desk = replace(world.desk, calls=True)
    return made


@pytest.fixture
async def client(world: World, calls: Carrier) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        public_url=PUBLIC, twilio_account_sid="AC1", twilio_auth_token=(NEW,), twilio_from="+15005550006"
    )
    keys = Keys(encryption=(b"e" * 32,), index=b"i" * 32, session=b"s" * 32)
    app = FastAPI()
    app.include_router(webhooks.router(Parts(settings, world.database, world.bus, world.clock, keys), world.desk))
    app.add_exception_handler(Problem, problem_response)  # type: ignore[arg-type] # as the real app has it
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://10.0.0.7") as opened:
        yield opened


async def post(client: httpx.AsyncClient, path: str, fields: Pairs, signature: str | None = None) -> httpx.Response:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    headers["X-Twilio-Signature"] = sign(path, fields) if signature is None else signature
    return await client.post(path, content=urlencode(fields), headers=headers)


async def pick_up(client: httpx.AsyncClient, call: Sms, *, by: str = "human", key: str | None = None) -> str:
    fields = [("CallSid", call.sid), ("AnsweredBy", by), *((("Digits", key),) if key else ())]
    answer = await post(client, f"/webhooks/twilio/voice?message={call.message_id}", fields)
    assert answer.status_code == 200
    return answer.text


async def ends(client: httpx.AsyncClient, call: Sms, status: str, by: str = "human") -> None:
    fields = [("CallSid", call.sid), ("CallStatus", status), ("AnsweredBy", by)]
    answer = await post(client, f"/webhooks/twilio/status?message={call.message_id}", fields)
    assert answer.status_code == 200


async def repeated(world: World) -> CaseAssessed:
    """Open an alert that nobody answers until its last step repeats."""
    event = await world.open(Level.IMMEDIATE)
    for _ in range(3):
        await world.pass_time(minutes=10)
    return event


async def test_the_repeated_last_step_sends_an_sms_and_calls(world: World, calls: Carrier) -> None:
    event = await repeated(world)
    (call,) = calls.new()
    assert call.to == PHONE["committee"]
    paged = (await world.alert(event.case_code))["paged"]
    assert [(page["channel"], page["gateway"]) for page in paged[-2:]] == [("sms", "twilio"), ("voice", "voice")]


async def test_no_call_before_the_last_step_repeats(world: World, calls: Carrier) -> None:
    await world.open(Level.IMMEDIATE)
    await world.pass_time(minutes=20)
    assert calls.new() == []


async def test_acknowledged_between_the_sms_and_the_call_there_is_no_call(world: World, calls: Carrier) -> None:
    event = await world.open(Level.IMMEDIATE)
    for _ in range(2):
        await world.pass_time(minutes=10)
    world.clock.advance(timedelta(minutes=10))
    await escalate_due(world.database, world.desk)
    sms, call = await world.take_work()
    await send_message(world.database, world.desk, world.pool, sms)
    await world.reply("committee", f"OK {event.case_code}")
    await send_message(world.database, world.desk, world.pool, call)
    assert calls.new() == []


async def test_a_call_says_level_and_code_three_times_and_nothing_else(
    world: World, calls: Carrier, client: httpx.AsyncClient
) -> None:
    event = await repeated(world)
    (call,) = calls.new()
    said = await pick_up(client, call)
    assert said.count('<Say language="vi-VN">') == 3
    assert said.count("Mức khẩn cấp, mã " + ", ".join(event.case_code)) == 3
    assert '<Gather input="dtmf"' in said
    assert "Nguyễn" not in said


async def test_a_call_speaks_english_to_whoever_reads_english(
    world: World, calls: Carrier, client: httpx.AsyncClient
) -> None:
    await world.change_people(["committee"], language="en")
    await repeated(world)
    said = await pick_up(client, calls.new()[0])
    assert said.count('<Say language="en-US">Child protection. Level immediate') == 3


@pytest.mark.parametrize(("key", "what"), [("1", "acknowledged"), ("2", "declined"), ("3", "escalation_asked")])
async def test_a_key_does_what_the_reply_does(
    world: World, calls: Carrier, client: httpx.AsyncClient, key: str, what: str
) -> None:
    event = await repeated(world)
    (call,) = calls.new()
    first = await pick_up(client, call, key=key)
    assert await pick_up(client, call, key=key) == first, "a repeated callback gets the same answer"
    timeline = (await world.alert(event.case_code))["timeline"]
    told = [entry for entry in timeline if entry["what"] == what]
    assert [entry["detail"]["how"] for entry in told] == ["voice"]
    alert = await world.alert(event.case_code)
    assert alert["acknowledged_by"] == (str(ID["committee"]) if key == "1" else None)


@pytest.mark.parametrize("by", ["machine_start", "machine_end_beep", "fax"])
async def test_a_machine_is_told_nothing_and_is_no_answer(
    world: World, calls: Carrier, client: httpx.AsyncClient, by: str
) -> None:
    event = await repeated(world)
    (call,) = calls.new()
    for key in (None, "1"):
        said = await pick_up(client, call, by=by, key=key)
        assert "<Say" not in said
    await ends(client, call, "completed", by="machine_start")
    alert = await world.alert(event.case_code)
    assert (alert["state"], alert["paged"][-1]["delivery"], alert["paged"][-1]["result"]) == (
        "open",
        "undelivered",
        "machine",
    )


@pytest.mark.parametrize(("status", "result"), [("busy", "busy"), ("no-answer", "no_answer"), ("failed", "failed")])
async def test_a_call_that_reaches_nobody_says_so_and_the_step_repeats_on_its_clock(
    world: World, calls: Carrier, client: httpx.AsyncClient, status: str, result: str
) -> None:
    event = await repeated(world)
    (call,) = calls.new()
    await ends(client, call, status)
    await world.work()
    assert calls.new() == []
    assert (await world.alert(event.case_code))["paged"][-1]["result"] == result
    await world.pass_time(minutes=10)
    assert len(calls.new()) == 1


@pytest.mark.parametrize("key", [None, "9", "*", "11"])
async def test_no_key_or_a_wrong_one_takes_nothing(
    world: World, calls: Carrier, client: httpx.AsyncClient, key: str | None
) -> None:
    event = await repeated(world)
    (call,) = calls.new()
    assert "<Gather" in await pick_up(client, call, key=key)
    await ends(client, call, "completed")
    assert (await world.alert(event.case_code))["state"] == "open"


async def test_whoever_picks_up_after_another_took_it_is_told(
    world: World, calls: Carrier, client: httpx.AsyncClient
) -> None:
    event = await repeated(world)
    (call,) = calls.new()
    await world.acknowledge(event.case_code, "head")
    said = await pick_up(client, call)
    assert "đã có người nhận" in said
    assert "<Gather" not in said


async def test_a_call_that_is_none_of_ours_is_ended(calls: Carrier, client: httpx.AsyncClient) -> None:
    answer = await post(client, "/webhooks/twilio/voice", [("CallSid", "CA1"), ("Digits", "1")])
    assert (answer.status_code, "<Hangup" in answer.text) == (200, True)


async def test_a_key_without_a_signature_is_refused(world: World, calls: Carrier, client: httpx.AsyncClient) -> None:
    event = await repeated(world)
    (call,) = calls.new()
    path = f"/webhooks/twilio/voice?message={call.message_id}"
    assert (await post(client, path, [("CallSid", call.sid), ("Digits", "1")], "AAAA")).status_code == 403
    assert (await world.alert(event.case_code))["state"] == "open"
