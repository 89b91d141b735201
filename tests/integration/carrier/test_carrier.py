"""The local carrier as the unmodified twilio client and its signatures see it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from deploy.demo.processes import ACCOUNT_SID, AUTH_TOKEN, SENDER, call, wait_for
from tests.support.carrier import RunningCarrier, running_carrier

TO = "+84990000001"


class LocalHttpClient(TwilioHttpClient):  # type: ignore[misc] # the library has no types
    def __init__(self, base: str) -> None:
        super().__init__(timeout=3)
        self._base = base

    def request(self, method: str, url: str, **options: object) -> object:
        return super().request(method, self._base + urlsplit(url)._replace(scheme="", netloc="").geturl(), **options)


class Webhook(http.server.BaseHTTPRequestHandler):
    """Keeps what was posted, with whether its signature is right."""

    seen: list[tuple[str, dict[str, str], bool]]

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True))
        url = f"http://{self.headers['Host']}{self.path}"
        right = RequestValidator(AUTH_TOKEN).validate(url, form, self.headers.get("X-Twilio-Signature", ""))
        self.seen.append((self.path, form, bool(right)))
        body = b"<Response><Message>da nhan &amp; ghi</Message></Response>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bool]]]]:
    seen: list[tuple[str, dict[str, str], bool]] = []
    handler = type("Handler", (Webhook,), {"seen": seen})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
        server.shutdown()


@pytest.fixture(scope="module")
def carrier() -> Iterator[RunningCarrier]:
    with running_carrier() as running:
        yield running


@pytest.fixture
def client(carrier: RunningCarrier) -> Client:
    return Client(ACCOUNT_SID, AUTH_TOKEN, http_client=LocalHttpClient(carrier.url))


def test_a_message_is_taken_and_found_again_by_number_and_text(client: Client) -> None:
    sent = client.messages.create(to=TO, from_=SENDER, body="BVTE: tin thu 1")
    found = client.messages.list(to=TO, from_=SENDER)
    assert [message.sid for message in found if message.body == "BVTE: tin thu 1"] == [sent.sid]
    assert client.messages(sent.sid).fetch().body == "BVTE: tin thu 1"


def test_a_long_list_comes_in_pages(client: Client) -> None:
    for number in range(60):
        client.messages.create(to="+84990000060", from_=SENDER, body=f"tin {number}")
    assert len(client.messages.list(to="+84990000060")) == 60


def test_wrong_credentials_are_refused(carrier: RunningCarrier) -> None:
    stranger = Client(ACCOUNT_SID, "wrong", http_client=LocalHttpClient(carrier.url))
    with pytest.raises(TwilioRestException) as refused:
        stranger.messages.create(to=TO, from_=SENDER, body="x")
    assert refused.value.status == 401


@pytest.mark.parametrize(
    ("mode", "status"), [("21211", 400), ("21610", 400), ("21614", 400), ("429", 429), ("503", 503)]
)
def test_a_number_refuses_as_it_was_told_to(carrier: RunningCarrier, client: Client, mode: str, status: int) -> None:
    number = f"+8499100{mode.zfill(5)}"
    carrier.behave(number, mode)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=number, from_=SENDER, body="x")
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("mode", "reports"),
    [
        ("deliver", ["sent", "delivered"]),
        ("out_of_order", ["delivered", "sent"]),
        ("twice", ["sent", "sent", "delivered", "delivered"]),
        ("30003", ["sent", "undelivered"]),
        ("30008", ["sent", "undelivered"]),
    ],
)
def test_callbacks_come_signed_and_in_the_order_asked_for(
    carrier: RunningCarrier,
    client: Client,
    webhook: tuple[str, list[tuple[str, dict[str, str], bool]]],
    mode: str,
    reports: list[str],
) -> None:
    address, seen = webhook
    number = f"+8499200{mode[:5].zfill(5) if mode.isdigit() else str(len(mode)).zfill(5)}"
    carrier.behave(number, mode)
    client.messages.create(to=number, from_=SENDER, body="x", status_callback=f"{address}/status?message=1")
    assert wait_for(lambda: len(seen) == len(reports), 10)
    assert [form["MessageStatus"] for _, form, _ in seen] == reports
    assert all(signed for _, _, signed in seen)
    if mode.startswith("3"):
        assert seen[-1][1]["ErrorCode"] == mode


def test_a_reply_goes_to_the_product_and_its_answer_comes_back(
    webhook: tuple[str, list[tuple[str, dict[str, str], bool]]],
) -> None:
    address, seen = webhook
    with running_carrier("--sms-webhook", f"{address}/webhooks/twilio/sms") as carrier:
        client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=LocalHttpClient(carrier.url))
        client.messages.create(to=TO, from_=SENDER, body="hoi")
        status, answer = call("POST", f"{carrier.url}/demo/phones/%2B84990000001", {"body": "OK K7Q281"})
        assert (status, answer) == (200, {"answer": "da nhan & ghi"})
        path, form, signed = seen[0]
        assert (path, form["From"], form["To"], form["Body"], signed) == (
            "/webhooks/twilio/sms",
            TO,
            SENDER,
            "OK K7Q281",
            True,
        )
        _, phones = call("GET", f"{carrier.url}/demo/phones.json")
        assert [message["direction"] for message in phones[TO]] == ["to_phone", "from_phone", "to_phone"]
