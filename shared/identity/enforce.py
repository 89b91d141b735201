"""The policy, enforced once for the whole app: a dependency of every route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.types import Scope as AsgiScope

from shared.clock import VIETNAM
from shared.crypto import Keys
from shared.identity import acting, sessions
from shared.identity.acting import Acting
from shared.identity.actor import NOBODY, Actor, Scope
from shared.identity.directory import Directory
from shared.identity.key_use import Refusal
from shared.identity.policy import (
    Allow,
    Api,
    BetweenServices,
    Decision,
    Forbidden,
    Infrastructure,
    Page,
    Public,
    Rule,
    Unauthenticated,
    Undecided,
    Webhook,
    decide,
    rule_for,
    undecided,
)
from shared.identity.sessions import Sessions, real_now
from shared.observability import KEY_REFUSALS, logger
from shared.settings import Settings
from shared.web import files
from shared.web.problems import Problem

CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "X-CSRF-Token"

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_REPORTS: Final = ("/api/v1/reports", "POST")
_PROGRAMS: Final = ("/api/", "/internal/")
"""Where programs ask, who want a status and not a page."""

log = logger(__name__)


def enforcer(directory: Directory, keys: Keys, settings: Settings) -> Callable[[Request], Awaitable[None]]:
    """Return the app's global dependency: it names the actor, applies the policy and checks unsafe forms.

    Handlers and templates then find in `request.state`: `actor` (`Actor`), `view` (`View`, how much the page may
    show), `csrf` (the token for forms; empty without a session) and `display_name` (of a signed-in person, for the
    top bar). Refusals raise `Problem`: 401 or 403, or for a person who opens a page without a session 303 to the
    sign-in page; 429 for an API key that has asked as often as it may.
    """
    return Enforcer(directory, Sessions(keys, settings), Acting(keys, settings)).check


class Enforcer:
    """Applies the policy to requests."""

    def __init__(self, directory: Directory, signed: Sessions, siblings: Acting) -> None:
        self._directory = directory
        self._sessions = signed
        self._acting = siblings

    async def check(self, request: Request) -> None:
        """Let the request through, with the actor at `request.state`, or raise `Problem`."""
        template = route_template(request.scope)
        _nobody_yet(request)
        rule = rule_for(template, request.method)
        actor = await self._own_actor(request, rule)
        match decide(template, request.method, actor):
            case Allow(view):
                request.state.view = view
                self._introduce(request, actor)
                if isinstance(rule, Api) and actor.scopes:
                    await self._count(template, request.method, actor)
            case refusal:
                self._introduce(request, actor)
                raise _refused(request, template, actor, refusal)

    def _introduce(self, request: Request, actor: Actor) -> None:
        """Tell the page, also the one that explains a refusal, who asks."""
        request.state.actor = actor
        request.state.csrf = self._sessions.csrf_token(actor.session) if actor.session else ""

    async def _count(self, template: str, method: str, actor: Actor) -> None:
        """Count what an API key asks, or raise `Problem` when it has asked as often as it may."""
        carries_report = (template, method) == _REPORTS
        refusal = await self._directory.counter.take(actor, carries_report=carries_report)
        if refusal is not None:
            KEY_REFUSALS.labels(template).inc()
            log.warning("key_over_limit", key_id=str(actor.id), route=template, window=refusal.over.window)
            raise _over_limit(refusal, carries_report=carries_report)

    async def _own_actor(self, request: Request, rule: Rule | None) -> Actor:
        """Name the actor, of whose session an unsafe request must prove that it comes from the person's own page."""
        actor = await self._actor(request, rule)
        if actor.session is not None and isinstance(rule, Public):
            with suppress(RuntimeError):  # a route with form fields has read it already
                await request.body()  # kept, so that looking for the token leaves it to the page to read
        if actor.session is None or request.method in _SAFE:
            return actor
        brings_files = isinstance(rule, Page) and rule.files
        if await self._is_own_form(request, actor.session, brings_files=brings_files):
            return actor
        if isinstance(rule, Public):
            return NOBODY
        raise _forged(request)

    async def _actor(self, request: Request, rule: Rule | None) -> Actor:
        match rule:
            case None | Infrastructure() | Webhook():
                return NOBODY
            case BetweenServices():
                return await self._vouched_for(request.headers.get(acting.HEADER))
            case _:
                pass
        scheme, _, raw_key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await self._directory.key(raw_key.strip()) or NOBODY
        return await self._by_cookie(request)

    async def _by_cookie(self, request: Request) -> Actor:
        cookie = request.cookies.get(sessions.COOKIE)
        session = self._sessions.read(cookie, real_now()) if cookie else None
        person = await self._directory.session(session) if session else None
        if session is None or person is None:
            return NOBODY
        request.state.display_name = session.name
        return person

    async def _vouched_for(self, header: str | None) -> Actor:
        person_id = self._acting.person(header, real_now()) if header else None
        person = await self._directory.person(person_id) if person_id else None
        return person.for_sibling() if person else NOBODY

    async def _is_own_form(self, request: Request, session_id: str, *, brings_files: bool) -> bool:
        token = request.headers.get(CSRF_HEADER)
        if token is None and brings_files:
            token = await _token_before_files(request)
        elif token is None and request.headers.get("content-type", "").lower().startswith(_FORMS):
            field = (await request.form()).get(CSRF_FIELD)
            token = field if isinstance(field, str) else None
        return token is not None and self._sessions.csrf_matches(session_id, token)


