from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response
from sqlalchemy import text
from structlog.testing import capture_logs

from services.notify import signin_pages
from services.notify.handlers import create_account as creating
from services.notify.handlers import sign_in as signing_in
from services.notify.handlers import sign_out as signing_out
from services.notify.handlers.create_account import create_account
from services.notify.handlers.disable_account import disable_account
from services.notify.handlers.sign_in import SignedIn, SignInOutcome, TooManyTries, WrongNameOrPassword, sign_in
from services.notify.passwords import Passwords
from services.notify.sign_in_tries import ADDRESS_LIMIT, LOCKED_FOR, LOGIN_LIMIT
from shared.contracts.vocabulary import Role
from shared.identity.directory import Directory
from shared.identity.enforce import enforcer, undecided_routes
from shared.identity.sessions import COOKIE, Sessions, real_now
from shared.service import Parts
from shared.web.app import problem_response
from shared.web.pages import Pages
from shared.web.problems import Problem

LOGIN, PASSWORD = "Hạnh.Giám-sát", "mật khẩu rất dài 42"
WRONG_PASSWORD = "mật khẩu sai hẳn 42"
NOTIFY = Path(signin_pages.__file__).parent
HTML = {"Accept": "text/html"}


def pages_app(parts: Parts) -> FastAPI:
    directory = Directory(parts.database, "notify")
    app = FastAPI(dependencies=[Depends(enforcer(directory, parts.keys, parts.settings))])
    app.state.pages = Pages([NOTIFY], clock=parts.clock, default_locale="vi")

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_response(request, error)

    @app.get("/queue")
    async def queue(request: Request) -> dict[str, str]:
        return {"csrf": request.state.csrf, "name": request.state.display_name}

    app.add_exception_handler(Problem, problem)
    app.include_router(signin_pages.router(parts))
    return app


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    return pages_app(parts)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://heedline.test", headers=HTML) as client:
        yield client


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    with capture_logs() as entries:
        for module in (creating, signing_in, signing_out):
            monkeypatch.setattr(module, "log", structlog.get_logger(module.__name__))
        yield entries


async def enrol(parts: Parts, *roles: Role, login: str = LOGIN) -> UUID:
    async with parts.database.transaction() as connection:
        return await create_account(
            connection,
            parts.bus,
            login=login,
            display_name="Ngô Thị Hạnh",
            password=PASSWORD,
            roles=roles or (Role.SUPERVISOR,),
            now=parts.clock.now(),
        )


