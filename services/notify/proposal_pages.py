"""What the forms of proposals do: a supervisor asks, an administrator decides."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from services.notify.contacts import NoSuchContactError
from services.notify.handlers.change_person import WrongAddressError
from services.notify.handlers.create_person import WrongPersonError
from services.notify.handlers.edit_person import NoSuchColleagueError, OneselfError
from services.notify.handlers.propose_change import (
    Asking,
    DecidedAlreadyError,
    NothingToProposeError,
    ProposalKind,
    ReasonMissingError,
    accept,
    propose,
    refuse,
)
from services.notify.models import PEOPLE
from services.notify.person_page import nobody
from shared.service import Parts
from shared.web.problems import Problem

SEE_OTHER: Final = 303
LONGEST: Final = 300
Text = Annotated[str, Form(max_length=LONGEST)]


def router(parts: Parts) -> APIRouter:
    """Return the routes under `/people/proposals`; they come before those of `/people/{person_id}`."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/people/proposals")
    async def proposed(
        request: Request,
        person: Annotated[UUID, Form()],
        kind: Text,
        channel: Text = "",
        value: Text = "",
        why: Text = "",
    ) -> RedirectResponse:
        if kind not in set(ProposalKind):
            raise Problem(404, "Không tìm thấy", "Địa chỉ này không có ở đây.")
        whole = f"{channel}:{value}" if kind == ProposalKind.CONTACT else value
        said = await _propose(parts, request.state.actor.id, Asking(person, ProposalKind(kind), whole, why))
        return RedirectResponse(f"/people/{person}?said={said}", SEE_OTHER)

    @routes.post("/people/proposals/{proposal}/accept")
    async def accepted(request: Request, proposal: int, sure: Text = "") -> RedirectResponse:
        return _back(await _accept(parts, request.state.actor.id, proposal, sure=sure == "yes"))

    @routes.post("/people/proposals/{proposal}/refuse")
    async def refused(request: Request, proposal: int, reason: Text = "") -> RedirectResponse:
        return _back(await _refuse(parts, request.state.actor.id, proposal, reason))

    return routes


def _back(said: str) -> RedirectResponse:
    return RedirectResponse(f"/people?said={said}", SEE_OTHER)


async def _propose(parts: Parts, by: UUID, asking: Asking) -> str:
    try:
        async with parts.database.transaction() as connection:
            fresh = await propose(connection, asking, by=by, now=parts.clock.now())
    except NoSuchColleagueError:
        raise nobody() from None
    except WrongAddressError as error:
        return "wrong_email" if str(error) == "email" else "wrong_number"
    except (NothingToProposeError, NoSuchContactError):
        return "nothing"
    return "proposed" if fresh else "proposed_before"


async def _accept(parts: Parts, by: UUID, proposal: int, *, sure: bool) -> str:
    proposals = PEOPLE.proposals
    careful = proposals.c.kind.in_((ProposalKind.DISABLE.value, ProposalKind.CONTACT_REMOVE.value))
    try:
        async with parts.database.transaction() as connection:
            needs = proposals.select().where(proposals.c.id == proposal, careful)
            if not sure and (await connection.execute(needs)).first() is not None:
                return "sure"
            await accept(connection, parts.bus, proposal, by=by, now=parts.clock.now())
    except DecidedAlreadyError:
        return "decided"
    except OneselfError:
        return "oneself"
    except (WrongPersonError, WrongAddressError, NoSuchContactError, NoSuchColleagueError):
        return "cannot"
    return "accepted"


async def _refuse(parts: Parts, by: UUID, proposal: int, reason: str) -> str:
    try:
        async with parts.database.transaction() as connection:
            await refuse(connection, proposal, reason, by=by, now=parts.clock.now())
    except ReasonMissingError:
        return "reason"
    except DecidedAlreadyError:
        return "decided"
    return "refused"
