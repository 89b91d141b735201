"""The page of an invitation: whoever has the link chooses the password of their account, once."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.notify.handlers.invite_person import LinkOver, PasswordSet, Welcome, accept_invitation, read_invitation
from services.notify.passwords import LONGEST, SHORTEST, Passwords
from shared.identity.sessions import real_now
from shared.service import Parts
from shared.web.pages import Pages

SEE_OTHER: Final = 303
GONE: Final = 410
UNPROCESSABLE: Final = 422

TOO_SHORT: Final = "Mật khẩu cần ít nhất {n} ký tự. Ghép vài từ cho dễ nhớ."
TOO_LONG: Final = "Mật khẩu nhiều nhất {n} ký tự. Viết gọn lại."
NOT_THE_SAME: Final = "Hai lần nhập khác nhau. Nhập lại cả hai."
THE_NAME: Final = "Mật khẩu không được là tên đăng nhập. Chọn mật khẩu khác."
Text = Annotated[str, Form(max_length=4 * LONGEST)]


def router(parts: Parts) -> APIRouter:
    """Return the routes `/invite/{token}`."""
    routes = APIRouter(include_in_schema=False)
    passwords = Passwords()

    @routes.get("/invite/{token}", response_model=None)
    async def shown(request: Request, token: str) -> Response:
        return await _show(request, parts, token)

    @routes.post("/invite/{token}", response_model=None)
    async def chosen(request: Request, token: str, password: Text = "", again: Text = "") -> Response:
        async with parts.database.reading() as connection:
            found = await read_invitation(connection, token, real=real_now())
        if isinstance(found, LinkOver):
            return _page(request, status=GONE, login=None)
        error, limit = _fault(found, password, again)
        if error:
            return _page(request, status=UNPROCESSABLE, login=found.login, error=error, limit=limit)
        done = await accept_invitation(
            parts.database, parts.bus, passwords, token, password, real=real_now(), now=parts.clock.now()
        )
        match done:
            case PasswordSet():
                return RedirectResponse("/signin", SEE_OTHER)
            case LinkOver():
                return _page(request, status=GONE, login=None)

    return routes


async def _show(request: Request, parts: Parts, token: str) -> Response:
    async with parts.database.reading() as connection:
        found = await read_invitation(connection, token, real=real_now())
    match found:
        case Welcome(login=login):
            return _page(request, status=200, login=login)
        case LinkOver():
            return _page(request, status=GONE, login=None)


def _fault(welcome: Welcome, password: str, again: str) -> tuple[str, int]:
    """Return what is wrong with a password, and the length that the sentence names."""
    if len(password) < SHORTEST:
        return TOO_SHORT, SHORTEST
    if len(password) > LONGEST:
        return TOO_LONG, LONGEST
    if password.strip().casefold() == welcome.login:
        return THE_NAME, 0
    return (NOT_THE_SAME, 0) if password != again else ("", 0)


def _page(request: Request, *, status: int, login: str | None, error: str = "", limit: int = 0) -> Response:
    pages: Pages = request.app.state.pages
    context: dict[str, Any] = {"login": login, "error": error, "limit": limit, "shortest": SHORTEST}
    return pages.render(request, "invite.html", context, status=status)