async def attempt(
    parts: Parts, password: str, *, login: str = LOGIN, address: str = "203.0.113.7", later: timedelta = timedelta()
) -> SignInOutcome:
    now = real_now() + later
    return await sign_in(
        parts.database, parts.keys, Passwords(), login=login, password=password, address=address, now=now
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare passwords in the clear: tests that count tries need no slow hash."""

    async def matches(_self: Passwords, password: str, kept: str | None) -> bool:
        return kept is not None and password == PASSWORD

    monkeypatch.setattr(Passwords, "matches", matches)


async def enter(browser: httpx.AsyncClient, password: str = PASSWORD, **fields: str) -> httpx.Response:
    return await browser.post("/signin", data={"login": LOGIN, "password": password, **fields})


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.OPERATOR, "/console"),
        (Role.WORKER, "/queue"),
        (Role.SUPERVISOR, "/queue"),
        (Role.ADMINISTRATOR, "/queue"),
        (Role.AUDITOR, "/audit"),
    ],
)
async def test_right_password_leads_each_role_to_its_work(
    parts: Parts, browser: httpx.AsyncClient, role: Role, home: str
) -> None:
    await enrol(parts, role)
    response = await enter(browser)
    assert (response.status_code, response.headers["location"]) == (303, home)


async def test_session_opens_pages_and_knows_the_name(parts: Parts, browser: httpx.AsyncClient) -> None:
    await enrol(parts)
    await enter(browser)
    response = await browser.get("/queue")
    assert (response.status_code, response.json()["name"]) == (200, "Ngô Thị Hạnh")


async def test_name_is_found_in_any_case_and_composition(parts: Parts, browser: httpx.AsyncClient) -> None:
    await enrol(parts)
    response = await enter(browser, login="  HẠNH.GIÁM-SÁT ")
    assert response.status_code == 303


async def test_wrong_password_and_unknown_name_get_the_same_answer(parts: Parts, browser: httpx.AsyncClient) -> None:
    await enrol(parts)
    wrong = await enter(browser, WRONG_PASSWORD)
    unknown = await enter(browser, login="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert "Sai tên hoặc mật khẩu" in wrong.text
    said = [page.text.partition("<main")[2].replace(name, "") for page, name in ((wrong, LOGIN), (unknown, "nobody"))]
    assert said[0] == said[1] != ""
    assert COOKIE not in browser.cookies
    assert WRONG_PASSWORD not in wrong.text


async def test_unknown_name_costs_a_hash_like_a_known_one(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    matches = Passwords.matches

    async def watched(self: Passwords, password: str, kept: str | None) -> bool:
        checked.append(kept)
        return await matches(self, password, kept)

    monkeypatch.setattr(Passwords, "matches", watched)
    assert await attempt(parts, PASSWORD, login="nobody") == WrongNameOrPassword()
    assert checked == [None]


async def test_page_shows_a_form_in_the_readers_language(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/signin?next=/cases/MK42PT")
    assert page.status_code == 200
    assert 'value="/cases/MK42PT"' in page.text
    assert "Tên đăng nhập" in page.text
    assert "Sign-in name" in (await browser.get("/signin?lang=en")).text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/signout",
        "",
    ],
)
async def test_sign_in_leads_nowhere_but_here(parts: Parts, browser: httpx.AsyncClient, elsewhere: str) -> None:
    await enrol(parts)
    assert (await enter(browser, next=elsewhere)).headers["location"] == "/queue"


async def test_sign_in_leads_back_to_the_page_that_asked(parts: Parts, browser: httpx.AsyncClient) -> None:
    await enrol(parts)
    assert (await browser.get("/queue?level=URGENT")).headers["location"] == "/signin?next=%2Fqueue%3Flevel%3DURGENT"
    assert (await enter(browser, next="/queue?level=URGENT")).headers["location"] == "/queue?level=URGENT"
    assert (await browser.get("/signin")).headers["location"] == "/queue"


async def test_form_of_another_site_signs_nobody_in(parts: Parts, browser: httpx.AsyncClient) -> None:
    await enrol(parts)
    browser.headers["Sec-Fetch-Site"] = "cross-site"
    response = await enter(browser)
    assert response.status_code == 403
    assert COOKIE not in browser.cookies


async def test_each_sign_in_begins_a_session_with_a_token_of_its_own(parts: Parts, browser: httpx.AsyncClient) -> None:
    await enrol(parts)
    await enter(browser)
    first = (await browser.get("/queue")).json()["csrf"]
    await enter(browser)
    second = (await browser.get("/queue")).json()["csrf"]
    assert first
    assert second not in {"", first}


async def test_sign_out_ends_every_session_of_the_person(
    parts: Parts, app: FastAPI, browser: httpx.AsyncClient
) -> None:
    await enrol(parts)
    await enter(browser)
    stolen = browser.cookies[COOKIE]
    token = (await browser.get("/queue")).json()["csrf"]
    response = await browser.post("/signout", data={"csrf": token})
    assert (response.status_code, response.headers["location"]) == (303, "/signin")
    assert COOKIE not in browser.cookies
    browser.cookies.set(COOKIE, stolen)
    assert (await browser.get("/queue")).status_code == 303
    browser.cookies.clear()
    await enter(browser)
    assert (await browser.get("/queue")).status_code == 200


async def test_sign_out_without_the_token_leaves_the_session(parts: Parts, browser: httpx.AsyncClient) -> None:
    await enrol(parts)
    await enter(browser)
    assert (await browser.post("/signout")).status_code == 403
    assert (await browser.get("/queue")).status_code == 200


async def test_closed_account_is_out_at_once_and_stays_out(parts: Parts, browser: httpx.AsyncClient) -> None:
    person = await enrol(parts)
    await enter(browser)
    async with parts.database.transaction() as connection:
        assert await disable_account(connection, parts.bus, person_id=person, now=parts.clock.now())
    assert (await browser.get("/queue")).status_code == 303
    assert (await enter(browser)).status_code == 401


async def test_ten_wrong_tries_lock_the_name_for_a_quarter_of_an_hour(parts: Parts, quick: None) -> None:
    await enrol(parts)
    for number in range(LOGIN_LIMIT):
        assert await attempt(parts, WRONG_PASSWORD, address=f"203.0.113.{number}") == WrongNameOrPassword()
    for later in (timedelta(), LOCKED_FOR - timedelta(minutes=1)):
        outcome = await attempt(parts, PASSWORD, later=later)
        assert isinstance(outcome, TooManyTries)
        assert timedelta() < outcome.wait <= LOCKED_FOR
    assert isinstance(await attempt(parts, PASSWORD, later=LOCKED_FOR + timedelta(seconds=5)), SignedIn)


async def test_unknown_name_is_locked_like_a_known_one(parts: Parts, quick: None) -> None:
    outcomes = [await attempt(parts, PASSWORD, login="nobody") for _ in range(LOGIN_LIMIT + 1)]
    assert outcomes[:-1] == [WrongNameOrPassword()] * LOGIN_LIMIT
    assert isinstance(outcomes[-1], TooManyTries)


async def test_tries_at_once_are_each_counted(parts: Parts, quick: None) -> None:
    await enrol(parts)
    outcomes = await asyncio.gather(*(attempt(parts, WRONG_PASSWORD) for _ in range(LOGIN_LIMIT * 3)))
    assert outcomes.count(WrongNameOrPassword()) == LOGIN_LIMIT


async def test_address_that_tries_many_names_is_locked(parts: Parts, quick: None) -> None:
    await enrol(parts)
    for number in range(ADDRESS_LIMIT):
        assert await attempt(parts, WRONG_PASSWORD, login=f"name{number}") == WrongNameOrPassword()
    assert isinstance(await attempt(parts, PASSWORD), TooManyTries)
    assert isinstance(await attempt(parts, PASSWORD, address="203.0.113.8"), SignedIn)


async def test_office_where_many_sign_in_is_not_locked(parts: Parts, quick: None) -> None:
    await enrol(parts)
    outcomes = [await attempt(parts, PASSWORD) for _ in range(ADDRESS_LIMIT + 10)]
    assert all(isinstance(outcome, SignedIn) for outcome in outcomes)


async def test_counts_that_have_run_out_are_dropped(parts: Parts, quick: None) -> None:
    await enrol(parts)
    await attempt(parts, WRONG_PASSWORD, login="name", address="203.0.113.8")
    await attempt(parts, PASSWORD, later=LOCKED_FOR + timedelta(seconds=5))
    async with parts.database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM notify.sign_in_tries")) == 1


async def test_locked_name_is_told_how_long_to_wait(parts: Parts, browser: httpx.AsyncClient, quick: None) -> None:
    for _ in range(LOGIN_LIMIT):
        assert (await enter(browser, WRONG_PASSWORD)).status_code == 401
    response = await enter(browser)
    assert response.status_code == 429
    assert "Gửi quá nhiều. Chờ 15 phút; nguy hiểm thì gọi 111, 113." in response.text
    assert 0 < int(response.headers["retry-after"]) <= LOCKED_FOR.total_seconds()


async def test_passwords_names_and_addresses_are_never_logged_nor_kept(
    parts: Parts, browser: httpx.AsyncClient, logs: list[Any]
) -> None:
    await enrol(parts)
    await enter(browser, WRONG_PASSWORD)
    await enter(browser)
    token = (await browser.get("/queue")).json()["csrf"]
    await browser.post("/signout", data={"csrf": token})
    assert [entry["event"] for entry in logs] == ["account_created", "sign_in_refused", "signed_in", "signed_out"]
    written = repr(logs) + await everything_kept(parts)
    for secret in (PASSWORD, WRONG_PASSWORD):
        assert secret not in written
    for personal in (LOGIN, LOGIN.casefold(), "Ngô Thị Hạnh", "127.0.0.1"):
        assert personal not in repr(logs)


async def everything_kept(parts: Parts) -> str:
    async with parts.database.reading() as connection:
        tables = await connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'notify'")
        )
        kept = [
            row
            for table in tables.all()
            for row in (await connection.scalars(text(f'SELECT t::text FROM notify."{table}" t'))).all()  # noqa: S608 - ours
        ]
    return "\n".join(kept)


@pytest.mark.parametrize("login", ["\x00", "a\x00b", "a" * 5000, "\u202e"])
async def test_strange_name_is_only_a_wrong_name(browser: httpx.AsyncClient, login: str) -> None:
    assert (await enter(browser, login=login)).status_code == 401


async def test_routes_of_the_pages_are_all_decided(app: FastAPI) -> None:
    decided = {"GET /openapi.json", "GET /redoc", "GET /docs/oauth2-redirect"}
    undecided = {route.split(" (")[0].replace("HEAD", "GET") for route in undecided_routes(app)}
    assert undecided == decided


async def test_session_of_a_stranger_is_nobody(parts: Parts, browser: httpx.AsyncClient) -> None:
    sessions = Sessions(parts.keys, parts.settings)
    _, cookie = sessions.begin(uuid4(), real_now())
    browser.cookies.set(COOKIE, cookie)
    assert (await browser.get("/queue")).status_code == 303
