"""Signing in and out."""

from __future__ import annotations

import math
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from services.notify.handlers.sign_in import SignedIn, TooManyTries, WrongNameOrPassword, sign_in
from services.notify.handlers.sign_out import sign_out
from services.notify.passwords import Passwords
from shared.identity.actor import Actor
from shared.identity.policy import home_page
from shared.identity.sessions import Sessions, real_now
from shared.service import Parts

SEE_OTHER: Final = 303
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
TOO_MANY: Final = 429

WRONG: Final = "Sai tên hoặc mật khẩu. Nhập lại; quên thì gọi quản trị."
FROM_ELSEWHERE: Final = "Biểu mẫu đến từ trang khác. Nhập lại ở đây."
"""Another site must not sign a person in under its own account and then read what they type."""
LOCKED: Final = "Gửi quá nhiều. Chờ {n} phút; nguy hiểm thì gọi 111, 113."


def router(parts: Parts) -> APIRouter:
    """Return the routes `/signin` and `/signout`."""
    routes = APIRouter()
    pages = SignInPages(parts)
    routes.add_api_route("/signin", pages.show, methods=["GET"], include_in_schema=False, response_model=None)
    routes.add_api_route("/signin", pages.sign_in, methods=["POST"], include_in_schema=False, response_model=None)
    routes.add_api_route("/signout", pages.sign_out, methods=["POST"], include_in_schema=False, response_model=None)
    return routes


class SignInPages:
    """The sign-in page and what its forms do."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._sessions = Sessions(parts.keys, parts.settings)
        self._passwords = Passwords()

    async def show(self, request: Request, next: str = "") -> Response:  # noqa: A002 - the field's name in addresses
        """Show the form; a person who is signed in goes on."""
        actor: Actor = request.state.actor
        if actor.roles:
            return RedirectResponse(local_path(next) or home_page(actor), SEE_OTHER)
        return _page(request, login="", after=next, status=200)

    async def sign_in(
        self,
        request: Request,
        login: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",  # noqa: A002 - the field's name in the form
    ) -> Response:
        """Begin a session, or show the form again and say why not."""
        if request.headers.get("sec-fetch-site") == "cross-site":
            return _page(request, login=login, after=next, status=FORBIDDEN, error=FROM_ELSEWHERE)
        address = request.client.host if request.client else ""
        outcome = await sign_in(
            self._parts.database,
            self._parts.keys,
            self._passwords,
            login=login,
            password=password,
            address=address,
            now=real_now(),
        )
        match outcome:
            case SignedIn():
                return self._begin(outcome, next)
            case WrongNameOrPassword():
                return _page(request, login=login, after=next, status=UNAUTHORIZED, error=WRONG)
            case TooManyTries(wait):
                page = _page(
                    request,
                    login=login,
                    after=next,
                    status=TOO_MANY,
                    error=LOCKED,
                    minutes=math.ceil(wait.total_seconds() / 60),
                )
                page.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
                return page

    async def sign_out(self, request: Request) -> Response:
        """End the person's sessions."""
        actor: Actor = request.state.actor
        if actor.id is not None:
            async with self._parts.database.transaction() as connection:
                await sign_out(connection, self._parts.bus, person_id=actor.id, now=self._parts.clock.now())
        response = RedirectResponse("/signin", SEE_OTHER)
        self._sessions.clear_cookie(response)
        return response

    def _begin(self, signed_in: SignedIn, after: str) -> Response:
        _, cookie = self._sessions.begin(signed_in.person_id, real_now(), signed_in.display_name)
        home = home_page(Actor(id=signed_in.person_id, roles=signed_in.roles))
        response = RedirectResponse(local_path(after) or home, SEE_OTHER)
        self._sessions.set_cookie(response, cookie)
        return response


def local_path(address: str) -> str:
    """Return `address` if it is a path of this installation, otherwise an empty text.

    Browsers read a backslash as a slash and skip control characters, so neither is let through.
    """
    if not address.startswith("/") or "\\" in address or not address.isprintable():
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    outside = parts.scheme or parts.netloc or address.startswith("//")
    return "" if outside or parts.path in {"/signin", "/signout"} else address


def _page(request: Request, *, login: str, after: str, status: int, error: str = "", minutes: int = 0) -> Response:
    context = {"login": login, "next": local_path(after), "error": error, "minutes": minutes}
    pages: Any = request.app.state.pages
    response: Response = pages.render(request, "signin.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
