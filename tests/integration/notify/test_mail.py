"""The mail gateway against a mail server: what it sends, how it signs in, and what refusals mean."""

from __future__ import annotations

import ssl
from pathlib import Path
from uuid import UUID

import pytest

from services.notify.gateways import gateway
from services.notify.gateways.gateway import Outgoing
from services.notify.gateways.mail import EmailGateway
from services.notify.rules.delivery import Accepted, NeverRetry, OtherChannel, Outcome, RetryLater
from shared.settings import Settings
from tests.support.mail_server import MailServer, certificate, mail_server

TEXT = "BVTE: MUC GAP, ma K7Q281. Nhan viec truoc 14:20 28/11."
PAGE = Outgoing(UUID(int=7), "canbo@bacninh.example", TEXT, {"code": "K7Q281", "level": "GAP", "time": "14:20 28/11"})


def gateway_at(server: MailServer, *, scheme: str = "smtp", user: str = "") -> EmailGateway:
    url = f"{scheme}://{user}127.0.0.1:{server.port}"
    return EmailGateway(Settings(smtp_url=url, smtp_sender="truc@heedline.example"))


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    path, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return context


async def test_a_mail_has_the_words_of_the_sms_and_a_subject_that_says_nothing() -> None:
    async with mail_server() as server:
        outcome = await gateway_at(server).send(PAGE)
    (mail,) = server.mails
    assert mail.get_content().strip() == TEXT
    assert (server.recipients, mail["From"]) == ([PAGE.to], "truc@heedline.example")
    assert "K7Q281" not in mail["Subject"]
    assert "GAP" not in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert outcome == Accepted(str(mail["Message-ID"]))


async def test_a_mail_sent_twice_has_one_id_so_that_a_mail_box_shows_it_once() -> None:
    async with mail_server() as server:
        made = gateway_at(server)
        assert await made.send(PAGE) == await made.send(PAGE)
    assert len({mail["Message-ID"] for mail in server.mails}) == 1


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome"),
    [
        ("550 5.1.1 no such user", "", NeverRetry(550)),
        ("553 5.1.3 not an address", "", NeverRetry(553)),
        ("451 4.3.0 later", "", RetryLater("status 451", doubtful=False)),
        ("", "554 5.7.1 not here", OtherChannel(554)),
        ("", "452 4.3.1 full", RetryLater("status 452", doubtful=False)),
    ],
)
async def test_each_refusal_has_its_class(rcpt: str, data: str, outcome: Outcome) -> None:
    async with mail_server() as server:
        server.rcpt, server.data = rcpt or server.rcpt, data or server.data
        assert await gateway_at(server).send(PAGE) == outcome
    assert server.mails == []


async def test_a_server_that_says_nothing_at_the_end_is_given_up_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "GATEWAY_SECONDS", 0.3)
    async with mail_server() as server:
        server.stalls = True
        outcome = await gateway_at(server).send(PAGE)
    assert isinstance(outcome, RetryLater)
    assert outcome.doubtful


async def test_a_server_that_is_not_there_took_nothing() -> None:
    async with mail_server() as server:
        made = gateway_at(server)
    assert await made.send(PAGE) == RetryLater("not reached", doubtful=False)


async def test_tls_is_taken_up_where_it_is_offered(trusted: ssl.SSLContext) -> None:
    async with mail_server(tls=trusted) as server:
        assert isinstance(await gateway_at(server).send(PAGE), Accepted)
    assert server.in_tls == [True]


async def test_tls_from_the_start_with_a_password(trusted: ssl.SSLContext) -> None:
    async with mail_server(tls=trusted, at_once=True, sign_in=True) as server:
        assert isinstance(await gateway_at(server, scheme="smtps", user="truc:p%40ss@").send(PAGE), Accepted)
    assert server.signed_in == [b"truc"]


async def test_a_password_by_starttls(trusted: ssl.SSLContext) -> None:
    async with mail_server(tls=trusted, sign_in=True) as server:
        assert isinstance(await gateway_at(server, user="truc:p%40ss@").send(PAGE), Accepted)
    assert (server.signed_in, server.in_tls) == ([b"truc"], [True])


async def test_a_wrong_password_is_tried_again_and_took_nothing(trusted: ssl.SSLContext) -> None:
    async with mail_server(tls=trusted, sign_in=True) as server:
        outcome = await gateway_at(server, user="truc:wrong@").send(PAGE)
    assert outcome == RetryLater("not reached", doubtful=False)


async def test_a_password_is_never_sent_in_the_clear() -> None:
    async with mail_server() as server:
        outcome = await gateway_at(server, user="truc:p%40ss@").send(PAGE)
    assert outcome == RetryLater("not reached", doubtful=False)
    assert server.mails == []


async def test_a_certificate_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    _, context = certificate(tmp_path)
    async with mail_server(tls=context, at_once=True) as server:
        outcome = await gateway_at(server, scheme="smtps").send(PAGE)
    assert isinstance(outcome, RetryLater)
    assert server.mails == []
