"""The pages of people and how they are reached; everybody has one of their own at `/me`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import people_view
from services.notify.contacts import NoSuchContactError
from services.notify.handlers import change_person
from services.notify.handlers.change_person import WrongAddressError
from services.notify.handlers.desk import Desk
from services.notify.handlers.edit_person import OneselfError, let_go
from services.notify.handlers.verify_contact import (
    CannotBeSent,
    CodeSent,
    NoCode,
    TooManyCodes,
    Verified,
    WrongCode,
    enter_code,
    send_code,
)
from services.notify.models import CONTACTS
from services.notify.people_words import SAID
from services.notify.person_page import nobody, render, show_person
from services.notify.proposals_view import load_open
from services.notify.rules.contact import ContactChannel
from shared.identity.sessions import real_now
from shared.service import Parts
from shared.web.problems import Problem

LONGEST: Final = 254


@dataclass(frozen=True)
class Asked:
    """What a form about a person's contacts asks for; `value` is an address or a code, `sure` a ticked box."""

    person_id: UUID
    verb: str
    by: UUID | None
    value: str = ""
    choice: str = ""
    contact_id: UUID | None = None
    sure: bool = False


def router(parts: Parts, desk: Desk) -> APIRouter:
    """Return the pages' routes."""
    routes = APIRouter(include_in_schema=False)
    _own_routes(routes, parts, desk)

    @routes.get("/people")
    async def people(request: Request, find: str = "", warned: str = "", said: str = "") -> HTMLResponse:
        async with parts.database.reading() as connection:
            now = parts.clock.now()
            teams = await people_view.load_teams(connection, now, find=find, warned=bool(warned))
            proposals = await load_open(connection, now)
            bare = () if warned else await people_view.load_bare_accounts(connection, find)
        text, bad = SAID.get(said, ("", False))
        count = sum(one.warned for team in teams for one in team.people)
        asked = {"find": find, "warned": bool(warned), "said": text, "bad": bad}
        shown = {"teams": teams, "count": count, "proposals": proposals, "bare": bare}
        return render(request, "people.html", status=200, **asked, **shown)

    @routes.get("/people/{person_id}")
    async def person(request: Request, person_id: UUID, said: str = "") -> HTMLResponse:
        return await show_person(request, parts, person_id, said, base=f"/people/{person_id}")

    @routes.post("/people/{person_id}/{verb}")
    async def change(
        request: Request,
        person_id: UUID,
        verb: str,
        value: Annotated[str, Form(max_length=LONGEST)] = "",
        choice: Annotated[str, Form()] = "",
        contact: Annotated[UUID | None, Form()] = None,
        sure: Annotated[str, Form()] = "",
    ) -> RedirectResponse:
        asked = Asked(person_id, verb, request.state.actor.id, value, choice, contact, sure == "yes")
        return _back(f"/people/{person_id}", await _do(parts, desk, asked, may_disable=True))

    return routes


def _own_routes(routes: APIRouter, parts: Parts, desk: Desk) -> None:
    @routes.get("/me")
    async def me(request: Request, said: str = "") -> HTMLResponse:
        return await show_person(request, parts, request.state.actor.id, said, base="/me")

    @routes.post("/me/{verb}")
    async def change_me(
        request: Request,
        verb: str,
        value: Annotated[str, Form(max_length=LONGEST)] = "",
        choice: Annotated[str, Form()] = "",
        contact: Annotated[UUID | None, Form()] = None,
        sure: Annotated[str, Form()] = "",
    ) -> RedirectResponse:
        actor_id: UUID = request.state.actor.id
        asked = Asked(actor_id, verb, actor_id, value, choice, contact, sure == "yes")
        return _back("/me", await _do(parts, desk, asked, may_disable=False))


def _back(base: str, said: str) -> RedirectResponse:
    return RedirectResponse(f"{base}?said={said}", status_code=303)


async def _do(parts: Parts, desk: Desk, asked: Asked, *, may_disable: bool) -> str:
    """Do what a form asks for, and return the word for what to say about it."""
    async with parts.database.transaction() as connection:
        if await people_view.load_person(connection, asked.person_id, parts.clock.now()) is None:
            raise nobody()
        if asked.contact_id is not None:
            try:
                return await _do_to_contact(connection, parts, desk, asked, asked.contact_id)
            except NoSuchContactError:
                return "gone"
        return await _do_to_person(connection, parts, asked, may_disable=may_disable)


async def _do_to_person(connection: AsyncConnection, parts: Parts, asked: Asked, *, may_disable: bool) -> str:
    by, now = asked.by, parts.clock.now()
    match asked.verb:
        case "add" if asked.choice in set(ContactChannel):
            channel = ContactChannel(asked.choice)
            try:
                await change_person.add_contact(connection, asked.person_id, channel, asked.value, by=by, now=now)
            except WrongAddressError:
                return "wrong_email" if channel is ContactChannel.EMAIL else "wrong_number"
            return "added"
        case "language":
            await change_person.set_language(connection, asked.person_id, asked.choice, by=by, now=now)
            return "saved"
        case "disable" if may_disable:
            return await _disable(connection, parts, asked)
        case "enable" if may_disable:
            await change_person.set_disabled(connection, asked.person_id, disabled=False, by=by, now=now)
            return "saved"
        case _:
            raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")


async def _disable(connection: AsyncConnection, parts: Parts, asked: Asked) -> str:
    if not asked.sure:
        return "sure"
    try:
        await let_go(connection, parts.bus, asked.person_id, by=asked.by, now=parts.clock.now())
    except OneselfError:
        return "oneself"
    return "disabled"


async def _do_to_contact(connection: AsyncConnection, parts: Parts, desk: Desk, asked: Asked, contact_id: UUID) -> str:
    contacts = CONTACTS.contacts
    theirs = select(contacts.c.id).where(contacts.c.id == contact_id, contacts.c.person_id == asked.person_id)
    if await connection.scalar(theirs) is None:
        raise NoSuchContactError(str(contact_id))
    by, now = asked.by, parts.clock.now()
    match asked.verb:
        case "code":
            sent = await send_code(connection, desk, parts.keys, contact_id, by=by, real=real_now())
            return _of_sending(sent)
        case "verify":
            tried = await enter_code(connection, desk, parts.keys, contact_id, asked.value, by=by, real=real_now())
            return _of_trying(tried)
        case "first":
            await change_person.put_first(connection, contact_id, by=by, now=now)
            return "saved"
        case "remove" if not asked.sure:
            return "sure"
        case "remove":
            await change_person.remove_contact(connection, contact_id, by=by, now=now)
            return "removed"
        case _:
            raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")


def _of_sending(sent: CodeSent | TooManyCodes | CannotBeSent) -> str:
    match sent:
        case CodeSent():
            return "code_sent"
        case TooManyCodes():
            return "too_many"
        case CannotBeSent():
            return "cannot_send"


def _of_trying(tried: Verified | WrongCode | NoCode) -> str:
    match tried:
        case Verified():
            return "verified"
        case WrongCode(left):
            return f"wrong_code-{left}"
        case NoCode():
            return "no_code"
