"""The HTTP app of a process: routers of its services, one policy, errors as problems or pages, safe headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.identity.policy import home_page
from shared.observability import logger
from shared.web.i18n import LOCALES
from shared.web.live import LiveUpdates
from shared.web.openapi import describe
from shared.web.pages import Pages
from shared.web.problems import PROBLEM_TYPE, Problem

HERE = Path(__file__).parent
SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CORRELATION_LIMIT = 64

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]

log = logger(__name__)


def create_app(
    routers: Sequence[APIRouter],
    *,
    enforce: Callable[[Request], Awaitable[None]],
    pages: Pages,
    live: LiveUpdates,
    readiness: Readiness,
    static: Mapping[str, Path],
    version: str,
) -> FastAPI:
    """Build the app; every route of every router passes `enforce` first. `static` maps names to folders."""
    app = FastAPI(
        title="Heedline",
        version=version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(enforce)],
    )
    app.state.pages = pages
    app.state.live = live
    app.add_middleware(Envelope)
    _answer_errors(app)
    app.include_router(_infrastructure(app, readiness))
    for router in routers:
        app.include_router(router)
    app.mount("/static/shared", StaticFiles(directory=HERE / "static"), name="shared")
    for name, folder in static.items():
        app.mount(f"/static/{name}", StaticFiles(directory=folder), name=name)
    return app


class Envelope:
    """Gives every request a correlation id for its logs, and every answer safe headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation_id = _correlation_id(scope)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("X-Correlation-ID", correlation_id)
            await send(message)

        await self._app(scope, receive, with_headers)


def _correlation_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-correlation-id" and len(value) <= CORRELATION_LIMIT:
            text = value.decode("ascii", "ignore")
            if text and text.replace("-", "").isalnum():
                return str(text)
    return uuid4().hex


def _infrastructure(app: FastAPI, readiness: Readiness) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        parts = dict(await readiness())
        ready = all(parts.values())
        body = {"ready": ready, "parts": {name: "ok" if good else "unreachable" for name, good in parts.items()}}
        return JSONResponse(body, status_code=200 if ready else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @router.get("/api/openapi.json")
    async def openapi() -> JSONResponse:
        return JSONResponse(describe(app))

    @router.get("/")
    async def home(request: Request) -> RedirectResponse:
        lang = request.query_params.get("lang")
        chosen = f"?lang={lang}" if lang in LOCALES else ""
        return RedirectResponse(home_page(request.state.actor) + chosen, status_code=303)

    return router


def _answer_errors(app: FastAPI) -> None:
    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 - registered for this class; narrows the type
        return problem_response(request, error)

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class; narrows the type
        title, detail = _STATUS_WORDS.get(error.status_code, (str(error.detail), ""))
        return problem_response(request, Problem(error.status_code, title, detail, headers=error.headers))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class; narrows the type
        fields = [
            {"field": ".".join(str(part) for part in found["loc"][1:]) or str(found["loc"][0]), "message": found["msg"]}
            for found in error.errors()
        ]
        return problem_response(request, Problem(422, "Some fields are wrong", "Correct the fields named.", fields))

    async def broken(request: Request, error: Exception) -> Response:
        log.error("request_failed", route=request.url.path.split("/")[1], exc_info=error)
        title, detail = _STATUS_WORDS[500]
        return problem_response(request, Problem(500, title, detail))

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, broken)


_STATUS_WORDS: dict[int, tuple[str, str]] = {
    404: ("Không tìm thấy", "Địa chỉ này không có ở đây. Kiểm tra lại hoặc quay về trang chính."),
    405: ("Không dùng được cách gửi này", "Mở lại trang rồi thử lại."),
    500: ("Có lỗi ở máy chủ", "Việc vừa làm có thể chưa được ghi. Thử lại; nếu gấp, gọi số trực."),
}


def problem_response(request: Request, problem: Problem) -> Response:
    """Answer a problem: a redirect, a page for people, or problem details for programs."""
    if problem.status == 303:  # noqa: PLR2004 - See Other, the sign-in page
        return RedirectResponse(problem.headers["Location"], status_code=303)
    if _wants_page(request):
        return error_page(request, problem)
    return JSONResponse(problem.document(), problem.status, problem.headers, media_type=PROBLEM_TYPE)


def error_page(request: Request, problem: Problem) -> HTMLResponse:
    """Render a problem as a page in the reader's language."""
    pages: Pages = request.app.state.pages
    response = pages.render(request, "error.html", {"problem": problem}, status=problem.status)
    response.headers.update(problem.headers)
    return response


def _wants_page(request: Request) -> bool:
    if request.url.path.startswith(("/api/", "/webhooks/", "/metrics", "/healthz", "/readyz")):
        return False
    return "text/html" in request.headers.get("accept", "")
