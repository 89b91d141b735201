"""The page of API keys: administrators manage them, supervisors and auditors read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.notify import key_form
from services.notify.api_keys import ApiKey
from services.notify.handlers.change_key import (
    LONGEST_OVERLAP,
    OVERLAP,
    KeyRefusedError,
    limit_key,
    revoke_key,
    rotate_key,
)
from services.notify.handlers.create_key import create_key
from services.notify.key_form import WrongFormError
from services.notify.key_view import CHANGES, SCOPES, KeyBook, KeyRow
from shared.contracts.vocabulary import Role
from shared.identity.limits import DEFAULT_PER_DAY, DEFAULT_PER_MINUTE
from shared.identity.sessions import real_now
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem

PAGE: Final = "/people/keys"
SAID: Final[Mapping[str, str]] = {
    "limited": "Đã đổi giới hạn. Có hiệu lực trong vài giây.",
    "revoked": "Đã thu hồi. Khóa không mở được gì nữa trong vài giây tới.",
}
NEW: Final[Mapping[str, str]] = {"per_minute": str(DEFAULT_PER_MINUTE), "per_day": str(DEFAULT_PER_DAY)}
"""What the form of a new key offers."""


def router(parts: Parts) -> APIRouter:
    """Return the page's routes."""
    routes = APIRouter(include_in_schema=False)
    book = KeyBook(parts)

    @routes.get(PAGE)
    async def page(request: Request, said: str = "") -> HTMLResponse:
        return await _page(request, book, said=SAID.get(said, ""))

    @routes.post(PAGE)
    async def create(request: Request) -> HTMLResponse:
        return await _create(request, parts, book)

    @routes.get(PAGE + "/{key_id}/{act}")
    async def act_page(request: Request, key_id: UUID, act: str) -> HTMLResponse:
        if act not in ACTS:
            raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")
        return _one(request, await _manageable(request, book, key_id), act, {}, ())

    @routes.post(PAGE + "/{key_id}/{act}")
    async def act(request: Request, key_id: UUID, act: str) -> Response:
        do = ACTS.get(act)
        if do is None:
            raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")
        row = await _manageable(request, book, key_id)
        sent = _texts((await request.form()).multi_items())
        try:
            return await do(request, parts, row.key, sent)
        except WrongFormError as error:
            return _one(request, row, act, sent, error.fields)
        except KeyRefusedError:
            raise _refused() from None

    return routes


async def _create(request: Request, parts: Parts, book: KeyBook) -> HTMLResponse:
    """Create a key and show its secret, or show the form again with what is wrong."""
    form = await request.form()
    sent, scopes = _texts(form.multi_items()), [str(scope) for scope in form.getlist("scopes")]
    now = real_now()
    try:
        new = key_form.new_key(sent, scopes, now)
    except WrongFormError as error:
        return await _page(request, book, sent={**sent, "scopes": ",".join(scopes)}, wrong=error.fields)
    async with parts.database.transaction() as connection:
        secret = await create_key(
            connection,
            parts.bus,
            name=new.name,
            scopes=new.scopes,
            limits=new.terms.limits,
            expires_at=new.terms.expires_at,
            by=request.state.actor.id,
            now=now,
        )
    return _secret(request, new.name, secret, None)


async def _rotate(request: Request, parts: Parts, key: ApiKey, sent: Mapping[str, str]) -> Response:
    overlap, now = key_form.overlap(sent), real_now()
    async with parts.database.transaction() as connection:
        secret = await rotate_key(
            connection, parts.bus, key_id=key.id, overlap=overlap, by=request.state.actor.id, now=now
        )
    return _secret(request, key.name, secret, now + overlap)


async def _limit(request: Request, parts: Parts, key: ApiKey, sent: Mapping[str, str]) -> Response:
    now = real_now()
    terms = key_form.terms(sent, now)
    async with parts.database.transaction() as connection:
        await limit_key(
            connection,
            parts.bus,
            key_id=key.id,
            limits=terms.limits,
            expires_at=terms.expires_at,
            by=request.state.actor.id,
            now=now,
        )
    return RedirectResponse(f"{PAGE}?said=limited", status_code=303)


async def _revoke(request: Request, parts: Parts, key: ApiKey, sent: Mapping[str, str]) -> Response:
    """Revoke a key, once the person has said to be sure; else ask."""
    if sent.get("sure") != "yes":
        return RedirectResponse(f"{PAGE}/{key.id}/revoke", status_code=303)
    async with parts.database.transaction() as connection:
        await revoke_key(connection, parts.bus, key_id=key.id, by=request.state.actor.id, now=real_now())
    return RedirectResponse(f"{PAGE}?said=revoked", status_code=303)


Do = Callable[[Request, Parts, ApiKey, Mapping[str, str]], Awaitable[Response]]

ACTS: Final[Mapping[str, Do]] = {"rotate": _rotate, "limits": _limit, "revoke": _revoke}
"""What can be done with a key, by the last part of the address."""


async def _page(
    request: Request,
    book: KeyBook,
    *,
    said: str = "",
    sent: Mapping[str, str] = NEW,
    wrong: Sequence[str] = (),
) -> HTMLResponse:
    found = await book.load(request.state.actor.id, real_now())
    context: dict[str, Any] = {
        "found": found,
        "said": said,
        "sent": sent,
        "chosen": sent.get("scopes", "").split(","),
        "wrong": {name: key_form.WRONG[name] for name in wrong},
        "scope_words": SCOPES,
        "change_words": CHANGES,
        "may_manage": request.state.actor.has(Role.ADMINISTRATOR),
        "here": PAGE if wrong else "",
    }
    return _pages(request).render(request, "keys.html", context, status=422 if wrong else 200)


def _one(request: Request, row: KeyRow, act: str, sent: Mapping[str, str], wrong: Sequence[str]) -> HTMLResponse:
    """Show the form of one act on one key."""
    context: dict[str, Any] = {
        "row": row,
        "act": act,
        "sent": sent,
        "wrong": {name: key_form.WRONG[name] for name in wrong},
        "overlap": OVERLAP.days,
        "longest": LONGEST_OVERLAP.days,
        "last_day": row.key.expires_at - timedelta(seconds=1) if row.key.expires_at else None,
        "here": "",
    }
    return _pages(request).render(request, "key_act.html", context, status=422 if wrong else 200)


def _secret(request: Request, name: str, secret: str, old_ends_at: datetime | None) -> HTMLResponse:
    """Show a secret, this once; the language link leads away from it, for nothing can show it again."""
    context = {"name": name, "secret": secret, "old_ends_at": old_ends_at, "here": PAGE}
    return _pages(request).render(request, "key_secret.html", context)


async def _manageable(request: Request, book: KeyBook, key_id: UUID) -> KeyRow:
    if not request.state.actor.has(Role.ADMINISTRATOR):
        raise Problem(403, "Không có quyền", "Chỉ quản trị đổi được khóa API. Gọi quản trị.")
    row = await book.one(key_id, real_now())
    if row is None or not row.manageable:
        raise _refused()
    return row


def _refused() -> Problem:
    return Problem(
        409, "Chưa làm được", "Khóa này đã thu hồi, không có, hoặc do cấu hình quản lý. Mở lại danh sách khóa."
    )


def _texts(items: Sequence[tuple[str, object]]) -> dict[str, str]:
    return {name: value for name, value in items if isinstance(value, str)}


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages
