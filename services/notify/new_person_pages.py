"""The pages that take a colleague in, change what they are called and where they serve, and hand over their link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import exists, select

from services.notify import teams_view
from services.notify.handlers.create_person import (
    PersonExistsError,
    PersonFault,
    PersonForm,
    WrongPersonError,
    create_person,
)
from services.notify.handlers.edit_person import NoSuchColleagueError, OneselfError, edit_person, let_go
from services.notify.handlers.invite_person import VALID, NoAccountError, make_invitation
from services.notify.models import people
from services.notify.person_page import Typed, nobody, render, show_person
from services.notify.rules.contact import ContactChannel
from shared.contracts.vocabulary import Role
from shared.identity.policy import View
from shared.identity.sessions import real_now
from shared.service import Parts
from shared.web.problems import Problem

UNPROCESSABLE: Final = 422
SEE_OTHER: Final = 303
LONGEST: Final = 2000
Text = Annotated[str, Form(max_length=LONGEST)]


def router(parts: Parts) -> APIRouter:
    """Return the routes; they come before those of `/people/{person_id}` and its verbs."""
    routes = APIRouter(include_in_schema=False)
    _creating(routes, parts)

    @routes.post("/people/{person_id}/edit", response_model=None)
    async def edited(
        request: Request,
        person_id: UUID,
        name: Text = "",
        team: Text = "",
        position: Text = "",
        more_teams: Annotated[str | None, Form(max_length=LONGEST)] = None,
    ) -> Response:
        typed = {"name": plain(name), "team": team.strip(), "position": position, "more_teams": more_teams or ""}
        more = None if more_teams is None else codes_of(more_teams)
        values = {"name": typed["name"], "team_code": typed["team"], "position": position}
        try:
            async with parts.database.transaction() as connection:
                by, now = request.state.actor.id, parts.clock.now()
                await edit_person(connection, parts.bus, person_id, by=by, now=now, more_teams=more, **values)
        except NoSuchColleagueError:
            raise nobody() from None
        except WrongPersonError as error:
            wrong = Typed(typed, error.faults)
            return await show_person(request, parts, person_id, "", base=f"/people/{person_id}", typed=wrong)
        return RedirectResponse(f"/people/{person_id}?said=saved", SEE_OTHER)

    @routes.post("/people/{person_id}/invite", response_model=None)
    async def invited(request: Request, person_id: UUID) -> Response:
        try:
            async with parts.database.transaction() as connection:
                by, now = request.state.actor.id, parts.clock.now()
                token = await make_invitation(connection, person_id, by=by, real=real_now(), now=now)
        except NoAccountError:
            return RedirectResponse(f"/people/{person_id}?said=no_account", SEE_OTHER)
        return await _hand_over(request, parts, person_id, token)

    @routes.post("/people/accounts/{person_id}/disable")
    async def closed(request: Request, person_id: UUID, sure: Text = "") -> RedirectResponse:
        if sure != "yes":
            return RedirectResponse("/people?said=sure", SEE_OTHER)
        try:
            async with parts.database.transaction() as connection:
                by, now = request.state.actor.id, parts.clock.now()
                await let_go(connection, parts.bus, person_id, by=by, now=now)
        except OneselfError:
            return RedirectResponse("/people?said=oneself", SEE_OTHER)
        return RedirectResponse("/people?said=closed", SEE_OTHER)

    return routes


def _creating(routes: APIRouter, parts: Parts) -> None:
    @routes.get("/people/new")
    async def empty(request: Request) -> HTMLResponse:
        if request.state.view is not View.FULL:
            raise Problem(403, "Không có quyền", "Bạn không có quyền mở trang này. Gọi giám sát ca.")
        return await _form(request, parts, uuid4(), {}, frozenset(), {})

    @routes.post("/people/new", response_model=None)
    async def created(
        request: Request,
        id: Annotated[UUID, Form()],  # noqa: A002 - the field's name in the form
        name: Text = "",
        team: Text = "",
        position: Text = "",
        language: Text = "vi",
        channel: Text = "sms",
        address: Text = "",
        account: Text = "",
        login: Text = "",
        more_teams: Text = "",
        role: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        roles = frozenset(Role(one) for one in role or () if one in set(Role))
        typed = {"name": plain(name), "team": team.strip(), "position": position, "language": language}
        typed |= {"channel": channel, "address": address.strip(), "account": account}
        typed |= {"login": login, "more_teams": more_teams}
        form = PersonForm(
            name=typed["name"],
            team_code=typed["team"],
            position=position,
            language=language,
            channel=ContactChannel(channel) if channel in set(ContactChannel) else ContactChannel.SMS,
            address=typed["address"],
            login=login,
            roles=roles if account else None,
            more_teams=codes_of(more_teams) if account else (),
        )
        try:
            async with parts.database.transaction() as connection:
                by, now = request.state.actor.id, parts.clock.now()
                token = await create_person(connection, parts.bus, id, form, by=by, now=now)
        except PersonExistsError:
            return RedirectResponse(await _page_of(parts, id, "created"), SEE_OTHER)
        except WrongPersonError as error:
            return await _form(request, parts, id, typed, roles, error.faults)
        if token is None:
            return RedirectResponse(f"/people/{id}?said=created", SEE_OTHER)
        return await _hand_over(request, parts, id, token)


async def _form(
    request: Request,
    parts: Parts,
    person_id: UUID,
    typed: Mapping[str, str],
    roles: frozenset[Role],
    faults: Mapping[str, PersonFault],
) -> HTMLResponse:
    async with parts.database.reading() as connection:
        teams = await teams_view.load_codes(connection)
    fields = ("name", "team", "position", "address", "account", "login", "more_teams")
    form = {**dict.fromkeys(fields, ""), "position": "worker", "language": "vi", "channel": "sms", **typed}
    values: dict[str, Any] = {"form": form, "chosen": roles, "ROLES": tuple(Role), "teams": teams, "faults": faults}
    return render(request, "person_new.html", status=UNPROCESSABLE if faults else 200, id=person_id, **values)


async def _hand_over(request: Request, parts: Parts, person_id: UUID, token: str) -> HTMLResponse:
    """Show a link, this once."""
    root = (parts.settings.public_url or str(request.base_url)).rstrip("/")
    hours = int(VALID.total_seconds() // 3600)
    back = await _page_of(parts, person_id)
    return render(request, "invite_link.html", status=200, back=back, link=f"{root}/invite/{token}", hours=hours)


async def _page_of(parts: Parts, person_id: UUID, said: str = "") -> str:
    """Return where a person is shown: on a page of their own, or among the accounts of no team."""
    async with parts.database.reading() as connection:
        colleague = await connection.scalar(select(exists().where(people.c.id == person_id)))
    if not colleague:
        return f"/people?said={'opened' if said else ''}"
    return f"/people/{person_id}?said={said}"


def plain(text: str) -> str:
    """Return a name without outer and repeated spaces."""
    return " ".join(text.split())


def codes_of(text: str) -> tuple[str, ...]:
    """Return the codes of teams that stand in a field, between commas or spaces, each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))