async def _token_before_files(request: Request) -> str | None:
    """Read the first field of a form that brings files and leave the rest to the page, at `request.state.files`."""
    try:
        form = files.read_form(request)
        token = await form.first_field(CSRF_FIELD)
    except (files.BrokenFormError, files.BodyTooLargeError):
        return None
    request.state.files = form
    return token


def _nobody_yet(request: Request) -> None:
    request.state.actor = NOBODY
    request.state.csrf = ""
    request.state.display_name = ""


def route_template(scope: AsgiScope) -> str:
    """Return the path template of the route that answers, as `/cases/{case_code}`, with its routers' prefixes.

    FastAPI keeps an included route as it was declared and its full template in the context of the inclusion.
    """
    included = scope.get("fastapi", {}).get("effective_route_context")
    template = getattr(included, "path_format", "") or getattr(scope.get("route"), "path_format", "")
    return str(template)


def undecided_routes(app: FastAPI) -> list[str]:
    """Return `METHOD template` of each route of `app` that the policy does not decide; a test wants none.

    A mounted app and a plain Starlette route run no dependency, so only an open rule decides them.
    """
    found = [(context.original_route, _template_and_methods(context)) for context in iter_route_contexts(app.routes)]
    closed = undecided(route for _, route in found)
    unguarded = [
        f"{method} {template} (answers without the enforcer)"
        for original, (template, methods) in found
        for method in methods
        if not isinstance(original, APIRoute)
        and not isinstance(rule_for(template, method), Public | Infrastructure | None)
    ]
    return closed + unguarded


def _template_and_methods(context: Any) -> tuple[str, list[str]]:
    kind = type(context.original_route).__name__
    default = {"WEBSOCKET"} if "WebSocket" in kind else {"GET"}
    return context.path_format or "", sorted(context.methods or default)


def _refused(request: Request, template: str, actor: Actor, refusal: Decision) -> Problem:
    problem = _problem(request, template, refusal)
    log.info(
        "request_refused",
        method=request.method,
        route=template,
        status=problem.status,
        actor_id=str(actor.id) if actor.id else None,
    )
    return problem


def _problem(request: Request, template: str, refusal: Decision) -> Problem:
    for_program = template.startswith(_PROGRAMS)
    match refusal:
        case Unauthenticated() if for_program:
            return _no_key()
        case Unauthenticated():
            return _sign_in_first(request)
        case Forbidden(Scope() as scope) if for_program:
            return Problem(403, "Forbidden", f"This key lacks the scope {scope.value}.")
        case Undecided():
            log.error("route_undecided", method=request.method, route=template)
            return _not_allowed()
        case _:
            return _not_allowed()


def _no_key() -> Problem:
    detail = "Send the header Authorization: Bearer KEY with a key that is known here."
    return Problem(401, "Unauthorized", detail, headers={"WWW-Authenticate": "Bearer"})


def _over_limit(refusal: Refusal, *, carries_report: bool) -> Problem:
    over, seconds = refusal.over, refusal.retry_after
    again = f"Ask again in {seconds} seconds, at {over.again_at.astimezone(VIETNAM).isoformat(timespec='seconds')}."
    kept = (
        " The report was not taken: send it again then, with the same Idempotency-Key. If a child is in danger now, "
        "call 113 or the duty number as well."
        if carries_report
        else ""
    )
    return Problem(
        429,
        "Too many requests",
        f"This key may make {over.limit} requests a {over.window}, and has. {again}{kept}",
        headers={"Retry-After": str(seconds)},
    )


def _sign_in_first(request: Request) -> Problem:
    if not _opens_a_page(request):
        return Problem(401, "Đã hết phiên", "Đã hết phiên. Đăng nhập lại; chữ đang gõ vẫn còn.")
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return Problem(303, "Đăng nhập", headers={"Location": f"/signin?next={quote(here, safe='')}"})


def _opens_a_page(request: Request) -> bool:
    """Tell a person who goes to a page from a page's script, which must not take the sign-in page for an answer."""
    accept = request.headers.get("accept", "*/*")
    return (
        request.method in _SAFE
        and request.headers.get("sec-fetch-mode", "navigate") == "navigate"
        and ("text/html" in accept or "*/*" in accept)
    )


def _not_allowed() -> Problem:
    return Problem(403, "Không có quyền", "Bạn không có quyền mở trang này. Gọi giám sát ca.")


def _forged(request: Request) -> Problem:
    template = route_template(request.scope)
    log.warning("csrf_token_refused", method=request.method, route=template)
    return Problem(403, "Biểu mẫu đã cũ", "Mở lại trang rồi gửi lại.")
