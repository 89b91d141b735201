"""The policy at work on a small app, with real people, keys and sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import pytest
import structlog
from fastapi import APIRouter, Depends, FastAPI, Form, Request, WebSocket
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from structlog.testing import capture_logs

from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import Role
from shared.identity import enforce
from shared.identity.acting import HEADER, Acting
from shared.identity.actor import Scope
from shared.identity.bootstrap import key_hash
from shared.identity.directory import Directory
from shared.identity.enforce import CSRF_HEADER, enforcer, undecided_routes
from shared.identity.sessions import COOKIE, Session, Sessions, real_now
from shared.service import Parts
from shared.web.problems import Problem

RAW_KEY = "hlk_reports-only"
HTML = {"Accept": "text/html,*/*;q=0.8"}


def answer(request: Request) -> dict[str, Any]:
    state = request.state
    return {
        "actor": str(state.actor.id) if state.actor.id else None,
        "view": state.view,
        "csrf": state.csrf,
        "name": state.display_name,
    }


def small_app(guard: Any) -> FastAPI:
    app = FastAPI(dependencies=[Depends(guard)], openapi_url=None)
    cases, api = APIRouter(), APIRouter(prefix="/v1")

    @app.get("/queue")
    @app.get("/healthz")
    @app.get("/not-in-the-policy")
    @app.get("/internal/reports/{report_id}")
    async def read(request: Request) -> dict[str, Any]:
        return answer(request)

    @cases.get("/{case_code}")
    async def case(request: Request, case_code: str) -> dict[str, Any]:
        return {**answer(request), "case_code": case_code}

    @api.post("/reports")
    async def receive(request: Request) -> dict[str, Any]:
        return answer(request)

    @app.post("/alerts/{case_code}/acknowledge")
    async def acknowledge(request: Request, case_code: str, note: str = Form("")) -> dict[str, Any]:
        return {**answer(request), "case_code": case_code, "note": note}

    @app.post("/report")
    async def report(request: Request) -> dict[str, Any]:
        return {**answer(request), "narrative": (await request.form()).get("narrative")}

    @app.post("/receipt")
    async def in_pieces(request: Request) -> dict[str, Any]:
        return {"body": b"".join([piece async for piece in request.stream()]).decode()}

    async def problem(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        if error.status == 303:
            return RedirectResponse(error.headers["Location"], 303)
        return JSONResponse(error.document(), error.status, error.headers)

    app.add_exception_handler(Problem, problem)
    outer = APIRouter()
    outer.include_router(cases, prefix="/cases")
    app.include_router(outer)
    app.include_router(api, prefix="/api")
    return app


class Site(NamedTuple):
    app: FastAPI
    client: httpx.AsyncClient
    directory: Directory
    sessions: Sessions
    parts: Parts

    async def enrol(self, *roles: Role, key_hashes: dict[str, tuple[str, ...]] | None = None) -> UUID:
        person = uuid4()
        change = PersonChanged(
            occurred_at=real_now(),
            correlation_id=str(person),
            person_id=person,
            sequence=1,
            roles=roles,
            sessions_valid_from=real_now(),
            key_hashes=key_hashes or {},
        )
        async with self.parts.database.transaction() as connection:
            await self.directory.record_person(connection, change)
        return person

    async def sign_in(self, *roles: Role) -> Session:
        session, cookie = self.sessions.begin(await self.enrol(*roles), real_now(), "Ngô Thị Hạnh")
        self.client.cookies.set(COOKIE, cookie)
        return session


@pytest.fixture
async def site(parts: Parts) -> AsyncIterator[Site]:
    directory = Directory(parts.database, "notify")
    app = small_app(enforcer(directory, parts.keys, parts.settings))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://heedline.test") as client:
        yield Site(app, client, directory, Sessions(parts.keys, parts.settings), parts)


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    with capture_logs() as entries:
        monkeypatch.setattr(enforce, "log", structlog.get_logger("enforce"))
        yield entries


async def key_of(site: Site, *scopes: Scope) -> dict[str, str]:
    await site.enrol(key_hashes={key_hash(RAW_KEY): tuple(scope.value for scope in scopes)})
    return {"Authorization": f"Bearer {RAW_KEY}"}


async def test_api_without_a_key_answers_401_and_says_what_to_send(site: Site) -> None:
    for headers in ({}, {"Authorization": "Bearer no-such-key"}, {"Authorization": "Bearer"}, HTML):
        response = await site.client.post("/api/v1/reports", headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert "Bearer KEY" in response.json()["detail"]


async def test_key_without_the_scope_is_forbidden_and_told_which(site: Site) -> None:
    response = await site.client.post("/api/v1/reports", headers=await key_of(site, Scope.REPORTS_READ))
    assert response.status_code == 403
    assert "reports:write" in response.json()["detail"]


async def test_key_with_the_scope_is_let_through_a_prefixed_router(site: Site) -> None:
    response = await site.client.post("/api/v1/reports", headers=await key_of(site, Scope.REPORTS_WRITE))
    assert response.status_code == 200
    assert response.json()["view"] == "full"


async def test_page_without_a_session_leads_to_sign_in_and_back(site: Site) -> None:
    response = await site.client.get("/cases/MK42PT?tab=rules&x=1", headers=HTML)
    assert response.status_code == 303
    assert response.headers["location"] == "/signin?next=%2Fcases%2FMK42PT%3Ftab%3Drules%26x%3D1"


@pytest.mark.parametrize(
    "headers", [{"Accept": "text/event-stream"}, {"Accept": "application/json"}, {"Sec-Fetch-Mode": "cors"}]
)
async def test_script_of_a_page_is_told_that_the_session_has_ended(site: Site, headers: dict[str, str]) -> None:
    response = await site.client.get("/queue", headers=headers)
    assert response.status_code == 401
    assert response.json()["detail"] == "Đã hết phiên. Đăng nhập lại; chữ đang gõ vẫn còn."


async def test_session_opens_the_page_with_the_view_of_the_role(site: Site) -> None:
    session = await site.sign_in(Role.WORKER)
    response = await site.client.get("/cases/MK42PT")
    assert response.json() == {
        "actor": str(session.person_id),
        "view": "own_team",
        "csrf": site.sessions.csrf_token(session.id),
        "name": "Ngô Thị Hạnh",
        "case_code": "MK42PT",
    }


async def test_role_that_the_table_leaves_out_is_forbidden_and_recorded(site: Site, logs: list[Any]) -> None:
    session = await site.sign_in(Role.AUDITOR)
    response = await site.client.get("/cases/MK42PT", headers=HTML)
    assert response.status_code == 403
    [entry] = logs
    assert entry["event"] == "request_refused"
    assert (entry["route"], entry["status"]) == ("/cases/{case_code}", 403)
    assert entry["actor_id"] == str(session.person_id)
    assert "MK42PT" not in str(entry)


async def test_tampered_cookie_is_nobody(site: Site) -> None:
    await site.sign_in(Role.SUPERVISOR)
    cookie = site.client.cookies[COOKIE]
    site.client.cookies.set(COOKIE, cookie[:-8] + "AAAAAAAA")
    assert (await site.client.get("/queue", headers=HTML)).status_code == 303


async def test_undecided_route_is_closed_to_everybody_and_logged(site: Site, logs: list[Any]) -> None:
    await site.sign_in(*Role)
    key = await key_of(site, *Scope)
    for headers in (HTML, key):
        assert (await site.client.get("/not-in-the-policy", headers=headers)).status_code == 403
    assert [entry["route"] for entry in logs if entry["event"] == "route_undecided"] == ["/not-in-the-policy"] * 2


async def test_probe_needs_nobody(site: Site) -> None:
    response = await site.client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["actor"] is None


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": "wrong"}, {}),
        ({}, {CSRF_HEADER: "wrong"}),
        ({"csrf": "right"}, {CSRF_HEADER: "wrong"}),
    ],
)
async def test_form_without_the_sessions_token_changes_nothing(
    site: Site, data: dict[str, str], headers: dict[str, str]
) -> None:
    session = await site.sign_in(Role.WORKER)
    if data.get("csrf") == "right":
        data = {"csrf": site.sessions.csrf_token(session.id)}
    response = await site.client.post("/alerts/MK42PT/acknowledge", data=data, headers=headers)
    assert response.status_code == 403


async def test_token_of_another_session_is_refused(site: Site) -> None:
    first = await site.sign_in(Role.WORKER)
    await site.sign_in(Role.WORKER)
    token = site.sessions.csrf_token(first.id)
    response = await site.client.post("/alerts/MK42PT/acknowledge", data={"csrf": token})
    assert response.status_code == 403


async def test_form_with_the_token_is_taken_and_still_readable(site: Site) -> None:
    session = await site.sign_in(Role.WORKER)
    token = site.sessions.csrf_token(session.id)
    by_field = await site.client.post("/alerts/MK42PT/acknowledge", data={"csrf": token, "note": "đang đi"})
    by_header = await site.client.post("/alerts/MK42PT/acknowledge", headers={CSRF_HEADER: token})
    by_parts = await site.client.post(
        "/alerts/MK42PT/acknowledge", data={"csrf": token, "note": "đang đi"}, files={"photo": b"0"}
    )
    assert [by_field.status_code, by_header.status_code, by_parts.status_code] == [200, 200, 200]
    assert by_field.json()["note"] == by_parts.json()["note"] == "đang đi"


async def test_public_form_without_the_token_is_taken_from_nobody(site: Site) -> None:
    session = await site.sign_in(Role.OPERATOR)
    forged = await site.client.post("/report", data={"narrative": "một câu"})
    own = await site.client.post("/report", data={"narrative": "một câu", "csrf": site.sessions.csrf_token(session.id)})
    assert (forged.status_code, forged.json()["actor"]) == (200, None)
    assert (own.status_code, own.json()["actor"]) == (200, str(session.person_id))
    assert forged.json()["narrative"] == own.json()["narrative"] == "một câu"


async def test_public_form_of_somebody_with_a_session_can_still_be_read_in_pieces(site: Site) -> None:
    await site.sign_in(Role.OPERATOR)
    assert (await site.client.post("/receipt", data={"code": "12"})).json() == {"body": "code=12"}


async def test_key_needs_no_token(site: Site) -> None:
    await site.sign_in(Role.WORKER)
    response = await site.client.post("/api/v1/reports", headers=await key_of(site, Scope.REPORTS_WRITE))
    assert response.status_code == 200


async def test_another_schemes_credentials_leave_the_session_alone(site: Site) -> None:
    await site.sign_in(Role.SUPERVISOR)
    assert (await site.client.get("/queue", headers={"Authorization": "Basic b3V0ZXI6Z2F0ZQ=="})).status_code == 200


async def test_sibling_acts_with_the_rights_of_the_person_and_no_more(site: Site) -> None:
    acting = Acting(site.parts.keys, site.parts.settings)
    worker, auditor = await site.enrol(Role.WORKER), await site.enrol(Role.AUDITOR)
    path = f"/internal/reports/{uuid4()}"
    response = await site.client.get(path, headers=acting.header(worker, real_now()))
    assert (response.status_code, response.json()["actor"]) == (200, str(worker))
    for person, status in ((auditor, 403), (uuid4(), 401)):
        assert (await site.client.get(path, headers=acting.header(person, real_now()))).status_code == status
    assert (await site.client.get(path, headers={HEADER: "forged"})).status_code == 401


async def test_siblings_word_and_session_do_not_stand_for_each_other(site: Site) -> None:
    session = await site.sign_in(Role.SUPERVISOR)
    assert (await site.client.get(f"/internal/reports/{uuid4()}")).status_code == 401
    site.client.cookies.clear()
    header = Acting(site.parts.keys, site.parts.settings).header(session.person_id, real_now())
    assert (await site.client.get("/queue", headers={**header, **HTML})).status_code == 303


async def test_routes_without_a_decision_are_found(site: Site) -> None:
    assert undecided_routes(site.app) == ["GET /not-in-the-policy"]


async def test_routes_that_answer_without_the_enforcer_are_found(site: Site, tmp_path: Any) -> None:
    async def plain(_request: Request) -> Response:
        return Response()

    async def talk(_socket: WebSocket) -> None:
        return

    site.app.mount("/static/shared", StaticFiles(directory=tmp_path))
    site.app.mount("/console", StaticFiles(directory=tmp_path))
    site.app.add_route("/queue/rows", plain)
    site.app.add_api_websocket_route("/queue/live", talk)
    assert undecided_routes(site.app) == [
        "GET /not-in-the-policy",
        "WEBSOCKET /queue/live",
        "GET /console/{path} (answers without the enforcer)",
        "GET /queue/rows (answers without the enforcer)",
        "HEAD /queue/rows (answers without the enforcer)",
    ]
