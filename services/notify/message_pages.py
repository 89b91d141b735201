"""The pages of message templates: what each says, costs and is registered as; proposals, and putting them into force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from services.notify import template_view
from services.notify.handlers.change_template import (
    SENDER_NAME,
    Sending,
    TemplateRefusedError,
    activate_template,
    propose_template,
    withdraw_template,
)
from services.notify.handlers.desk import Desk
from services.notify.rules.encoding import Encoding
from services.notify.rules.template import LONGEST, SPECS, Remark, Template
from services.notify.template_view import LANGUAGES, Preview
from shared.clock import VIETNAM
from shared.identity.actor import Actor
from shared.identity.policy import View
from shared.service import Parts
from shared.web.pages import Pages
from shared.web.problems import Problem

HOME: Final = "/policies/messages"
TEXT_LIMIT: Final = 1000
WORD_LIMIT: Final = 60

Text = Annotated[str, Form(max_length=TEXT_LIMIT)]
Word = Annotated[str, Form(max_length=WORD_LIMIT)]


def router(parts: Parts, desk: Desk) -> APIRouter:
    """Return the routes below `/policies/messages` and `/policies/proposals/messages`."""
    routes = APIRouter(include_in_schema=False)
    pages = MessagePages(parts, desk)
    get, post = routes.get, routes.post
    get(HOME, response_model=None)(pages.templates)
    get(HOME + "/preview", response_model=None)(pages.preview)
    get(HOME + "/{language}/{name}", response_model=None)(pages.template)
    post("/policies/proposals/messages/{language}/{name}", response_model=None)(pages.propose)
    post("/policies/proposals/messages/{language}/{name}/{version_id}/withdraw", response_model=None)(pages.withdraw)
    post(HOME + "/{language}/{name}/{version_id}/activate", response_model=None)(pages.activate)
    return routes


class MessagePages:
    """What the pages show and what their forms do. Who may open or send what is the policy's."""

    def __init__(self, parts: Parts, desk: Desk) -> None:
        self._parts, self._desk = parts, desk
        self._reply = max(len(LONGEST["reply"]), len(desk.reply_to))

    async def templates(self, request: Request) -> HTMLResponse:
        """List every template with its cost, sender and registration."""
        async with self._parts.database.reading() as connection:
            lines = await template_view.load_lines(connection, self._reply)
        return _page(request, "messages.html", {"lines": lines, "sender": self._sender})

    async def preview(
        self, request: Request, name: str = "", language: str = "vi", text: str = "", encoding: str = "gsm7"
    ) -> JSONResponse:
        """Judge what is being typed."""
        _check(language, name)
        typed = Template.written(name, language, text[:TEXT_LIMIT], _encoding(encoding))
        pages: Pages = request.app.state.pages
        return JSONResponse(Preview.of(typed, self._reply).document(pages.locale(request)))

    async def template(
        self, request: Request, language: str, name: str, text: str | None = None, encoding: str = "gsm7"
    ) -> HTMLResponse:
        """Show one template with its versions; `text` is what a reader without scripts wants to see judged."""
        typed = None
        if text is not None:
            _check(language, name)
            typed = Template.written(name, language, text[:TEXT_LIMIT], _encoding(encoding))
        return await self._one(request, language, name, typed=typed)

    async def propose(
        self,
        request: Request,
        language: str,
        name: str,
        text: Text = "",
        encoding: Word = "gsm7",
        sender_name: Word = "",
        registration: Word = "",
        registered_at: Word = "",
    ) -> Response:
        """Propose a text, or show it again with what is wrong."""
        _check(language, name)
        typed = Template.written(name, language, text, _encoding(encoding))
        sending = Sending(sender_name.strip(), registration.strip(), _day(registered_at))
        try:
            async with self._parts.database.transaction() as connection:
                now = self._parts.clock.now()
                await propose_template(connection, typed, sending, by=_person(request), now=now, reply=self._reply)
        except TemplateRefusedError as error:
            return await self._one(request, language, name, typed=typed, sending=sending, wrong=error.remarks)
        return _to(language, name)

    async def withdraw(self, request: Request, language: str, name: str, version_id: UUID) -> Response:
        """End a proposal."""
        try:
            async with self._parts.database.transaction() as connection:
                await withdraw_template(connection, version_id, now=self._parts.clock.now())
        except TemplateRefusedError as error:
            return await self._one(request, language, name, wrong=error.remarks)
        return _to(language, name)

    async def activate(
        self, request: Request, language: str, name: str, version_id: UUID, unregistered: Word = ""
    ) -> Response:
        """Put a proposal into force."""
        try:
            async with self._parts.database.transaction() as connection:
                await activate_template(
                    connection,
                    version_id,
                    by=_person(request),
                    now=self._parts.clock.now(),
                    unregistered_known=unregistered == "known",
                    reply=self._reply,
                )
        except TemplateRefusedError as error:
            return await self._one(request, language, name, wrong=error.remarks)
        return _to(language, name)

    @property
    def _sender(self) -> str:
        return self._desk.limits.sender if SENDER_NAME.fullmatch(self._desk.limits.sender) else ""

    async def _one(
        self,
        request: Request,
        language: str,
        name: str,
        *,
        typed: Template | None = None,
        sending: Sending | None = None,
        wrong: Sequence[Remark] = (),
    ) -> HTMLResponse:
        _check(language, name)
        async with self._parts.database.reading() as connection:
            versions = await template_view.load_versions(connection, name, language)
        line = template_view.line_of(name, language, versions, self._reply)
        values = {
            "line": line,
            "versions": versions,
            "typed": Preview.of(typed or line.template, self._reply),
            "sending": sending or Sending(line.row["sender_name"] if line.row else self._sender, "", None),
            "fields": sorted(SPECS[name].fields),
            "wrong": wrong,
            "me": request.state.actor.id,
        }
        return _page(request, "message.html", values, 422 if wrong else 200)


def _check(language: str, name: str) -> None:
    if language not in LANGUAGES or name not in SPECS:
        raise Problem(404, "Không tìm thấy mẫu tin", "Không có mẫu tin này. Mở lại danh sách mẫu tin.")


def _encoding(word: str) -> Encoding:
    return Encoding.UCS_2 if word == Encoding.UCS_2.value else Encoding.GSM_7


def _day(word: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(word), time(), VIETNAM)
    except ValueError:
        return None


def _page(request: Request, template: str, values: dict[str, Any], status: int = 200) -> HTMLResponse:
    pages: Pages = request.app.state.pages
    shown = {
        "titles": template_view.TITLES,
        "states": template_view.STATES,
        "languages": LANGUAGES,
        "encodings": template_view.ENCODINGS,
        "may_propose": request.state.view in {View.FULL, View.PROPOSE},
        "may_decide": request.state.view is View.FULL,
    }
    return pages.render(request, template, {**shown, **values}, status=status)


def _person(request: Request) -> Any:
    """Return who acts; the policy lets in only people who are signed in."""
    actor: Actor = request.state.actor
    return actor.id


def _to(language: str, name: str) -> RedirectResponse:
    return RedirectResponse(f"{HOME}/{language}/{name}", status_code=303)
