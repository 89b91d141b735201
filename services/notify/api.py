"""The HTTP API of alerts, people and duty."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import views
from services.notify.handlers import change_alert
from services.notify.handlers.acknowledge import acknowledge
from services.notify.handlers.change_alert import Act
from services.notify.handlers.desk import Desk
from services.notify.records import AlertClosedError, NoSuchAlertError, NoSuchPersonError, PersonExcludedError
from shared.contracts.vocabulary import Level
from shared.service import Parts
from shared.web.problems import Problem

LIMIT = 100
NOTE_LIMIT = 500

VERBS: Mapping[str, Callable[[AsyncConnection, Desk, Act], Awaitable[object]]] = {
    "acknowledge": acknowledge,
    "decline": change_alert.decline,
    "escalate": change_alert.escalate,
    "close": change_alert.close,
}
"""What can be done to an alert, by the last part of the address."""


class Action(BaseModel):
    """Who acts on an alert, and a note; `person` is an id of `GET /api/v1/people`."""

    person: UUID
    note: str = Field(default="", max_length=NOTE_LIMIT)


def router(parts: Parts, desk: Desk) -> APIRouter:
    """Return the API's routes."""
    routes = APIRouter(prefix="/api/v1", tags=["alerts"])
    _read_routes(routes, parts, desk)

    @routes.post("/alerts/{case_code}/{verb}")
    async def act(request: Request, case_code: str, verb: str, action: Action) -> dict[str, Any]:
        """Acknowledge, decline, escalate or close; a second acknowledgement changes nothing."""
        do = VERBS.get(verb)
        if do is None:
            raise Problem(404, "Not found", "The verbs are acknowledge, decline, escalate and close.")
        asked = Act(case_code, action.person, "api", action.note, request.state.actor.id)
        try:
            async with parts.database.transaction() as connection:
                closed = await _does_nothing(do(connection, desk, asked))
        except NoSuchAlertError:
            raise _no_alert() from None
        except (NoSuchPersonError, PersonExcludedError) as error:
            raise _wrong_person(error) from None
        if closed:
            raise Problem(409, "Closed", "The alert is closed; nothing more can be done to it.")
        async with parts.database.reading() as connection:
            return await views.alert_document(connection, case_code)

    return routes


async def _does_nothing(work: Awaitable[object]) -> bool:
    """Do it; true when the alert is closed. The try is recorded, so the transaction commits all the same."""
    try:
        await work
    except AlertClosedError:
        return True
    return False


def _wrong_person(error: NoSuchPersonError | PersonExcludedError) -> Problem:
    message = (
        "This is nobody's id; GET /api/v1/people lists them."
        if isinstance(error, NoSuchPersonError)
        else "This person must not have this case; choose another."
    )
    return Problem(422, "Some fields are wrong", "Correct the fields named.", [{"field": "person", "message": message}])


def _read_routes(routes: APIRouter, parts: Parts, desk: Desk) -> None:
    @routes.get("/alerts")
    async def list_alerts(
        state: Annotated[str | None, Query(pattern="^(open|acknowledged|closed)$")] = None,
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=LIMIT)] = LIMIT,
    ) -> dict[str, Any]:
        """List alerts, newest first; `next` is the `after` of the next page, null at the end."""
        async with parts.database.reading() as connection:
            return await views.alert_list(connection, state=state, after=after, limit=limit)

    @routes.get("/alerts/{case_code}")
    async def one_alert(case_code: str) -> dict[str, Any]:
        """Return an alert with its timeline."""
        try:
            async with parts.database.reading() as connection:
                return await views.alert_document(connection, case_code)
        except NoSuchAlertError:
            raise _no_alert() from None

    @routes.get("/people")
    async def list_people(
        after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=LIMIT)] = LIMIT
    ) -> dict[str, Any]:
        """List colleagues by id."""
        async with parts.database.reading() as connection:
            return await views.people_list(connection, after=after, limit=limit)

    @routes.get("/oncall")
    async def oncall(
        unit_code: int | None = None,
        level: str = Level.IMMEDIATE.name,
        at: AwareDatetime | None = None,
        case_code: str | None = None,
    ) -> dict[str, Any]:
        """Return who would be paged for a commune and a level at a moment; without a commune, the province's chain.

        With a case code the chain is that alert's own, without anybody who must not have it.
        """
        if level not in Level.__members__:
            wrong = {"field": "level", "message": "One of " + ", ".join(Level.__members__) + "."}
            raise Problem(422, "Some fields are wrong", "Correct the fields named.", [wrong])
        moment: datetime = at or desk.clock.now()
        async with parts.database.reading() as connection:
            if case_code is not None:
                return await _oncall_of_alert(connection, case_code, moment)
            return await views.oncall_chain(connection, unit_code, Level[level], moment)


async def _oncall_of_alert(connection: AsyncConnection, case_code: str, at: datetime) -> dict[str, Any]:
    try:
        return await views.oncall_of_alert(connection, case_code, at)
    except NoSuchAlertError:
        raise _no_alert() from None


def _no_alert() -> Problem:
    return Problem(404, "Not found", "No alert has this case code.")
