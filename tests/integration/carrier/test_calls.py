"""Calls of the local carrier as the unmodified twilio client, a signed webhook and a person at a phone see them."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from deploy.demo.processes import ACCOUNT_SID, AUTH_TOKEN, SENDER, call, wait_for
from tests.integration.carrier.test_carrier import LocalHttpClient
from tests.support.carrier import RunningCarrier, running_carrier

EVENTS = ["initiated", "ringing", "answered", "completed"]
ASK = '<Response><Gather numDigits="1" timeout="6"><Say>Ma K7Q281. Bam 1.</Say></Gather><Hangup/></Response>'
DONE = "<Response><Say>Da nhan.</Say></Response>"


@dataclass
class Product:
    """Asks for a key, and says that it has it."""

    url: str = ""
    statuses: list[str] = field(default_factory=list)
    answered_by: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    all_signed: bool = True


@pytest.fixture
def product() -> Iterator[Product]:
    made = Product()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(raw, keep_blank_values=True))
            signature = self.headers.get("X-Twilio-Signature", "")
            made.all_signed &= bool(RequestValidator(AUTH_TOKEN).validate(f"{made.url}{self.path}", form, signature))
            body = b"<Response/>"
            if self.path.startswith("/status"):
                made.statuses.append(form["CallStatus"])
                made.answered_by.append(form.get("AnsweredBy", ""))
            elif "Digits" in form:
                made.keys.append(form["Digits"])
                body = DONE.encode()
            else:
                body = ASK.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield made
        server.shutdown()


@pytest.fixture(scope="module")
def carrier() -> Iterator[RunningCarrier]:
    with running_carrier() as running:
        yield running


@pytest.fixture
def client(carrier: RunningCarrier) -> Client:
    return Client(ACCOUNT_SID, AUTH_TOKEN, http_client=LocalHttpClient(carrier.url))


def place(client: Client, product: Product, to: str) -> Any:
    return client.calls.create(
        to=to,
        from_=SENDER,
        url=f"{product.url}/voice?message=1",
        status_callback=f"{product.url}/status?message=1",
        status_callback_event=EVENTS,
        machine_detection="Enable",
        timeout=40,
    )


def shown(carrier: RunningCarrier, number: str) -> dict[str, Any]:
    return dict(call("GET", f"{carrier.url}/demo/calls.json")[1][number][-1])


def act(carrier: RunningCarrier, sid: str, what: str) -> int:
    return call("POST", f"{carrier.url}/demo/calls/{sid}", {"do": what})[0]


@pytest.mark.parametrize(
    ("mode", "statuses", "by"),
    [
        ("press-1", ["initiated", "ringing", "in-progress", "completed"], "human"),
        ("machine", ["initiated", "ringing", "in-progress", "completed"], "machine_start"),
        ("busy", ["initiated", "ringing", "busy"], ""),
        ("no-answer", ["initiated", "ringing", "no-answer"], ""),
        ("failed", ["initiated", "ringing", "failed"], ""),
    ],
)
def test_a_call_tells_each_of_its_states_signed(
    carrier: RunningCarrier, client: Client, product: Product, mode: str, statuses: list[str], by: str
) -> None:
    number = f"+8499300{len(statuses)}{len(by):04d}{len(mode)}"
    carrier.behave_in_calls(number, mode)
    placed = place(client, product, number)
    assert wait_for(lambda: product.statuses == statuses, 10), product.statuses
    assert product.answered_by[-1] == by
    assert product.all_signed
    assert [found.sid for found in client.calls.list(to=number)] == [placed.sid]
    assert client.calls(placed.sid).fetch().status == statuses[-1]


@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_a_pressed_key_goes_to_the_product_and_its_answer_is_read(
    carrier: RunningCarrier, client: Client, product: Product, key: str
) -> None:
    number = f"+8499310000{key}"
    carrier.behave_in_calls(number, f"press-{key}")
    place(client, product, number)
    assert wait_for(lambda: "completed" in product.statuses, 10)
    assert (product.keys, product.all_signed) == ([key], True)
    assert (shown(carrier, number)["said"], shown(carrier, number)["pressed"]) == (
        ["Ma K7Q281. Bam 1.", "Da nhan."],
        [key],
    )


def test_a_person_answers_at_the_phone_and_presses(carrier: RunningCarrier, client: Client, product: Product) -> None:
    number = "+84993200001"
    placed = place(client, product, number)
    assert wait_for(lambda: shown(carrier, number)["status"] == "ringing", 10)
    assert act(carrier, placed.sid, "1") == 409, "nobody has picked up"
    assert act(carrier, placed.sid, "answer") == 200
    assert wait_for(lambda: shown(carrier, number)["keys"], 10)
    assert shown(carrier, number)["said"] == ["Ma K7Q281. Bam 1."]
    assert act(carrier, placed.sid, "1") == 200
    assert wait_for(lambda: shown(carrier, number)["status"] == "completed", 10)
    assert product.keys == ["1"]


@pytest.mark.parametrize(("what", "status"), [("decline", "busy"), ("ring", "no-answer"), ("machine", "completed")])
def test_a_person_does_not_answer(
    carrier: RunningCarrier, client: Client, product: Product, what: str, status: str
) -> None:
    number = f"+8499330000{len(what)}"
    placed = place(client, product, number)
    assert wait_for(lambda: shown(carrier, number)["status"] == "ringing", 10)
    assert act(carrier, placed.sid, what) == 200
    if what == "machine":
        assert wait_for(lambda: shown(carrier, number)["keys"], 10)
        assert act(carrier, placed.sid, "hang_up") == 200
    assert wait_for(lambda: status in product.statuses, 10)
    assert product.keys == []


def test_a_ringing_call_is_ended_by_the_product_and_an_ended_one_is_not(
    carrier: RunningCarrier, client: Client, product: Product
) -> None:
    number = "+84993400001"
    placed = place(client, product, number)
    assert wait_for(lambda: shown(carrier, number)["status"] == "ringing", 10)
    client.calls(placed.sid).update(status="canceled")
    assert wait_for(lambda: product.statuses[-1:] == ["canceled"], 10)
    with pytest.raises(TwilioRestException) as refused:
        client.calls(placed.sid).update(status="canceled")
    assert refused.value.code == 21220


@pytest.mark.parametrize(("mode", "status"), [("21215", 400), ("404", 404), ("429", 429), ("503", 503)])
def test_a_number_refuses_calls_as_it_was_told_to(
    carrier: RunningCarrier, client: Client, product: Product, mode: str, status: int
) -> None:
    number = f"+8499350{mode.zfill(5)}"
    carrier.behave_in_calls(number, mode)
    with pytest.raises(TwilioRestException) as refused:
        place(client, product, number)
    assert refused.value.status == status


def test_calls_are_no_messages(carrier: RunningCarrier, client: Client, product: Product) -> None:
    number = "+84993600001"
    carrier.behave_in_calls(number, "busy")
    place(client, product, number)
    assert wait_for(lambda: "busy" in product.statuses, 10)
    assert number not in call("GET", f"{carrier.url}/demo/phones.json")[1]


def test_an_unknown_behaviour_is_refused_with_the_known_ones(carrier: RunningCarrier) -> None:
    path = f"{carrier.url}/demo/phones/%2B84993700001/behaviour"
    assert call("PUT", path, {"call": "sing"})[0] == 422
    assert call("PUT", path, {})[0] == 422
    assert call("PUT", path, {"mode": "deliver", "call": "busy"}) == (200, {"mode": "deliver", "call": "busy"})
