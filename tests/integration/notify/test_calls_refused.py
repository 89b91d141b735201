"""An account that cannot call, or something that only looks like Twilio's messages: asked once, and nothing is late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from services.notify.gateways.gateway import Outgoing
from services.notify.gateways.voice import REFUSED_FOR, VoiceGateway
from services.notify.rules.delivery import NeverRetry, OtherChannel, Outcome, RetryLater, classify_call_error
from shared.settings import Settings

CALL = Outgoing(UUID(int=7), "+84990100001", "")


class Account:
    """Answers every call with one status and body, and counts them."""

    def __init__(self) -> None:
        self.asked, self.status, self.body, self.url = 0, 404, "no such page", ""

    async def answer(self, _request: web.Request) -> web.Response:
        self.asked += 1
        return web.Response(status=self.status, text=self.body)


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    made = Account()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, "no such page", 404),
        (404, '{"code": 20404, "message": "not found", "status": 404}', 20404),
        (401, '{"code": 20003, "message": "not let in", "status": 401}', 20003),
        (400, '{"code": 21215, "message": "may not call there", "status": 400}', 21215),
    ],
)
async def test_an_account_that_cannot_call_is_asked_once_and_logged_once(
    account: Account, status: int, body: str, code: int
) -> None:
    account.status, account.body, moment = status, body, 0.0
    phone = VoiceGateway(
        Settings(
            twilio_account_sid="AC1",
            twilio_auth_token=("token",),
            twilio_from="+15005550006",
            twilio_api_base=account.url,
            public_url="http://127.0.0.1:9",
        ),
        now=lambda: moment,
    )
    with capture_logs() as logs:
        outcomes = [await phone.send(CALL) for _ in range(5)]
        moment += REFUSED_FOR
        outcomes.append(await phone.send(CALL))
    await phone.close()
    assert outcomes == [OtherChannel(code)] * 6
    assert account.asked == 2, "once, and once more after a while, since the account may be put right"
    assert [entry["code"] for entry in logs if entry["event"] == "calls_refused"] == [code]


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, 21211, NeverRetry(21211)),
        (400, 21408, OtherChannel(21408)),
        (429, 20429, RetryLater("status 429", doubtful=False)),
        (500, 20500, RetryLater("status 500", doubtful=True)),
        (403, None, OtherChannel(403)),
    ],
)
def test_each_refusal_of_a_call_has_its_class(status: int, code: int | None, outcome: Outcome) -> None:
    assert classify_call_error(status, code) == outcome
